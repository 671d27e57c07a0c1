import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Trace } from '../../../lib/checkpoint/look.ts'
import { isNamedFor, isOperation, nameCheckpoint, operationOf } from '../../../lib/checkpoint/names.ts'
import { once, type StartPorts } from '../../../lib/checkpoint/once.ts'
import type { Checkpoint, Outcome } from '../../../lib/checkpoint/outcome.ts'
import { reconcile } from '../../../lib/checkpoint/reconcile.ts'
import { type LedgerRecord, readRecord, recordKey } from '../../../lib/checkpoint/record.ts'
import type { Order } from '../../../lib/checkpoint/transitions.ts'
import { Fault } from '../../../lib/errors.ts'
import type { Store } from '../../../lib/store/store.ts'
import { formatTime, fromEpochMs } from '../../../lib/time.ts'
import { createBreakingStore } from '../../support/breaking-store.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

const NOW = fromEpochMs(Date.UTC(2026, 10, 21, 2, 0, 0))
const OPERATION = operationOf('key', 'cn-north-4', 'project')
const ORDER: Order = {
  operation: OPERATION,
  region: 'cn-north-4',
  projectId: 'project',
  vaultId: 'vault',
  name: undefined,
  body: { checkpoint: { vault_id: 'vault' } },
}

function checkpoint(id: string, hasSkipped = false): Checkpoint {
  return { checkpointId: id, hasSkipped, body: { checkpoint: { id } } }
}

/** What a POST may meet, and whether Huawei carries it out. */
const WEATHER = {
  fine: { executed: true, kind: 'accepted' },
  'lost after': { executed: true, kind: 'doubtful' },
  'lost before': { executed: false, kind: 'doubtful' },
  refused: { executed: false, kind: 'refused' },
  unsent: { executed: false, kind: 'unsent' },
  killed: { executed: true, kind: 'killed' },
} as const
type Weather = keyof typeof WEATHER

class Killed extends Error {}

/** A Huawei of one vault: it forgets no checkpoint, and counts. */
function createCloud(weathers: readonly Weather[]) {
  const started: string[] = []
  let posts = 0
  const start = async (name: string): Promise<Outcome> => {
    const { executed, kind } = WEATHER[weathers[posts] ?? 'fine']
    posts += 1
    await new Promise((resolve) => setImmediate(resolve))
    if (executed) started.push(name)
    switch (kind) {
      case 'accepted':
        return { kind, checkpoint: checkpoint(`id-of-${name}`) }
      case 'doubtful':
        return { kind, because: 'the connection broke' }
      case 'refused':
        return { kind, fault: new Fault('upstream_refused', 'no', { upstream: { httpStatus: 404 } }) }
      case 'unsent':
        return { kind, fault: new Fault('upstream_unavailable', 'no way') }
      case 'killed':
        throw new Killed()
    }
  }
  const find = async (trace: Trace) =>
    started.filter((name) => trace.isOurs(`${name}_0001`)).map((name) => `id-of-${name}`)
  return { start, find, started, posts: () => posts }
}

function startPortsOf(store: Store, cloud: Pick<ReturnType<typeof createCloud>, 'start'>): StartPorts {
  return { store, now: () => NOW, start: cloud.start, onUnsaved: () => {} }
}

function reconcilePortsOf(store: Store, find: (trace: Trace) => Promise<readonly string[]>) {
  const show = async (_: Trace, id: string) => checkpoint(id)
  const watch = async () => ({ status: 'protecting', backups: [] })
  return { store, now: () => NOW, find, show, watch, onBlind: () => {} }
}

async function recordIn(store: Store): Promise<LedgerRecord> {
  const stored = await store.get(recordKey(OPERATION))
  if (stored === undefined) throw new Error('no record')
  return readRecord('key', stored.bytes)
}

