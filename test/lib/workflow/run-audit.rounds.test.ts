import { expect, it } from 'vitest'
import { readConfig } from '../../../lib/runtime/config.ts'
import { createServices, FOR_AUDITS } from '../../../lib/runtime/services.ts'
import { runAudit } from '../../../lib/workflow/run-audit.ts'
import { emulatorEnvironment } from '../../../local/commands/emulator-environment.ts'
import { startEmulator } from '../../../local/emulator/server.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

const LATENCY_MS = 150

it('looks at both ends of the list of backups while it reads the vaults, and judges none before it knows them', async () => {
  const emulator = await startEmulator({ now: Date.now, backups: 50, latencyMs: LATENCY_MS })
  const services = createServices(readConfig(emulatorEnvironment(emulator, {})), FOR_AUDITS)
  try {
    const { summary } = await runAudit(
      { ...services, store: createMemoryStore() },
      { services: ['cbr'], asOf: undefined, previous: 'none', onProgress: () => {}, onScanned: () => {} },
    )
    expect(summary.verdict).toBe('complete')
  } finally {
    services.close()
    await emulator.close()
  }
  const calls = emulator.requests.filter(({ path }) => /\/(vaults|backups)$/.test(path))
  const project = calls[0]?.path.split('/')[2] ?? ''
  const asked = calls
    .filter(({ path }) => path.includes(project))
    .map(({ path, query }) => {
      const { limit, offset, sort } = Object.fromEntries(new URLSearchParams(query))
      return [path.split('/').at(-1), limit, offset ?? sort].join(' ')
    })
  expect(asked.slice(0, 4).sort()).toEqual([
    'backups 1 created_at:asc',
    'backups 1 created_at:desc',
    'vaults 1 1',
    'vaults 1000 0',
  ])
  expect(asked.findIndex((call) => call.startsWith('backups 1000'))).toBeGreaterThan(
    asked.findLastIndex((call) => call.startsWith('vaults')),
  )
})
