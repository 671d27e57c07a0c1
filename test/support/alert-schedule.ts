import { isMadeName, operationOf } from '../../lib/checkpoint/names.ts'
import { type LedgerRecord, readRecord, recordKey } from '../../lib/checkpoint/record.ts'
import type { Settling } from '../../lib/checkpoint/settle-doubt.ts'
import { orderKey } from '../../lib/checkpoint-inbox.ts'
import type { Send } from '../../lib/huawei/http.ts'
import { type AlertTerms, takeCheckpointOrder } from '../../lib/runtime/checkpoint-inbox.ts'
import type { CheckpointServices } from '../../lib/runtime/checkpoint-ports.ts'
import { sweepCheckpoints } from '../../lib/runtime/checkpoint-sweep.ts'
import { readConfig } from '../../lib/runtime/config.ts'
import type { Store } from '../../lib/store/store.ts'
import { formatTime, fromEpochMs, hours } from '../../lib/time.ts'
import { type Dice, rollDice } from '../oracle/dice.ts'
import { createMemoryStore } from './memory-store.ts'
import { broken as brokenConnection, createSlowHuawei, SERVER, type Started } from './slow-huawei.ts'

/** What a schedule is drawn from. */
export interface ScheduleOptions {
  readonly seed: number
  /** Whether Huawei shows what it started `within` the settle time, or takes as long as it likes. */
  readonly visible: 'within' | 'beyond'
  readonly ifUnseen: Settling['ifUnseen']
  /** Takes one guard away, to see that it matters. */
  readonly without?: 'intent' | 'doubt' | 'looking' | 'joining'
}

/** What came of one schedule. */
export interface Played {
  /** What must never happen, in words. */
  readonly broken: readonly string[]
  readonly started: number
  /** Checkpoints beyond the first of an operation. */
  readonly doubles: number
  readonly kills: number
  readonly ends: readonly LedgerRecord['state'][]
  readonly logged: ReadonlySet<string>
}

const START_MS = Date.UTC(2026, 10, 28, 6)
const MINUTE_MS = 60_000
const SWEEP_MS = 5 * MINUTE_MS
/** How long deliveries, kills and bad weather go on. */
const STORM_MS = 100 * MINUTE_MS
const SETTLE_MS = 15 * MINUTE_MS
/** Sweeps in fine weather until all has ended: the last of four alerts waits three hours, a hidden checkpoint as long. */
const MOST_SWEEPS = 140

const VAULTS = ['3b5816b5-f29c-4172-9d9a-76c719a659ce', 'c81c9d7a-6f6b-4a7c-9d5e-0f3f5d3a1b11'] as const
const PLACE = { region: 'cn-north-4', projectId: '0605767b5780d5762fc5c0118072a564' }

class Killed extends Error {}

/** Something that happens at a moment. */
interface Happening {
  readonly atMs: number
  readonly act: () => Promise<unknown>
}

/** Plays one schedule of alerts, duplicates, kills, lost answers and slow lists, and says what it broke. */
export async function playSchedule(options: ScheduleOptions): Promise<Played> {
  const dice = rollDice(options.seed)
  const world = createWorld(options, dice)
  const orders = drawOrders(dice)
  const operations = orders.map(({ operation }) => operation)
  const happenings: Happening[] = []
  for (const { operation, atMs, deliveries, content } of orders) {
    happenings.push({ atMs, act: () => world.disk.putIfAbsent(orderKey(operation), content(atMs)) })
    for (const afterMs of deliveries)
      happenings.push({
        atMs: atMs + 1 + afterMs,
        act: () =>
          world.spawn((services) => takeCheckpointOrder(services, operation, world.terms, world.signal)),
      })
  }
  const sweep = () => world.spawn((services) => sweepCheckpoints(services, world.terms, world.signal))
  for (let atMs = SWEEP_MS; atMs < STORM_MS; atMs += SWEEP_MS)
    happenings.push({ atMs: atMs + dice.below(MINUTE_MS), act: sweep })
  await world.play(happenings)
  world.calm()
  // What the last sweep before its death left unsaid is told by the one after it.
  for (let sweeps = 0, quiet = 0; sweeps < MOST_SWEEPS && quiet < 3; sweeps += 1) {
    await world.play([{ atMs: STORM_MS + (sweeps + 1) * SWEEP_MS, act: sweep }])
    quiet = world.isOver(operations) ? quiet + 1 : 0
  }
  return world.judge(operations)
}

