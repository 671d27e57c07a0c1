import { describe, expect, it } from 'vitest'
import type { Send } from '../../../lib/huawei/http.ts'
import { retrying } from '../../../lib/huawei/retry.ts'
import { throttled } from '../../../lib/huawei/throttle.ts'
import { createTraffic, type TrafficOptions } from '../../../lib/huawei/traffic.ts'
import { FOR_REQUESTS } from '../../../lib/runtime/services.ts'
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
    ['four APIs', 4, 'of its own'],
    ['two APIs', 2, 'for all together'],
    ['four APIs', 4, 'for all together'],
    ['eight APIs', 8, 'for all together'],
  ] as const)(
    'reads 600 pages of %s (%i) within 1.1 of the floor and with at most 5 %% refused; the limit is %s',
    async (_name, apis, whose) => {
      for (const [count, windowMs, text, makeGate] of [
        [20, 1000, 'limit:20,time:1 second', tokenBucket],
        [20, 1000, 'limit:20,time:1 second', fixedWindow],
        [5, 1000, 'limit:5,time:1 second', tokenBucket],
        [200, 300_000, 'limit:200,time:5 minute', tokenBucket],
        [200, 300_000, 'limit:200,time:5 minute', fixedWindow],
      ] as const) {
        const gates = gatesOf(apis, whose, () => makeGate(count, windowMs))
        const pages = 600 / apis
        const { answered, wallMs, refused } = await readApis(pages, gates, text)
        const behindOneGate = whose === 'for all together' ? 600 : pages
        // Whoever does not know where a window ends waits a whole one after each that he has filled.
        const whole = makeGate === fixedWindow ? Math.ceil(behindOneGate / count) * count : behindOneGate
        const floorMs = ((whole - count) / count) * windowMs
        expect(answered).toBe(600)
        if (floorMs > 0) expect({ text, ratio: wallMs / floorMs <= 1.1 }).toEqual({ text, ratio: true })
        expect(refused / (refused + answered)).toBeLessThanOrEqual(0.05)
      }
    },
  )

  it('does not wait for the end of a window where the gateway refills steadily', async () => {
    const { wallMs, refused } = await readPages(50, 8, tokenBucket(20, 60_000), 'limit:20,time:1 minute')
    // With whole windows it would be two minutes.
    expect(wallMs).toBeLessThan(93_000)
    expect(refused).toBeLessThanOrEqual(4)
  })

  it.each([
    ['one project', ['a'], 200],
    ['four projects together', ['a', 'b', 'c', 'd'], 200],
  ] as const)(
    'keeps an API to its limit over %s, and leaves the other one alone',
    async (_name, projects, pages) => {
      const gates = new Map([
        ['backups', slidingWindow(20, 1000)],
        ['vaults', slidingWindow(20, 1000)],
      ])
      const { wallMs, refused } = await readProjects(projects, gates, pages / projects.length)
      // Both APIs at once, and each at its own full speed: 9 windows after the first.
      expect(wallMs / 9000).toBeLessThan(1.2)
      expect(refused).toBeLessThanOrEqual(20)
    },
  )

  it('keeps all services of a region to a limit that they only reach together', async () => {
    const common = tokenBucket(20, 1000)
    const clock = createVirtualClock()
    const { send, counts } = gated(clock, common, 'limit:20,time:1 second')
    const paced = retrying(inTurn(send, clock), { random: createDice(), ...clock })
    const read = async (origin: string) => {
      for (let page = 0; page < 50; page += 2)
        await Promise.all([paced(listBackups({ origin })), paced(listBackups({ origin }))])
    }
    const services = ['cbr', 'dcs', 'iam', 'ecs']
    await clock.run(
      Promise.all(services.map((service) => read(`https://${service}.cn-north-4.myhuaweicloud.com`))),
    )
    expect(clock.nowMs() / 9000).toBeLessThan(1.1)
    expect(counts.refused).toBeLessThanOrEqual(10)
  })

  it.each([
    ['2', 2000],
    ['Thu, 01 Jan 1970 00:00:03 GMT', 3000],
    ['99999999', 5500],
    ['soon', 500],
  ])('holds the others back too as Retry-After asks, within reason: %s', async (retryAfter, heldMs) => {
    const clock = createVirtualClock()
    const times: number[] = []
    const send = inTurn(async () => {
      times.push(clock.nowMs())
      return times.length === 1 ? respond(429, {}, { 'retry-after': retryAfter }) : respond(200)
    }, clock)
    await clock.run(send(listBackups()))
    await clock.run(send(listBackups()))
    expect(times).toEqual([0, heldMs])
  })

  it.each(['limit:1,time:99999999 day', 'limit:1,time:2 day'])(
    'takes a text that no call could go by for none, and holds nobody back for long: %s',
    async (text) => {
      const clock = createVirtualClock()
      let calls = 0
      const isSecond = () => ++calls === 2
      const paced = inTurn(gated(clock, () => !isSecond(), text).send, clock)
      const statuses: number[] = []
      for (let call = 0; call < 4; call += 1) statuses.push((await clock.run(paced(listBackups()))).status)
      expect(statuses).toEqual([200, 429, 200, 200])
      expect(clock.nowMs()).toBeLessThan(5000)
    },
  )

  it('begins with more at a time far from the gateway, where few would be slow whatever it allows', async () => {
    const [far, near] = [200, 50]
    const { wallMs } = await readPages(110, 16, () => true, '', far)
    expect(wallMs / far).toBeLessThanOrEqual(9)
    const limited = await readPages(110, 16, tokenBucket(20, 1000), 'limit:20,time:1 second', far)
    expect(limited.wallMs).toBeLessThanOrEqual(1.1 * 4500)
    expect(limited.refused).toBeLessThanOrEqual(16)
    expect((await readPages(110, 16, () => true, '', near)).wallMs / near).toBeGreaterThan(12)
  })

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
    const send = inTurn(
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
    await burst()
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
    const send = inTurn(async () => {
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
    const send = inTurn(async ({ path }) => {
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
    const paced = inTurn(send, clock)
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
    const paced = inTurn(send, { ...clock, maxWaitMs: 60_000 })
    await clock.run(Promise.all([1, 2, 3].map(() => paced(listBackups()))))
    const error = await clock.run(paced(listBackups())).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'upstream_throttled',
      message: expect.stringContaining('in 31 min only'),
    })
    expect(clock.slept).not.toContain(3_600_000)
  })

  it('says of a short wait how many seconds it is, and how many are allowed', async () => {
    const clock = createVirtualClock()
    const send = inTurn(async () => respond(429, {}, { 'retry-after': '7' }), { ...clock, maxWaitMs: 5000 })
    await clock.run(send(listBackups()))
    await expect(clock.run(send(listBackups()))).rejects.toMatchObject({
      message: expect.stringContaining('in 6 s only, and none waits longer than 5 s here'),
      retryAfterMs: 5500,
    })
  })

  it('lets the next request wait as long as a Retry-After of seconds asks', async () => {
    const clock = createVirtualClock()
    const statuses = [429, 429, 200]
    const times: number[] = []
    const send = inTurn(
      async () => {
        times.push(clock.nowMs())
        return respond(statuses[times.length - 1] ?? 200, {}, { 'retry-after': '7' })
      },
      { ...clock, maxWaitMs: FOR_REQUESTS.patienceMs },
    )
    for (const _ of statuses) await clock.run(send(listBackups()))
    expect(times).toEqual([0, 5500, 11_500])
  })

  it('does not say that Huawei allows no more calls where our own time is over before the first', async () => {
    const clock = createVirtualClock()
    const send = inTurn(async () => respond(200), clock)
    await expect(clock.run(send(listBackups(), AbortSignal.abort()))).rejects.toMatchObject({
      code: 'upstream_timeout',
      cause: { sent: 'no' },
    })
  })

  it('gives the place of a call that broke to the next one', async () => {
    const clock = createVirtualClock()
    const paced = inTurn(
      async () => {
        throw new Error('broken')
      },
      { ...clock, maxConcurrent: 1 },
    )
    const outcomes = await clock.run(Promise.allSettled([paced(listBackups()), paced(listBackups())]))
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })
})

