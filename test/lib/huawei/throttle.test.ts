import { describe, expect, it } from 'vitest'
import type { Send } from '../../../lib/huawei/http.ts'
import { retrying } from '../../../lib/huawei/retry.ts'
import { throttled } from '../../../lib/huawei/throttle.ts'
import { listBackups, respond } from '../../support/responses.ts'
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts'

/** Says whether one more call is allowed now. */
type Gate = (nowMs: number) => boolean

describe('throttled', () => {
  it.each([
    ['a token bucket of 20/s', tokenBucket(20, 1000), 'limit:20,time:1 second', 4000],
    ['a sliding window of 20/s', slidingWindow(20, 1000), 'limit:20,time:1 second', 4000],
    ['fixed windows of 20/s', fixedWindow(20, 1000), 'limit:20,time:1 second', 4000],
    ['5/s', tokenBucket(5, 1000), 'limit:5,time:1 second', 19_000],
    ['30 per 5 minutes', fixedWindow(30, 300_000), 'limit:30,time:5 minute', 900_000],
  ])(
    'reads 100 pages, 8 at a time, within 1.1 of the floor and with at most 5 refusals: %s',
    async (_name, gate, text, floorMs) => {
      const { wallMs, refused } = await readPages(100, 8, gate, text)
      expect(wallMs / floorMs).toBeLessThanOrEqual(1.1)
      expect(refused).toBeLessThanOrEqual(5)
    },
  )

  it.each([
    ['one API', 1, 'of its own'],
    ['two APIs', 2, 'of its own'],
    ['two APIs', 2, 'for all together'],
    ['eight APIs', 8, 'for all together'],
  ] as const)(
    'reads 600 pages of %s (%i) within 1.1 of the floor and with at most 5 %% refusals: a limit %s',
    async (_name, apis, whose) => {
      for (const [count, windowMs, text, makeGate] of [
        [20, 1000, 'limit:20,time:1 second', tokenBucket],
        [20, 1000, 'limit:20,time:1 second', fixedWindow],
        [5, 1000, 'limit:5,time:1 second', tokenBucket],
      ] as const) {
        const common = makeGate(count, windowMs)
        const gates = Array.from({ length: apis }, () =>
          whose === 'for all together' ? common : makeGate(count, windowMs),
        )
        const pages = 600 / apis
        const { answered, wallMs, refused } = await readApis(pages, gates, text)
        const behindOneGate = whose === 'for all together' ? 600 : pages
        const floorMs = ((behindOneGate - count) / count) * windowMs
        expect(answered).toBe(600)
        expect({ text, ratio: wallMs / floorMs <= 1.1 }).toEqual({ text, ratio: true })
        expect(refused / (refused + answered)).toBeLessThanOrEqual(0.05)
      }
    },
  )

  it('goes on where others use up most of the same limit', async () => {
    const bucket = tokenBucket(20, 1000)
    let others = 0
    const shared: Gate = (nowMs) => {
      // Somebody else calls ten times a second.
      for (; others < nowMs / 100; others += 1) bucket(others * 100)
      return bucket(nowMs)
    }
    const { answered, refused } = await readPages(100, 8, shared, 'limit:20,time:1 second')
    expect(answered).toBe(100)
    expect(refused).toBeLessThan(100)
  })

  it('outlasts a window of 5 minutes that an earlier run used up', async () => {
    const window = fixedWindow(200, 300_000)
    for (let index = 0; index < 200; index += 1) window(0)
    const { answered, wallMs } = await readPages(20, 8, window, 'limit:200,time:5 minute')
    expect(answered).toBe(20)
    expect(wallMs).toBeLessThan(700_000)
  })

  it('halves the number of calls at a time on a 429 that names no limit, and recovers slowly', async () => {
    const clock = createVirtualClock()
    let [inFlight, most, tooMany] = [0, 0, false]
    const send = throttled(
      async () => {
        inFlight += 1
        most = Math.max(most, inFlight)
        await clock.sleep(10)
        inFlight -= 1
        return respond(tooMany ? 429 : 200)
      },
      { ...clock, maxConcurrent: 16 },
    )
    const burst = async (): Promise<number> => {
      most = 0
      await clock.run(Promise.all(Array.from({ length: 64 }, () => send(listBackups()))))
      return most
    }
    expect(await burst()).toBe(16)
    tooMany = true
    await burst()
    tooMany = false
    expect(await burst()).toBeLessThanOrEqual(10)
    for (let index = 0; index < 10; index += 1) await burst()
    expect(await burst()).toBe(16)
  })

  it('waits longer after each refusal in a row that nothing explains, and starts anew after a success', async () => {
    const clock = createVirtualClock()
    const statuses = [429, 429, 200, 429, 200]
    const times: number[] = []
    const send = throttled(async () => {
      times.push(clock.nowMs())
      return respond(statuses[times.length - 1] ?? 200)
    }, clock)
    for (const _ of statuses) await clock.run(send(listBackups()))
    expect(times).toEqual([0, 500, 1500, 1500, 2000])
  })

  it('keeps the calls of each API and project apart, and those of one API together whatever the id', async () => {
    const clock = createVirtualClock()
    const times = new Map<string, number>()
    const seen = new Set<string>()
    const send = throttled(async ({ path }) => {
      if (!seen.has('refused')) {
        seen.add('refused')
        return refusal('limit:1,time:10 second')
      }
      times.set(path, clock.nowMs())
      return respond(200)
    }, clock)
    const instance = (digit: string) =>
      `/v2/p/instances/${digit.repeat(8)}-1111-1111-1111-111111111111/backups`
    await clock.run(send(listBackups({ path: instance('0') })))
    await clock.run(
      Promise.all(
        [instance('1'), instance('2'), '/v2/q/instances', '/v2/p/instances'].map((path) =>
          send(listBackups({ path })),
        ),
      ),
    )
    expect(times.get('/v2/q/instances')).toBe(0)
    expect(times.get('/v2/p/instances')).toBe(0)
    expect(
      Math.abs((times.get(instance('1')) ?? 0) - (times.get(instance('2')) ?? 0)),
    ).toBeGreaterThanOrEqual(10_000)
  })

  it('lets a call that is cancelled leave the queue, and the others pass', async () => {
    const clock = createVirtualClock()
    const { send } = gated(clock, slidingWindow(1, 10_000), 'limit:1,time:10 second')
    const paced = throttled(send, clock)
    await clock.run(Promise.all([paced(listBackups()), paced(listBackups())]))
    const controller = new AbortController()
    const cancelled = paced(listBackups(), controller.signal)
    const patient = paced(listBackups())
    controller.abort()
    await expect(clock.run(cancelled)).rejects.toMatchObject({
      code: 'upstream_throttled',
      cause: { sent: 'no', transient: false },
    })
    expect((await clock.run(patient)).status).toBe(200)
  })

  it('refuses a call at once that would have to wait longer than allowed, and says for how long', async () => {
    const clock = createVirtualClock()
    const { send } = gated(clock, fixedWindow(2, 3_600_000), 'limit:2,time:1 hour')
    const paced = throttled(send, { ...clock, maxWaitMs: 60_000 })
    await clock.run(Promise.all([1, 2, 3].map(() => paced(listBackups()))))
    const error = await clock.run(paced(listBackups())).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'upstream_throttled',
      message: expect.stringContaining('in 61 min only'),
    })
    expect(clock.slept).not.toContain(3_600_000)
  })

  it('gives the place of a call that broke to the next one', async () => {
    const clock = createVirtualClock()
    const paced = throttled(
      async () => {
        throw new Error('broken')
      },
      { ...clock, maxConcurrent: 1 },
    )
    const outcomes = await clock.run(Promise.allSettled([paced(listBackups()), paced(listBackups())]))
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })
})

