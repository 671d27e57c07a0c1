import { describe, expect, it } from 'vitest'
import { follow } from '../../../lib/checkpoint/follow.ts'
import type { Sighting } from '../../../lib/checkpoint/look.ts'
import type { LedgerRecord, RecordIn, Seen } from '../../../lib/checkpoint/record.ts'
import { type Settling, settleDoubt } from '../../../lib/checkpoint/settle-doubt.ts'
import { received, toIntent, toResult } from '../../../lib/checkpoint/transitions.ts'
import { Fault } from '../../../lib/errors.ts'
import { fromEpochMs, hours, type Instant } from '../../../lib/time.ts'

const START_MS = Date.UTC(2026, 10, 28, 6)
const at = (minutes: number): Instant => fromEpochMs(START_MS + minutes * 60_000)

const NOTHING: Sighting = { kind: 'nothing' }
const BLIND: Sighting = { kind: 'blind', fault: new Fault('upstream_unavailable', 'Huawei is down') }
const HOLD: Settling = { after: hours(0.25), ifUnseen: 'hold' }
const REPEAT: Settling = { ...HOLD, ifUnseen: 'repeat' }
const ORIGIN = { source: 'smn', alert_id: 'a', because: 'x' }

function intent(own: Partial<LedgerRecord> = {}): RecordIn<'INTENT'> {
  const place = { region: 'r', projectId: 'p', vaultId: 'v', name: undefined, body: {}, origin: ORIGIN }
  const order = received({ operation: '0123456789abcdefghijklmnopqrstuv', ...place }, at(0))
  return { ...toIntent(order, undefined, at(0)), ...own } as RecordIn<'INTENT'>
}

const doubtful = (own: Partial<LedgerRecord> = {}) =>
  toResult(intent(own), { kind: 'doubtful', because: 'reset' }, at(0)) as RecordIn<'UNKNOWN'>

/** Looks at these minutes, one after the other, as long as nothing is decided. */
function looked(looks: readonly (readonly [minutes: number, sighting: Sighting])[], settling?: Settling) {
  let record: LedgerRecord = doubtful()
  for (const [minutes, sighting] of looks)
    if (record.state === 'UNKNOWN') record = settleDoubt(record, sighting, at(minutes), settling)
  return record
}

describe('an outcome that is not known', () => {
  it('is held after the settle time and three looks that could see, the last of them after that time', () => {
    const early = [
      [1, NOTHING],
      [2, NOTHING],
      [14.9, NOTHING],
    ] as const
    expect(looked(early, HOLD).state).toBe('UNKNOWN')
    expect(looked([...early, [15, NOTHING]], HOLD).state).toBe('HUMAN')
    const few = [
      [5, BLIND],
      [10, BLIND],
      [15, NOTHING],
      [20, NOTHING],
    ] as const
    expect(looked(few, HOLD).state).toBe('UNKNOWN')
    expect(looked([...few, [25, NOTHING]], HOLD)).toMatchObject({ state: 'HUMAN', looks: 3 })
  })

  it('is given up by nobody who does not know the terms', () => {
    const often = Array.from({ length: 50 }, (_, index) => [index * 10, NOTHING] as const)
    expect(looked(often)).toMatchObject({ state: 'UNKNOWN', looks: 50 })
  })

  it('is never sent once more on the word of who could not see, and of several that fit none is chosen', () => {
    expect(looked([[59, BLIND]], REPEAT).state).toBe('UNKNOWN')
    expect(looked([[60, BLIND]], REPEAT)).toMatchObject({
      state: 'HUMAN',
      because: 'reset; it could not be looked for: Huawei is down',
    })
    expect(
      looked([[15, { kind: 'unclear', because: 'several checkpoints fit: one, two' }]], REPEAT),
    ).toMatchObject({
      state: 'HUMAN',
      because: 'reset; several checkpoints fit: one, two',
    })
  })

  it('is sent once more where the policy says so, of an alert alone, and not a second time', () => {
    const looks = [15, 16, 17].map((minutes) => [minutes, NOTHING] as const)
    expect(looked(looks, REPEAT)).toMatchObject({ state: 'RECEIVED', is_repeated: true, attempt: 1 })
    for (const own of [{ origin: undefined }, { is_repeated: true }]) {
      const record = { ...doubtful(own), looks: 9 }
      expect(settleDoubt(record, NOTHING, at(20), REPEAT).state).toBe('HUMAN')
    }
  })

  it('stays so where the second request is refused, for the first may be the reason', () => {
    const fault = new Fault('upstream_refused', 'A backup is running', { upstream: { httpStatus: 400 } })
    expect(toResult(intent(), { kind: 'refused', fault }, at(1)).state).toBe('REFUSED')
    expect(toResult(intent({ is_repeated: true }), { kind: 'refused', fault }, at(1)).state).toBe('UNKNOWN')
  })

  it('is nobody’s but the sender’s for the minute in which he may still be told', () => {
    expect(settleDoubt(intent(), NOTHING, at(0.9), HOLD)).toEqual(intent())
    expect(settleDoubt(intent(), NOTHING, at(1), HOLD)).toMatchObject({
      state: 'UNKNOWN',
      looks: 1,
    })
  })

  it('is known whenever it is found, also when it is held', () => {
    const held = { ...doubtful(), state: 'HUMAN', held_at: '2026-11-28T06:15:00.000Z' } as const
    const checkpoint = { checkpointId: 'c', hasSkipped: true, body: { checkpoint: { id: 'c' } } }
    const found = settleDoubt(held, { kind: 'found', checkpoint }, at(600), HOLD)
    expect(found).toMatchObject({ state: 'PARTIAL', checkpoint_id: 'c', known_by: 'look' })
    expect(found).not.toHaveProperty('held_at')
    expect(settleDoubt(held, NOTHING, at(600), REPEAT)).toMatchObject({ state: 'HUMAN', looks: 1 })
  })
})