/** Reads so many pages of each API of each project, each API behind its gate. */
async function readProjects(projects: readonly string[], gates: ReadonlyMap<string, Gate>, pages: number) {
  const clock = createVirtualClock()
  const doors = [...gates].map(([api, gate]) => ({ api, ...gated(clock, gate, 'limit:20,time:1 second') }))
  const send: Send = (request) =>
    doors.find(({ api }) => request.path.endsWith(api))?.send(request) ?? Promise.reject()
  const paced = retrying(inTurn(send, clock), { random: createDice(), ...clock })
  const read = async (project: string, api: string) => {
    for (let page = 0; page < pages; page += 5)
      await Promise.all(
        Array.from({ length: 5 }, () => paced(listBackups({ path: `/v3/${project.repeat(32)}/${api}` }))),
      )
  }
  await clock.run(
    Promise.all(projects.flatMap((project) => [...gates.keys()].map((api) => read(project, api)))),
  )
  return { wallMs: clock.nowMs(), refused: doors.reduce((sum, { counts }) => sum + counts.refused, 0) }
}

function gatesOf(apis: number, whose: 'of its own' | 'for all together', make: () => Gate): readonly Gate[] {
  const common = make()
  return Array.from({ length: apis }, () => (whose === 'of its own' ? make() : common))
}

/** Reads so many pages of each API, each behind its gate, 8 at a time, in virtual time. */
async function readApis(pages: number, gates: readonly Gate[], text: string) {
  const clock = createVirtualClock()
  const doors = gates.map((gate) => gated(clock, gate, text))
  const send: Send = (request) => doors[Number(request.path.at(-1))]?.send(request) ?? Promise.reject()
  const paced = retrying(inTurn(send, clock), { random: createDice(), ...clock })
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

/** Reads pages with so many workers through retrying ▸ throttled, in virtual time. */
async function readPages(pages: number, workers: number, gate: Gate, text: string, roundTripMs?: number) {
  const clock = createVirtualClock()
  const { send, counts } = gated(clock, gate, text, roundTripMs)
  const dice = createDice()
  const paced = retrying(inTurn(send, clock), { random: dice, ...clock })
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

function inTurn(send: Send, options: TrafficOptions): Send {
  return throttled(send, { traffic: createTraffic(options), epochMs: options.nowMs })
}

function gated(clock: VirtualClock, gate: Gate, text: string, roundTripMs = 50) {
  const counts = { refused: 0 }
  const send: Send = async () => {
    await clock.sleep(roundTripMs / 2)
    const allowed = gate(clock.nowMs())
    await clock.sleep(roundTripMs / 2)
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
