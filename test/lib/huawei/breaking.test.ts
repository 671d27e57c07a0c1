import { describe, expect, it } from 'vitest'
import { breaking } from '../../../lib/huawei/breaking.ts'
import type { Send } from '../../../lib/huawei/http.ts'
import { TransportFailure, unreachable } from '../../../lib/huawei/transport-failure.ts'
import { listBackups, respond } from '../../support/responses.ts'

describe('breaking', () => {
  it('FLT-030 opens after 20 failures in a row, fails fast for 30 s, then lets one probe through', async () => {
    const { fetch, calls, at } = start()
    for (let index = 0; index < 20; index += 1) await fetch().catch(() => {})
    expect(calls()).toBe(20)
    const refusal = fetch().catch((error: unknown) => error)
    const aTurn = new Promise((resolve) => setImmediate(resolve, 'late'))
    expect(await Promise.race([refusal, aTurn])).toMatchObject({
      code: 'upstream_unavailable',
      cause: { code: 'CIRCUIT_OPEN', sent: 'no', transient: false },
      retryAfterMs: 30_000,
    })
    at(29_999)
    await expect(fetch()).rejects.toMatchObject({ retryAfterMs: 1 })
    expect(calls()).toBe(20)
    at(30_000)
    await Promise.allSettled([fetch(), fetch(), fetch()])
    expect(calls()).toBe(21)
  })

  it('closes when the probe succeeds, and stays open for other hosts only', async () => {
    const { fetch, calls, at, heal } = start()
    for (let index = 0; index < 25; index += 1) await fetch().catch(() => {})
    expect(calls()).toBe(20)
    heal()
    expect((await fetch('https://dcs.example.com')).status).toBe(200)
    at(30_000)
    expect((await fetch()).status).toBe(200)
    expect((await fetch()).status).toBe(200)
    expect(calls()).toBe(23)
  })

  it('counts only failures in a row, 5xx as well as broken connections, and no refusals', async () => {
    let step = 0
    const answers = [() => respond(500), () => respond(404), () => respond(429)]
    const send = breaking(async () => answers[step++ % 3]?.() ?? respond(500), {
      nowMs: () => 0,
      failures: 2,
    })
    for (let index = 0; index < 12; index += 1) await send(listBackups())
    expect(step).toBe(12)
    const failing = breaking(async () => respond(503), { nowMs: () => 0, failures: 2 })
    await failing(listBackups())
    await failing(listBackups())
    await expect(failing(listBackups())).rejects.toThrow(
      '2 calls in a row failed, the last with: an answer 503; it is left alone for a while',
    )
  })
})

function start() {
  let [calls, nowMs, healthy] = [0, 0, false]
  const send: Send = async () => {
    calls += 1
    if (healthy) return respond(200)
    throw unreachable('cbr.example.com', new TransportFailure('ECONNREFUSED', 'refused', 'no'))
  }
  const broken = breaking(send, { nowMs: () => nowMs })
  return {
    fetch: (origin = 'https://cbr.example.com') => broken(listBackups({ origin })),
    calls: () => calls,
    at: (ms: number) => {
      nowMs = ms
    },
    heal: () => {
      healthy = true
    },
  }
}