/** Reads so many pages of each API, each behind its gate, 8 at a time, in virtual time. */
async function readApis(pages: number, gates: readonly Gate[], text: string) {
  const clock = createVirtualClock()
  const doors = gates.map((gate) => gated(clock, gate, text))
  const send: Send = (request) => doors[Number(request.path.at(-1))]?.send(request) ?? Promise.reject()
  const paced = retrying(throttled(send, clock), { random: createDice(), ...clock })
  let [answered, wallMs] = [0, 0]
  const readAll = async (api: number) => {
    let next = 0
    const work = async () => {
      while (next < pages) {
        next += 1
        const { status } = await paced({ ...listBackups(), path: `/v3/p/api${api}` })
        if (status === 200) answered += 1
        wallMs = clock.nowMs()
      }
    }
    await Promise.all(Array.from({ length: 8 }, work))
  }
  await clock.run(Promise.all(gates.map((_, api) => readAll(api))))
  return { answered, wallMs, refused: doors.reduce((sum, { counts }) => sum + counts.refused, 0) }
}

/** Reads pages with so many workers through retrying ▸ throttled, in virtual time, 25 ms away from the gateway. */
async function readPages(pages: number, workers: number, gate: Gate, text: string) {
  const clock = createVirtualClock()
  const { send, counts } = gated(clock, gate, text)
  const dice = createDice()
  const paced = retrying(throttled(send, clock), { random: dice, ...clock })
  let [next, answered, wallMs] = [0, 0, 0]
  const work = async (): Promise<void> => {
    while (next < pages) {
      next += 1
      const { status } = await paced(listBackups())
      if (status === 200) answered += 1
      wallMs = clock.nowMs()
    }
  }
  await clock.run(Promise.all(Array.from({ length: workers }, work)))
  return { answered, wallMs, refused: counts.refused }
}

function gated(clock: VirtualClock, gate: Gate, text: string) {
  const counts = { refused: 0 }
  const send: Send = async () => {
    await clock.sleep(25)
    const allowed = gate(clock.nowMs())
    await clock.sleep(25)
    if (allowed) return respond(200)
    counts.refused += 1
    return refusal(text)
  }
  return { send, counts }
}

function refusal(text: string) {
  const message = `The throttling threshold has been reached: policy user over ratelimit,${text}`
  return respond(429, { error_code: 'APIGW.0308', error_msg: message })
}

function tokenBucket(count: number, windowMs: number): Gate {
  let [tokens, atMs] = [count, 0]
  return (nowMs) => {
    tokens = Math.min(count, tokens + ((nowMs - atMs) * count) / windowMs)
    atMs = nowMs
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}

function slidingWindow(count: number, windowMs: number): Gate {
  let taken: number[] = []
  return (nowMs) => {
    taken = taken.filter((at) => at > nowMs - windowMs)
    return taken.length < count && taken.push(nowMs) > 0
  }
}

function fixedWindow(count: number, windowMs: number): Gate {
  const taken = new Map<number, number>()
  return (nowMs) => {
    const window = Math.floor(nowMs / windowMs)
    const before = taken.get(window) ?? 0
    taken.set(window, Math.min(count, before + 1))
    return before < count
  }
}

/** A die that always falls the same way in a test run. */
function createDice(): () => number {
  let state = 1
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
