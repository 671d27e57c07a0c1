import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Response, Send } from '../../../lib/huawei/http.ts'
import { type RetryPolicy, retrying } from '../../../lib/huawei/retry.ts'
import { createRetryBudget } from '../../../lib/huawei/retry-budget.ts'
import { createRetryPatience } from '../../../lib/huawei/retry-patience.ts'
import { createSend } from '../../../lib/huawei/send.ts'
import { TransportFailure, unreachable } from '../../../lib/huawei/transport-failure.ts'
import { answering, cuttingOff, resetting, stalling, startFaultServer } from '../../support/fault-server.ts'
import { listBackups, respond } from '../../support/responses.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

type Step = Response | TransportFailure
const ERRORS = join(import.meta.dirname, '../../../../shared/data/errors.json')
const AWS_2026 = { transient: 14, timeout: 14, throttled: 5 }
const open: { close: () => unknown }[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

describe('retrying a GET', () => {
  it.each(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE', 'ETIMEDOUT', 'ECONNRESET', 'EAI_AGAIN'])(
    'FLT-001 %s is tried at most maxAttempts times, and the error keeps the code',
    async (code) => {
      const { fetch, calls } = play([new TransportFailure(code, code, 'maybe')], { maxAttempts: 3 })
      await expect(fetch()).rejects.toMatchObject({ cause: { code } })
      expect(calls()).toBe(3)
    },
  )

  it('FLT-006 an answer that did not end in all its time is asked for only once more', async () => {
    const { fetch, calls } = play([new TransportFailure('BODY_TIMEOUT', 'no end', 'maybe')], {
      maxAttempts: 5,
    })
    await expect(fetch()).rejects.toMatchObject({ cause: { code: 'BODY_TIMEOUT' } })
    expect(calls()).toBe(2)
  })

  it.each([500, 502, 503, 504])('FLT-010 %i is tried again, and passed on in the end', async (status) => {
    const { fetch, calls, clock } = play([respond(status)], { maxAttempts: 4 })
    expect((await fetch()).status).toBe(status)
    expect([calls(), clock.slept]).toEqual([4, [100, 200, 400]])
  })

  it('FLT-010 waits with full jitter, and never longer than 20 s', async () => {
    const dice = [0, 0.5]
    const jittered = play([respond(500)], { maxAttempts: 3, random: () => dice.shift() ?? 0 })
    await jittered.fetch()
    expect(jittered.clock.slept).toEqual([0, 100])
    const patient = play([respond(500)], { maxAttempts: 12 })
    await patient.fetch()
    expect(Math.max(...patient.clock.slept)).toBe(20_000)
  })

  it.each([0, 0.5, 1])(
    'FLT-011 429 without Retry-After waits at least 500 ms, and costs less than a 5xx',
    async (dice) => {
      const [throttled, failing] = [createRetryBudget(), createRetryBudget()]
      const { fetch, clock } = play([respond(429), respond(200)], { random: () => dice, budget: throttled })
      await fetch()
      expect(clock.slept).toEqual([500 + dice * 500])
      throttled.spend('throttled')
      failing.spend('transient')
      expect(throttled.tokens()).toBeGreaterThan(failing.tokens())
    },
  )

  it.each([
    ['Wed, 21 Oct 2015 07:28:00 GMT', 1000],
    ['-5', 1000],
    ['NaN', 1000],
    ['soon', 1000],
    ['', 1000],
    ['0', 1000],
    ['3', 3000],
    ['Thu, 01 Jan 2026 00:00:04 GMT', 4000],
    ['99999999', 6000],
  ])('FLT-012 Retry-After "%s" leads to a wait of %i ms where ours is 1000', async (header, expected) => {
    const clock = createVirtualClock(Date.UTC(2026, 0))
    const { fetch } = play([respond(429, {}, { 'retry-after': header }), respond(200)], {}, clock)
    await fetch()
    expect(clock.slept).toEqual([expected])
  })

  it('FLT-012 never sleeps past the deadline', async () => {
    const { fetch, calls, clock } = play([respond(500)])
    const deadline = new AbortController()
    const atDeadline = clock.sleep(150).then(() => deadline.abort())
    expect((await fetch({}, deadline.signal)).status).toBe(500)
    await atDeadline
    expect([calls(), clock.slept, clock.nowMs()]).toEqual([2, [150, 100, 200], 150])
    expect((await fetch({}, deadline.signal)).status).toBe(500)
    expect([calls(), clock.nowMs()]).toEqual([3, 150])
  })

  it.each([400, 404, 409, 422, 401, 403, 301])('FLT-013 %i is not tried again', async (status) => {
    const { fetch, calls } = play([respond(status)])
    expect([(await fetch()).status, calls()]).toEqual([status, 1])
  })

  it.each(['', '\ufeff{}', '{"a":1', '{"a":NaN}', '{"a":1,}', Buffer.from('{}', 'utf16le')])(
    'FLT-020 a body that is no JSON is tried again, at most maxAttempts times: %j',
    async (body) => {
      const { fetch, calls } = play([respond(200, body)], { maxAttempts: 3 })
      await fetch()
      expect(calls()).toBe(3)
    },
  )

  it('FLT-019 a 204 is whole without a body: what it means is for the reader to say', async () => {
    const { fetch, calls } = play([respond(204, '')])
    expect([(await fetch()).status, calls()]).toEqual([204, 1])
  })

  it('FLT-017 a page of a proxy or a login is not tried again, for it would come again', async () => {
    const { fetch, calls } = play([respond(200, '<html>', { 'content-type': 'text/html' })])
    expect([(await fetch()).status, calls()]).toEqual([200, 1])
  })

  it('tries again what the body calls busy, whatever the status', async () => {
    const { fetch, calls } = play([respond(400, { error_code: 'DCS.4026', error_msg: 'busy' }), respond(200)])
    expect([(await fetch()).status, calls()]).toEqual([200, 2])
  })

  it.skipIf(!existsSync(ERRORS))('knows every code of the shared retry_later list', async () => {
    const { retry_later: codes } = JSON.parse(readFileSync(ERRORS, 'utf8')) as {
      retry_later: readonly string[]
    }
    expect(codes.length).toBeGreaterThan(10)
    for (const code of codes) {
      const { fetch, calls } = play([respond(400, { error: { code, message: 'busy' } })], {
        maxAttempts: 2,
      })
      await fetch()
      expect([code, calls()]).toEqual([code, 2])
    }
  })

  it('tells whom the breaker stops what became of the call itself, and only who made none hears of the others', async () => {
    const stopped = new TransportFailure('CIRCUIT_OPEN', '20 calls in a row failed', 'no')
    const late = play([new TransportFailure('HEADERS_TIMEOUT', 'no answer', 'maybe'), stopped])
    await expect(late.fetch()).rejects.toMatchObject({ code: 'upstream_timeout' })
    const failed = play([respond(500), stopped])
    expect((await failed.fetch()).status).toBe(500)
    const broken = play([new TransportFailure('ECONNRESET', 'broken', 'maybe'), stopped])
    await expect(broken.fetch()).rejects.toMatchObject({ cause: { code: 'CIRCUIT_OPEN' } })
    await expect(play([stopped]).fetch()).rejects.toMatchObject({ cause: { code: 'CIRCUIT_OPEN' } })
  })

  it('FLT-008 never tries again where TLS failed', async () => {
    const { fetch, calls } = play([new TransportFailure('CERT_HAS_EXPIRED', 'expired', 'no')])
    await expect(fetch()).rejects.toThrow('Cannot trust')
    expect(calls()).toBe(1)
  })
})

describe('the retry budget', () => {
  it('FLT-027 500, 500, 200 with 500 tokens: 495, 490, 495; waits 100 and 200 ms', async () => {
    const budget = createRetryBudget({ tokens: 500 })
    const tokens: number[] = []
    const { fetch, clock } = play([respond(500), respond(500), respond(200)], { budget }, undefined, () =>
      tokens.push(budget.tokens()),
    )
    await fetch()
    expect([...tokens.slice(1), budget.tokens()]).toEqual([495, 490, 495])
    expect(clock.slept).toEqual([100, 200])
  })

  it('FLT-028 14 tokens at the prices of 2026: one retry, then the quota is used up', async () => {
    const budget = createRetryBudget({ tokens: 14, costs: AWS_2026 })
    const { fetch, calls } = play([respond(500)], { budget, maxAttempts: 3 })
    expect([(await fetch()).status, calls(), budget.tokens()]).toEqual([500, 2, 0])
  })

  it('FLT-029 20 tokens at the prices of 2026, 5 attempts: the second retry is refused at 6 tokens', async () => {
    const budget = createRetryBudget({ tokens: 20, costs: AWS_2026 })
    const { fetch, calls } = play([respond(500), respond(502)], { budget, maxAttempts: 5 })
    expect([(await fetch()).status, calls(), budget.tokens()]).toEqual([502, 2, 6])
  })

  it('takes 10 for a timeout, and grows by one with each clean success but never past its size', async () => {
    const budget = createRetryBudget()
    const timeout = new TransportFailure('HEADERS_TIMEOUT', 'no answer', 'maybe')
    const { fetch } = play([timeout, respond(404), respond(200)], { budget })
    await fetch()
    expect(budget.tokens()).toBe(490)
    await fetch()
    expect(budget.tokens()).toBe(491)
    for (let index = 0; index < 20; index += 1) await fetch()
    expect(budget.tokens()).toBe(500)
  })

  it('FLT-026 in a full outage each call is sent once, as soon as the budget is empty', async () => {
    const { fetch, calls } = play([respond(500)])
    for (let index = 0; index < 30; index += 1) await fetch()
    const before = calls()
    for (let index = 0; index < 1000; index += 1) await fetch()
    expect(calls() - before).toBe(1000)
  })
})

describe('retrying a POST', () => {
  const post = { method: 'POST', body: '{}' } as const
  const gateway = { error_code: 'APIGW.0308', error_msg: 'over ratelimit' }

  it.each<[string, Step]>([
    ['FLT-003 a reset after it was sent', new TransportFailure('ECONNRESET', 'reset', 'maybe')],
    ['FLT-042 a timeout', new TransportFailure('HEADERS_TIMEOUT', 'no answer', 'maybe')],
    ['FLT-043 a 500', respond(500)],
    ['a 503 that is not of the gateway', respond(503)],
    ['FLT-044 a 200 with half a body', respond(200, '{"checkpoint":')],
    ['busy, says the service', respond(400, { error_code: 'DCS.4026', error_msg: 'busy' })],
  ])('%s is never sent again, as it may have been carried out', async (_name, step) => {
    const { fetch, calls } = play([step])
    await fetch(post).catch(() => {})
    expect(calls()).toBe(1)
  })

  it.each<[string, Step]>([
    ['a refused connection', new TransportFailure('ECONNREFUSED', 'refused', 'no')],
    ['FLT-046 a 429 of the gateway', respond(429, gateway)],
    ['FLT-046 a 503 of the gateway', respond(503, gateway)],
  ])('%s may be sent again, as it provably was not carried out', async (_name, step) => {
    const { fetch, calls } = play([step, respond(200)])
    expect([(await fetch(post)).status, calls()]).toEqual([200, 2])
  })
})

describe('retrying with patience', () => {
  const limited = (answers: readonly Step[], ms: number) => {
    const clock = createVirtualClock()
    return play(answers, { patience: createRetryPatience(ms, clock.nowMs) }, clock)
  }

  it('asks a limit that others use up more often than five times, as long as it lasts', async () => {
    const { fetch, calls } = limited([...Array.from({ length: 7 }, () => respond(429)), respond(200)], 60_000)
    expect([(await fetch()).status, calls()]).toEqual([200, 8])
  })

  it('ends with what Huawei said, and then waits for nobody until there is an answer', async () => {
    const steps = [...Array.from({ length: 12 }, () => respond(429)), respond(200), respond(429)]
    const { fetch, calls, clock } = limited(steps, 10_000)
    expect([(await fetch()).status, calls()]).toEqual([429, 6])
    expect(clock.nowMs()).toBeGreaterThan(10_000)
    expect([(await fetch()).status, calls()]).toEqual([429, 11])
    expect([(await fetch()).status, calls()]).toEqual([200, 13])
    expect([(await fetch()).status, calls()]).toEqual([429, 19])
  })

  it('has none with a server that is in trouble', async () => {
    const { fetch, calls } = limited([respond(503)], 60_000)
    expect([(await fetch()).status, calls()]).toEqual([503, 5])
  })
})

describe('retrying and cancelling', () => {
  it('FLT-031 a cancelled sleep ends at once and no further request is sent', async () => {
    const { origin, seen, close } = await startFaultServer([answering(500)])
    const transport = createSend()
    open.push({ close }, transport)
    const controller = new AbortController()
    const send = retrying(transport.send, { random: () => 1, nowMs: () => 0 })
    const pending = send(listBackups({ origin }), controller.signal)
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 2))
    setTimeout(() => controller.abort(), 20)
    expect((await pending).status).toBe(500)
    expect(seen.length).toBe(1)
  })
})