function drawOrders(dice: Dice) {
  const count = 1 + dice.below(4)
  return Array.from({ length: count }, (_, index) => {
    const operation = operationOf(`alert-${index}-${dice.hex(8)}`, PLACE.region, PLACE.projectId)
    const resources = dice.chance(0.2) ? { resources: [SERVER] } : {}
    const request = {
      region: PLACE.region,
      project_id: PLACE.projectId,
      vault_id: dice.pick(VAULTS),
      ...resources,
    }
    return {
      operation,
      atMs: dice.below(60 * MINUTE_MS),
      // None where the event of S3 was lost; a hundred where a sender never tires.
      deliveries: Array.from({ length: dice.chance(0.02) ? 100 : dice.below(4) }, () =>
        dice.chance(0.5) ? dice.below(2000) : dice.below(40 * MINUTE_MS),
      ),
      content: (atMs: number) =>
        JSON.stringify({
          ...{ schema_version: 1, operation, alert_id: `a-${index}`, source: 'alertmanager' },
          ...{ received_at: formatTime(fromEpochMs(START_MS + atMs)), because: 'A test', request },
        }),
    }
  })
}

function createWorld({ visible, ifUnseen, without }: ScheduleOptions, dice: Dice) {
  let nowMs = START_MS
  let isCalm = false
  let kills = 0
  const broken: string[] = []
  const logged = new Set<string>()
  const held: { readonly atMs: number; readonly release: () => void }[] = []
  const whenBlocked = new Set<() => void>()
  const disk = createMemoryStore()
  const now = () => fromEpochMs(nowMs)
  const config = readConfig({
    HUAWEICLOUD_SDK_AK: 'ak',
    HUAWEICLOUD_SDK_SK: 'sk',
    AUDIT_TARGETS: `${PLACE.region}:${PLACE.projectId}`,
  })
  const terms: AlertTerms = {
    limits: { perVaultPerDay: 6, minInterval: hours(without === 'joining' ? 0 : 1) },
    settling: { after: hours(0.25), ifUnseen },
  }
  const huawei = createSlowHuawei({
    dice,
    nowMs: () => nowMs,
    hiddenMs: () => dice.below(visible === 'within' ? SETTLE_MS - MINUTE_MS : 180 * MINUTE_MS),
    onPost: (name) => {
      const record = recordNamed(disk.objects, name)
      if (record === undefined) broken.push(`a POST for ${name} without its intent in the ledger`)
    },
    delay: (ms) => {
      if (isCalm) return Promise.resolve()
      const { promise, resolve } = Promise.withResolvers<void>()
      held.push({ atMs: nowMs + ms, release: resolve })
      for (const tell of whenBlocked) tell()
      return promise
    },
  })

  /** A process of its own: it may die at any of its steps, before or after the step took effect. */
  function spawn(work: (services: CheckpointServices) => Promise<unknown>): Promise<void> {
    let left = !isCalm && dice.chance(0.4) ? 1 + dice.below(16) : Number.POSITIVE_INFINITY
    const diesAfter = dice.chance(0.5)
    const step = async <T>(act: () => Promise<T>): Promise<T> => {
      left -= 1
      if (left < 0 || (left === 0 && !diesAfter)) throw new Killed()
      const result = await act()
      if (left === 0) {
        kills += 1
        throw new Killed()
      }
      return result
    }
    const services = {
      config,
      now,
      nowMs: () => nowMs,
      randomHex: (bytes: number) => dice.hex(2 * bytes),
      log: (_: string, message: string) => void logged.add(message),
      store: dying(disk, step, without),
      sendTo: () => spoiled(huawei.send, step, without),
    }
    const { promise: blocked, resolve: tell } = Promise.withResolvers<void>()
    whenBlocked.add(tell)
    const done = work(services).then(
      () => undefined,
      () => undefined,
    )
    return Promise.race([done, blocked]).finally(() => whenBlocked.delete(tell))
  }

  async function play(happenings: readonly Happening[]): Promise<void> {
    const queue = happenings.toSorted((one, other) => one.atMs - other.atMs)
    while (queue.length > 0) {
      const atMs = START_MS + (queue[0]?.atMs ?? 0)
      const next = held.toSorted((one, other) => one.atMs - other.atMs)[0]
      if (next !== undefined && next.atMs <= atMs) {
        nowMs = Math.max(nowMs, next.atMs)
        held.splice(held.indexOf(next), 1)
        next.release()
        await new Promise((resolve) => setImmediate(resolve))
        continue
      }
      nowMs = Math.max(nowMs, atMs)
      // What happens within two seconds happens at once.
      const together = queue.splice(0, queue.findLastIndex((one) => START_MS + one.atMs <= atMs + 2000) + 1)
      await Promise.all(together.map(({ act }) => act()))
    }
  }

  const recordsOf = (operations: readonly string[]) =>
    operations.map((operation) => {
      const bytes = disk.objects.get(recordKey(operation))
      return { operation, record: bytes && readRecord(operation, bytes) }
    })

  return {
    ...{ disk, terms, spawn, play },
    signal: new AbortController().signal,
    calm: () => {
      isCalm = true
      huawei.calm()
    },
    isOver: (operations: readonly string[]) =>
      recordsOf(operations).every(({ record }) => record !== undefined && ENDS.includes(record.state)),
    judge: (operations: readonly string[]): Played => {
      const found = recordsOf(operations)
      const byOperation = new Map(found.map(({ operation, record }) => [operation, record]))
      let doubles = 0
      for (const { operation, record } of found) {
        const mine = huawei.started.filter(({ name }) => isMadeName(operation, name))
        doubles += Math.max(0, mine.length - 1)
        broken.push(...judgeOne(operation, record, mine, { visible, logged, byOperation }))
      }
      if (doubles > 0 && !(visible === 'beyond' && ifUnseen === 'repeat'))
        broken.push(`${doubles} checkpoints too many`)
      const ends = found.flatMap(({ record }) => (record === undefined ? [] : [record.state]))
      return { broken, started: huawei.started.length, doubles, kills, ends, logged }
    },
  }
}

