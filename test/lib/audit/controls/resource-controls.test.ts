import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ResourceControl } from '../../../../lib/audit/control.ts'
import { recoveryPointMissing } from '../../../../lib/audit/controls/recovery-point-missing.ts'
import { recoveryPointStale } from '../../../../lib/audit/controls/recovery-point-stale.ts'
import { Histories } from '../../../../lib/audit/histories.ts'
import type { History } from '../../../../lib/audit/history.ts'
import type { Backup, Resource } from '../../../../lib/backup.ts'
import { AS_OF, cbrBackup, hoursAgo, resource, terms } from '../samples.ts'

const NOTHING = { newest: undefined, oldestPossible: undefined, newestPossible: undefined }
const UNHEARD_OF: History = {
  service: 'cbr',
  resourceId: 'server-1',
  holder: undefined,
  witness: undefined,
  own: NOTHING,
  copies: NOTHING,
  kindless: undefined,
  nextExpiryAt: undefined,
  copyRegions: [],
  copiedTo: [],
  counts: { backups: 0, usable: 0, copies: 0 },
}

function historyOf(backups: readonly Backup[], holder?: Resource): History {
  const histories = new Histories()
  if (holder !== undefined) histories.addResource({ ...holder, id: 'server-1' })
  backups.forEach((backup, index) => {
    histories.addBackup('server-1', backup, index * 4, AS_OF)
  })
  const [history = UNHEARD_OF] = histories.summed()
  return history
}

const judge = (
  control: ResourceControl,
  backups: readonly Backup[],
  holder: Resource | undefined = resource(),
) => control.check(historyOf(backups, holder), terms())
const missing = (backups: readonly Backup[], holder?: Resource) =>
  judge(recoveryPointMissing, backups, holder).outcome
const stale = (backups: readonly Backup[], holder?: Resource) =>
  judge(recoveryPointStale, backups, holder).outcome

const usable = (hours: number, changes: Partial<Backup> = {}) =>
  cbrBackup({ id: `b-${hours}`, createdAt: hoursAgo(hours), ...changes })
const copy = (hours: number, changes: Partial<Backup> = {}) =>
  usable(hours, { imageType: 'replication', ...changes })
const open = { expiredAt: 'unknown' } as const
const kindless = { imageType: 'unknown' } as const
const broken = { status: 'error' }

describe('recovery-point-missing', () => {
  it('passes with one usable backup, or one usable copy, or one that may be either, however old', () => {
    expect(missing([usable(9999)])).toBe('pass')
    expect(missing([usable(9999, kindless)])).toBe('pass')
    expect(missing([copy(9999), usable(1, broken)])).toBe('pass')
  })

  it('fails without backups, and with none that is usable', () => {
    expect(judge(recoveryPointMissing, [])).toEqual({
      outcome: 'fail',
      because:
        'The resource "web-1" has no usable recovery point: no readable backup of it is listed as of this audit',
    })
    expect(judge(recoveryPointMissing, [usable(1, broken)])).toMatchObject({
      because: 'The resource "web-1" has no usable recovery point: its only backup is not usable',
    })
    expect(judge(recoveryPointMissing, [usable(1, broken), copy(2, broken)])).toMatchObject({
      because: 'The resource "web-1" has no usable recovery point: none of its 2 backups is usable',
    })
  })

  it('cannot judge where the only hope is a backup that cannot be judged', () => {
    expect(missing([usable(1, open)])).toBe('unknown')
    expect(missing([copy(1, open)])).toBe('unknown')
    expect(missing([usable(1, open), usable(99)])).toBe('pass')
    expect(missing([usable(1, { ...open, ...broken })])).toBe('fail')
  })

  it('leaves alone what cannot be backed up, and cannot judge what does not say', () => {
    expect(missing([], resource({ canBeBackedUp: false }))).toBe('pass')
    expect(missing([], resource({ canBeBackedUp: 'unknown' }))).toBe('unknown')
    expect(missing([usable(1)], resource({ canBeBackedUp: 'unknown' }))).toBe('pass')
  })

  it('asks of resources that only their backups tell of', () => {
    expect(recoveryPointMissing.check(historyOf([usable(1, broken)]), terms()).outcome).toBe('fail')
  })
})

