import { describe, expect, it } from 'vitest'
import { accessKey } from '../../../lib/huawei/access-key.ts'
import { authorizing } from '../../../lib/huawei/authorize.ts'
import { fixedClock } from '../../../lib/huawei/cloud-clock.ts'
import type { Request, Send } from '../../../lib/huawei/http.ts'
import { holdCredentials } from '../../../lib/runtime/held-credentials.ts'
import { withHeld } from '../../../lib/runtime/with-held.ts'
import { fromEpochMs } from '../../../lib/time.ts'
import { listBackups, respond } from '../../support/responses.ts'

const NOW = fromEpochMs(Date.UTC(2026, 10, 21, 6))

/** A gateway that knows one key, and a secret that may hold another. */
function stage(): {
  readonly send: Send
  readonly world: { known: string; held: string; ms: number }
  readonly attempts: string[]
  /** What the next answers wait for, one after the other. */
  readonly gates: Promise<void>[]
} {
  const world = { known: 'AK1', held: 'AK1', ms: 0 }
  const attempts: string[] = []
  const gates: Promise<void>[] = []
  const gateway: Send = async ({ headers }: Request) => {
    const key = /Access=(\w+)/.exec(headers['authorization'] ?? '')?.[1] ?? 'nobody'
    attempts.push(key)
    const status = key === world.known ? 200 : 401
    await gates.shift()
    return respond(status)
  }
  const held = holdCredentials({
    secretId: 'team/audit',
    lacksProject: false,
    nowMs: () => world.ms,
    read: async () => JSON.stringify({ HUAWEICLOUD_SDK_AK: world.held, HUAWEICLOUD_SDK_SK: 'sk' }),
  })
  const clock = fixedClock(() => NOW)
  const authorize = withHeld(held, (credentials) => {
    if (credentials.kind !== 'access-key') throw new Error('This stage has keys only')
    return accessKey(credentials, clock)
  })
  return { send: authorizing(gateway, authorize), world, attempts, gates }
}

describe('withHeld', () => {
  it('signs with what the secret holds', async () => {
    const { send, attempts } = stage()
    expect((await send(listBackups())).status).toBe(200)
    expect(attempts).toEqual(['AK1'])
  })

  it('gets every call through a rotation, calls that are refused at the same time too', async () => {
    const { send, world, attempts } = stage()
    await send(listBackups())
    Object.assign(world, { known: 'AK2', held: 'AK2', ms: 60_000 })
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(listBackups())))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200))
    expect(attempts.filter((key) => key === 'AK2')).toHaveLength(8)
  })

  it('gets a call through that was refused while another had renewed the key already', async () => {
    const { send, world, gates } = stage()
    await send(listBackups())
    Object.assign(world, { known: 'AK2', held: 'AK2', ms: 60_000 })
    const late = Promise.withResolvers<void>()
    gates.push(late.promise)
    const refusedLate = send(listBackups())
    expect((await send(listBackups())).status).toBe(200)
    late.resolve()
    expect((await refusedLate).status).toBe(200)
  })

  it('leaves a refusal as it is where the secret did not change', async () => {
    const { send, world, attempts } = stage()
    Object.assign(world, { known: 'AK2', ms: 60_000 })
    expect((await send(listBackups())).status).toBe(401)
    expect(attempts).toEqual(['AK1'])
  })
})