describe('once', () => {
  it('writes the intent before it sends', async () => {
    const store = createMemoryStore()
    await once(
      {
        ...startPortsOf(store, createCloud([])),
        start: async (name) => {
          expect(await recordIn(store)).toMatchObject({
            state: 'INTENT',
            name,
            attempt: 1,
            sent_at: formatTime(NOW),
          })
          return { kind: 'doubtful', because: 'x' }
        },
      },
      ORDER,
    )
    expect(await recordIn(store)).toMatchObject({ state: 'UNKNOWN', because: 'x' })
  })

  it('leaves the intent where the process dies after the POST, and sends nothing again', async () => {
    const store = createMemoryStore()
    const cloud = createCloud(['killed'])
    await expect(once(startPortsOf(store, cloud), ORDER)).rejects.toThrow(Killed)
    expect((await recordIn(store)).state).toBe('INTENT')
    expect((await once(startPortsOf(store, cloud), ORDER)).state).toBe('INTENT')
    expect(cloud.posts()).toBe(1)
    const became = await reconcile(reconcilePortsOf(store, cloud.find), OPERATION)
    expect(became).toMatchObject({ state: 'STARTED', known_by: 'look' })
    expect((await once(startPortsOf(store, cloud), ORDER)).state).toBe('STARTED')
    expect(cloud.posts()).toBe(1)
  })

  it('lets who was answered hold against who looked meanwhile, and who knows nothing yield', async () => {
    for (const [outcome, expected] of [
      [{ kind: 'accepted', checkpoint: checkpoint('told', true) }, ['PARTIAL', 'answer']],
      [{ kind: 'doubtful', because: 'x' }, ['STARTED', 'look']],
    ] as const) {
      const store = createMemoryStore()
      const record = await once(
        {
          ...startPortsOf(store, createCloud([])),
          start: async () => {
            await reconcile(
              reconcilePortsOf(store, async () => ['found']),
              OPERATION,
            )
            return outcome
          },
        },
        ORDER,
      )
      expect(record).toEqual(await recordIn(store))
      expect(record).toMatchObject({ state: expected[0], known_by: expected[1] })
    }
  })

  it('refuses another body under the same operation', async () => {
    const store = createMemoryStore()
    const cloud = createCloud([])
    await once(startPortsOf(store, cloud), ORDER)
    const other = { ...ORDER, body: { checkpoint: { vault_id: 'vault', parameters: {} } } }
    await expect(once(startPortsOf(store, cloud), other)).rejects.toMatchObject({ code: 'conflict' })
    expect(cloud.posts()).toBe(1)
  })

  it('assumes nothing of a record that it cannot read', async () => {
    const store = createMemoryStore()
    const cloud = createCloud([])
    for (const text of ['', '{"state":"RECEIVED"}', '{"schema_version":2}']) {
      store.objects.set(recordKey(OPERATION), Buffer.from(text))
      await expect(once(startPortsOf(store, cloud), ORDER)).rejects.toMatchObject({ code: 'unavailable' })
    }
    expect(cloud.posts()).toBe(0)
  })

  it('keeps its law over any schedule of callers, weather and crashes of the store', async () => {
    const weathers = fc.array(fc.constantFrom(...(Object.keys(WEATHER) as Weather[])), { maxLength: 4 })
    const round = fc.record({
      callers: fc.integer({ min: 1, max: 5 }),
      breaksAt: fc.integer({ min: 1, max: 14 }),
      when: fc.constantFrom('before' as const, 'after' as const),
    })
    await fc.assert(
      fc.asyncProperty(weathers, fc.array(round, { minLength: 1, maxLength: 4 }), async (weather, rounds) => {
        const disk = createMemoryStore()
        const cloud = createCloud(weather)
        for (const { callers, breaksAt, when } of rounds) {
          const store = createBreakingStore(disk, breaksAt, when)
          const before = disk.objects.get(recordKey(OPERATION)) && (await recordIn(disk)).state
          const posts = cloud.posts()
          await Promise.allSettled(
            Array.from({ length: callers }, () => once(startPortsOf(store, cloud), ORDER)),
          )
          // Nothing is sent once a request may have left: not while running, not while unknown, not when settled.
          if (before !== undefined && before !== 'RECEIVED') expect(cloud.posts()).toBe(posts)
        }
        expect(cloud.started.length).toBeLessThanOrEqual(1)
        const became = await reconcile(reconcilePortsOf(disk, cloud.find), OPERATION)
        // Never lost: what was started is known by then, however it came about.
        if (cloud.started.length === 1) expect(became?.state).toBe('STARTED')
        else expect(became?.state).not.toBe('STARTED')
      }),
      { numRuns: 1500 },
    )
  })
})

describe('reconcile', () => {
  it('knows nothing of what was never asked for', async () => {
    expect(
      await reconcile(
        reconcilePortsOf(createMemoryStore(), async () => []),
        OPERATION,
      ),
    ).toBeUndefined()
  })

  it('leaves the record as it is where looking fails, or sees nothing', async () => {
    const store = createMemoryStore()
    await once(startPortsOf(store, createCloud(['lost before'])), ORDER)
    const blind = async () => Promise.reject(new Fault('upstream_unavailable', 'down'))
    for (const find of [blind, async () => [], async () => ['one', 'another']])
      expect((await reconcile(reconcilePortsOf(store, find), OPERATION))?.state).toBe('UNKNOWN')
  })

  it('looks for a name of the caller near the time of sending only', async () => {
    const traces: Trace[] = []
    for (const name of ['nightly', undefined]) {
      const store = createMemoryStore()
      await once(startPortsOf(store, createCloud(['lost before'])), { ...ORDER, name })
      const find = async (trace: Trace) => {
        traces.push(trace)
        return []
      }
      await reconcile(reconcilePortsOf(store, find), OPERATION)
    }
    expect(traces.map(({ from, to }) => [formatTime(from), to && formatTime(to)])).toEqual([
      ['2026-11-21T01:45:00.000Z', '2026-11-21T02:15:00.000Z'],
      ['2026-11-21T01:45:00.000Z', undefined],
    ])
    expect(
      ['nightly', 'nightly_0001', 'nightly-2', 'x-nightly'].map((name) => traces[0]?.isOurs(name)),
    ).toEqual([true, true, false, false])
  })
})

describe('the names of operations and checkpoints', () => {
  it('are one for one key in one project, and safe everywhere', () => {
    void fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        const [one, other] = [operationOf(left, 'r', 'p'), operationOf(right, 'r', 'p')]
        expect(one === other).toBe(left === right)
        expect(isOperation(one)).toBe(true)
        const name = nameCheckpoint(one, NOW, 123)
        expect(name).toMatch(/^al-20261121-[0-9a-v]{20}-123$/)
        expect(isNamedFor(one, name, `${name}_0001`)).toBe(true)
        expect(isNamedFor(one, name, nameCheckpoint(other, NOW, 1))).toBe(left === right)
      }),
    )
    expect(operationOf('k', 'a', 'bc')).not.toBe(operationOf('k', 'ab', 'c'))
  })
})
