import { expect, it } from 'vitest'
import { readConfig } from '../../lib/runtime/config.ts'
import { openDoor } from '../../local/function-door.ts'

it('leaves no emulator running where the way to it cannot be opened', async () => {
  let endpoint = ''
  const opening = openDoor(
    { ...readConfig({}), storeAddress: 'gs://x' },
    {},
    {
      correctsClock: 'everywhere',
      onEmulator: (emulator) => {
        endpoint = emulator.endpoint
      },
    },
  )
  await expect(opening).rejects.toMatchObject({ code: 'invalid_configuration' })
  await expect(fetch(endpoint)).rejects.toThrow('fetch failed')
})