describe('a checkpoint that exists', () => {
  const started = (resources: number, hasSkipped = false) => {
    const vault = { resources: Array.from({ length: resources }, (_, index) => ({ id: `r${index}` })) }
    const body = { checkpoint: { id: 'c', vault } }
    const checkpoint = { checkpointId: 'c', hasSkipped, body }
    return toResult(intent(), { kind: 'accepted', checkpoint }, at(0)) as RecordIn<'STARTED' | 'PARTIAL'>
  }
  const seen = (status: string | null, ...statuses: string[]): Seen => ({
    status,
    backups: statuses.map((one, index) => ({
      ...{ backup_id: `b${index}`, resource_id: `r${index}`, resource_name: `web-${index}` },
      status: one,
    })),
  })

  it.each([
    ['goes on while a backup does', 2, seen('available', 'available', 'protecting'), 1, 'STARTED'],
    ['goes on in a status that nobody knows', 1, seen('pondering', 'available'), 1, 'STARTED'],
    ['goes on while a backup is not to be seen yet', 2, seen('available', 'available'), 59, 'STARTED'],
    [
      'goes on while a backup is not to be seen for a day',
      2,
      seen('available', 'available'),
      1439,
      'STARTED',
    ],
    ['goes on where no backup is to be seen at all', 1, seen('available'), 61, 'STARTED'],
    [
      'has failed where a backup was not to be seen for a day',
      2,
      seen('available', 'available'),
      1441,
      'FAILED',
    ],
    ['is done when all are available', 2, seen('available', 'available', 'available'), 1, 'DONE'],
    ['has failed when one has', 2, seen('available', 'available', 'error'), 1, 'FAILED'],
    ['has failed when Huawei says so', 2, seen('error'), 1, 'FAILED'],
    ['has failed when it is deleted', 1, seen('deleting', 'available'), 1, 'FAILED'],
    ['goes on where Huawei does not know it yet', 1, seen(null), 59, 'STARTED'],
    ['has failed where Huawei knows it no more', 1, seen(null), 61, 'FAILED'],
  ] as const)('%s', (_name, resources, what, minutes, state) => {
    expect(follow(started(resources), what, at(minutes))).toMatchObject({ state, seen: what })
  })

  it('has failed where every resource was left out, though Huawei calls it available', () => {
    expect(follow(started(0, true), seen('available'), at(1))).toMatchObject({
      state: 'FAILED',
      because: 'Huawei left out every resource',
      is_partial: true,
    })
  })

  it('counts once a backup that is listed twice, and as it ended', () => {
    const [one, two] = seen('available', 'error', 'error').backups
    if (one === undefined || two === undefined) throw new Error('no backups')
    const backups = [one, two, one, { ...two, status: 'protecting' }]
    expect(follow(started(2), { status: 'available', backups }, at(1))).toMatchObject({
      because: '2 of 2 backups ended in error: web-0, web-1',
      seen: { backups: [one, two] },
    })
  })

  it('names what failed', () => {
    expect(follow(started(2), seen('available', 'error', 'available'), at(1))).toMatchObject({
      because: '1 of 2 backups ended in error: web-0',
    })
  })
})