describe('recovery-point-stale', () => {
  it('begins at 26 hours, to the microsecond', () => {
    expect(stale([usable(0, { createdAt: hoursAgo(26, -1) })])).toBe('pass')
    expect(stale([usable(26)])).toBe('fail')
    expect(stale([usable(0, { createdAt: hoursAgo(26, 1) })])).toBe('fail')
  })

  it('names the backup whose age counts', () => {
    const newest = usable(40)
    const { children, replications, updatedAt, ...facts } = newest
    expect(judge(recoveryPointStale, [usable(50), newest, usable(2, broken), copy(1)])).toEqual({
      outcome: 'fail',
      because:
        'The newest usable recovery point "nightly" is 40.00 h old (2026-11-18T20:00:00.000Z), where 26 h is too old',
      backup: facts,
    })
  })

  it('looks at copies only where there is nothing else', () => {
    expect(stale([copy(1), usable(40)])).toBe('fail')
    expect(stale([copy(1), usable(40, broken)])).toBe('pass')
    expect(stale([copy(40)])).toBe('fail')
  })

  it('passes without a recovery point: that is missing, not stale', () => {
    expect(stale([])).toBe('pass')
    expect(stale([usable(40, broken)])).toBe('pass')
  })

  it('cannot judge where a backup that cannot be judged would decide', () => {
    expect(stale([usable(40), usable(1, open)])).toBe('unknown')
    expect(stale([usable(40, open)])).toBe('unknown')
    expect(stale([copy(40), usable(1, open)])).toBe('unknown')
    expect(stale([copy(1), usable(40, open)])).toBe('unknown')
    expect(stale([usable(40), usable(1, kindless)])).toBe('unknown')
    expect(stale([copy(1), usable(40, kindless)])).toBe('unknown')
    expect(stale([usable(40, kindless), usable(1, kindless)])).toBe('unknown')
    expect(stale([usable(40, { ...kindless, ...open })])).toBe('unknown')
  })

  it('judges where it would not', () => {
    expect(stale([usable(1), usable(0, open)])).toBe('pass')
    expect(stale([usable(40), usable(30, open)])).toBe('fail')
    expect(stale([usable(40), copy(1, open)])).toBe('fail')
    expect(stale([copy(40), usable(30, open)])).toBe('fail')
    expect(stale([usable(1, open)])).toBe('pass')
    expect(stale([usable(40, kindless)])).toBe('fail')
    expect(stale([usable(1, kindless)])).toBe('pass')
    expect(stale([copy(40), usable(1, kindless)])).toBe('pass')
    expect(stale([usable(1), usable(40, kindless)])).toBe('pass')
  })

  it('leaves alone what cannot be backed up, and cannot judge what does not say', () => {
    expect(stale([usable(40)], resource({ canBeBackedUp: false }))).toBe('pass')
    expect(stale([usable(40)], resource({ canBeBackedUp: 'unknown' }))).toBe('unknown')
    expect(stale([usable(1)], resource({ canBeBackedUp: 'unknown' }))).toBe('pass')
  })
})

describe('What cannot be told of some backups', () => {
  // The definition itself: ask in every world in which each open backup is one thing or the other.
  const worldsOf = (backups: readonly Backup[]): readonly (readonly Backup[])[] =>
    backups.reduce<readonly (readonly Backup[])[]>(
      (worlds, backup) => {
        const kinds = backup.imageType === 'unknown' ? ['backup', 'replication'] : [backup.imageType]
        const choices = kinds.flatMap((imageType) =>
          backup.expiredAt === 'unknown'
            ? [
                { ...backup, imageType, expiredAt: undefined },
                { ...backup, imageType, status: 'error', expiredAt: undefined },
              ]
            : [{ ...backup, imageType }],
        )
        return worlds.flatMap((world) => choices.map((choice) => [...world, choice]))
      },
      [[]],
    )

  const someBackup = fc
    .record({
      hours: fc.constantFrom(1, 2, 25, 26, 27, 40),
      imageType: fc.constantFrom('backup', 'replication', 'unknown'),
      expiredAt: fc.constantFrom(undefined, 'unknown' as const),
      status: fc.constantFrom('available', 'available', 'error'),
    })
    .map(({ hours, ...changes }) => usable(hours, changes))

  it.each([recoveryPointMissing, recoveryPointStale])(
    '$id is open exactly where worlds disagree',
    (control) => {
      fc.assert(
        fc.property(fc.array(someBackup, { maxLength: 4 }), (backups) => {
          const outcomes = new Set(worldsOf(backups).map((world) => judge(control, world).outcome))
          const [only] = outcomes
          expect(judge(control, backups).outcome).toBe(outcomes.size === 1 ? only : 'unknown')
        }),
        { numRuns: 500 },
      )
    },
  )
})