const ENDS: readonly LedgerRecord['state'][] = ['DONE', 'FAILED', 'REFUSED', 'JOINED', 'HUMAN']

interface Bench {
  readonly visible: ScheduleOptions['visible']
  readonly logged: ReadonlySet<string>
  readonly byOperation: ReadonlyMap<string, LedgerRecord | undefined>
}

function judgeOne(
  operation: string,
  record: LedgerRecord | undefined,
  started: readonly Started[],
  { visible, logged, byOperation }: Bench,
): readonly string[] {
  if (record === undefined) return [`the order ${operation} is lost`]
  const { state } = record
  if (!ENDS.includes(state)) return [`${operation} ended as ${state}`]
  const wrong: string[] = []
  const isKnown = state === 'DONE' || state === 'FAILED'
  if (started.length > 0 && !isKnown && !(state === 'HUMAN' && visible === 'beyond'))
    wrong.push(`${operation} was started and ended as ${state}`)
  if (isKnown && !started.some(({ id }) => id === record.checkpoint_id))
    wrong.push(`${operation} is said to be ${record.checkpoint_id}, which it is not`)
  if (state === 'HUMAN' && !logged.has('operation held'))
    wrong.push(`${operation} is held and nobody was told`)
  if (state === 'JOINED' && ['JOINED', undefined].includes(byOperation.get(record.joined_to)?.state))
    wrong.push(`${operation} joined ${record.joined_to}, which does nothing`)
  return wrong
}

/** The record whose intent this POST carries out: written before it, and not yet answered. */
function recordNamed(objects: ReadonlyMap<string, Buffer>, name: string): LedgerRecord | undefined {
  for (const [key, bytes] of objects) {
    if (!key.startsWith('ledger/checkpoint/')) continue
    const record = readRecord(key, bytes)
    if (record.state === 'INTENT' && record.name === name) return record
  }
  return undefined
}

type Step = <T>(act: () => Promise<T>) => Promise<T>

/** A store each of whose steps may be the last of its process. */
function dying(disk: Store, step: Step, without: ScheduleOptions['without']): Store {
  return {
    ...disk,
    get: (key) => step(() => disk.get(key)),
    async *names(prefix) {
      await step(async () => undefined)
      yield* disk.names(prefix)
    },
    putIfAbsent: (key, content) => step(() => disk.putIfAbsent(key, content)),
    replaceIfUnchanged: (key, content, version) =>
      step(async () => {
        const isSkipped = without === 'intent' && String(content).includes('"state": "INTENT"')
        return isSkipped || disk.replaceIfUnchanged(key, content, version)
      }),
  }
}

/** Huawei as a process reaches it; without doubt a lost answer counts as proof that nothing was done, without looking nothing is ever seen. */
function spoiled(send: Send, step: Step, without: ScheduleOptions['without']): Send {
  return (request, signal) =>
    step(async () => {
      if (request.method === 'GET' && without === 'looking')
        return send({ ...request, query: [...request.query, ['vault_id', 'another']] }, signal)
      if (request.method !== 'POST' || without !== 'doubt') return send(request, signal)
      const response = await send(request, signal).catch(() => undefined)
      if (response === undefined || response.status >= 500) throw brokenConnection('no')
      return response
    })
}