describe('retrying over real connections', () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"backups":['
  it.each([
    ['FLT-002 a reset before any byte', resetting],
    ['FLT-004 FLT-005 a page that breaks off', cuttingOff(head)],
    ['FLT-006 a server that never answers', stalling],
    ['FLT-020 a page that is no JSON', answering(200, '{"backups":[')],
  ])('%s: the whole page is fetched again', async (_name, act) => {
    const server = await startFaultServer([act, act, answering(200, { backups: [] })])
    const transport = createSend({ headersTimeoutMs: 500 })
    open.push(server, transport)
    const clock = createVirtualClock()
    const send = retrying(transport.send, { ...clock, sleep: async () => {}, random: () => 1 })
    const response = await send(listBackups({ origin: server.origin }))
    expect(response.body.toString()).toBe('{"backups":[]}')
    expect(server.seen.length).toBe(3)
  })
})

/** A retrying send that plays these steps in turn (the last one for ever) on a virtual clock. */
function play(
  steps: readonly Step[],
  policy: Partial<RetryPolicy> = {},
  clock = createVirtualClock(),
  onCall: () => void = () => {},
) {
  let calls = 0
  const send: Send = async () => {
    onCall()
    const step = steps[Math.min(calls, steps.length - 1)]
    calls += 1
    if (step === undefined || step instanceof TransportFailure)
      throw unreachable('cbr.example.com', step ?? new TransportFailure('NO_STEP', 'no step', 'no'))
    return { ...step }
  }
  const retried = retrying(send, { random: () => 1, nowMs: clock.nowMs, sleep: clock.sleep, ...policy })
  return {
    fetch: (more = {}, signal?: AbortSignal) => clock.run(retried(listBackups(more), signal)),
    calls: () => calls,
    clock,
  }
}
