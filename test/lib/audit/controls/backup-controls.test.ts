import { describe, expect, it } from 'vitest'
import type { BackupControl, Verdict } from '../../../../lib/audit/control.ts'
import { backupErrored } from '../../../../lib/audit/controls/backup-errored.ts'
import { backupExpired } from '../../../../lib/audit/controls/backup-expired.ts'
import { backupStuck } from '../../../../lib/audit/controls/backup-stuck.ts'
import { backupUnreplicated } from '../../../../lib/audit/controls/backup-unreplicated.ts'
import { readPolicy } from '../../../../lib/audit/policy.ts'
import type { Backup } from '../../../../lib/backup.ts'
import { STATUSES } from '../../../../lib/backup.ts'
import { AS_OF, cbrBackup, dcsBackup, hoursAgo, replication, terms, VAULT } from '../samples.ts'

type Outcome = Verdict['outcome']
type Cases = readonly (readonly [what: string, backup: Backup, outcome: Outcome, policy?: unknown])[]

function check(control: BackupControl, backup: Backup, policy: unknown = {}): Verdict {
  return control.check(backup, terms(readPolicy(policy, [])))
}

function hold(control: BackupControl, cases: Cases) {
  for (const [what, backup, outcome, policy] of cases)
    it(what, () => {
      expect(check(control, backup, policy).outcome).toBe(outcome)
    })
}

const STRANGE = [...STATUSES.cbr, ...STATUSES.dcs, 'waiting_foo', 'frozen', 'Error', ''] as const

/** How a control judges a backup in every status there is, and in some there are not. */
function byStatus(control: BackupControl, make: (changes: Partial<Backup>) => Backup) {
  const outcomes: Record<Outcome, string[]> = { pass: [], fail: [], unknown: [] }
  for (const status of STRANGE) outcomes[check(control, make({ status })).outcome].push(status)
  return outcomes
}

describe('backup-expired', () => {
  hold(backupExpired, [
    ['passes what never expires', cbrBackup({ expiredAt: undefined }), 'pass'],
    ['passes a microsecond before the expiry', cbrBackup({ expiredAt: hoursAgo(0, -1) }), 'pass'],
    ['fails at the very expiry', cbrBackup({ expiredAt: AS_OF }), 'fail'],
    ['fails a microsecond after the expiry', cbrBackup({ expiredAt: hoursAgo(0, 1) }), 'fail'],
    [
      'passes within the grace',
      cbrBackup({ expiredAt: hoursAgo(2, -1) }),
      'pass',
      { expired: { grace: '2h' } },
    ],
    [
      'fails at the end of the grace',
      cbrBackup({ expiredAt: hoursAgo(2) }),
      'fail',
      { expired: { grace: '2h' } },
    ],
    ['cannot judge an unreadable expiry', cbrBackup({ expiredAt: 'unknown' }), 'unknown'],
    ['asks copies too', cbrBackup({ expiredAt: AS_OF, imageType: 'replication' }), 'fail'],
    ['asks in whatever status', cbrBackup({ expiredAt: AS_OF, status: 'frozen' }), 'fail'],
    ['looks at the status of a DCS record alone', dcsBackup({ expiredAt: AS_OF }), 'pass'],
  ])

  it('fails a DCS record by its status, and cannot judge one it does not know', () => {
    const { fail, pass } = byStatus(backupExpired, dcsBackup)
    expect({ fail, pass }).toEqual({
      fail: ['expired'],
      pass: STATUSES.dcs.filter((status) => status !== 'expired'),
    })
  })

  it('says since when, and by how many hours, floored', () => {
    expect(check(backupExpired, cbrBackup({ expiredAt: hoursAgo(31.5, 35_999_999) }))).toEqual({
      outcome: 'fail',
      because: 'The backup expired 31.50 h ago (2026-11-19T04:29:24.000Z) and is still listed',
      evidence: { overdue_hours: 31.5 },
    })
  })
})

describe('backup-errored', () => {
  it('fails CBR backups in error, and cannot judge statuses that are not documented', () => {
    expect(byStatus(backupErrored, cbrBackup)).toEqual({
      fail: ['error'],
      pass: [...STATUSES.cbr.filter((status) => status !== 'error'), 'waiting_foo'],
      unknown: [...STATUSES.dcs, 'frozen', 'Error', ''],
    })
  })

  it('fails DCS records that failed, and keeps their error code', () => {
    expect(byStatus(backupErrored, dcsBackup).fail).toEqual(['failed'])
    expect(byStatus(backupErrored, dcsBackup).pass).toEqual(
      STATUSES.dcs.filter((status) => status !== 'failed'),
    )
    const verdict = check(backupErrored, dcsBackup({ status: 'failed', errorCode: 'dcs.08.0008' }))
    expect(verdict).toMatchObject({ evidence: { error_code: 'dcs.08.0008' } })
  })

  it('keeps no error code of CBR', () => {
    expect(check(backupErrored, cbrBackup({ status: 'error', errorCode: 'x' }))).not.toHaveProperty(
      'evidence',
    )
  })

  it('alone is asked of children', () => {
    const asked = [backupErrored, backupExpired, backupStuck, backupUnreplicated].filter(
      ({ ofChildren }) => ofChildren,
    )
    expect(asked).toEqual([backupErrored])
  })
})

describe('backup-stuck', () => {
  const long = { updatedAt: hoursAgo(6) }
  hold(backupStuck, [
    ['fails at six hours', cbrBackup({ status: 'protecting', ...long }), 'fail'],
    ['fails a microsecond after', cbrBackup({ status: 'protecting', updatedAt: hoursAgo(6, 1) }), 'fail'],
    ['passes a microsecond before', cbrBackup({ status: 'protecting', updatedAt: hoursAgo(6, -1) }), 'pass'],
    [
      'takes the time of creation where there was no change',
      cbrBackup({ status: 'deleting', updatedAt: undefined, createdAt: hoursAgo(6) }),
      'fail',
    ],
    [
      'takes the change where there was one',
      cbrBackup({ status: 'deleting', updatedAt: hoursAgo(1), createdAt: hoursAgo(60) }),
      'pass',
    ],
    [
      'cannot judge an unreadable change',
      cbrBackup({ status: 'restoring', updatedAt: 'unknown' }),
      'unknown',
    ],
    ['needs no change of what rests', cbrBackup({ updatedAt: 'unknown' }), 'pass'],
    [
      'passes a strange status that changed lately',
      cbrBackup({ status: 'x', updatedAt: hoursAgo(1) }),
      'pass',
    ],
    [
      'obeys the policy',
      cbrBackup({ status: 'protecting', ...long }),
      'pass',
      { stuck: { after: '6.001h' } },
    ],
    ['fails a DCS record that waits', dcsBackup({ status: 'waiting', ...long }), 'fail'],
  ])

  it('asks of everything that moves', () => {
    const cbr = byStatus(backupStuck, (changes) => cbrBackup({ ...changes, ...long }))
    expect(cbr.fail).toEqual([
      ...STATUSES.cbr.filter((s) => s !== 'available' && s !== 'error'),
      'waiting_foo',
    ])
    expect(cbr.pass).toEqual(['available', 'error'])
    const dcs = byStatus(backupStuck, (changes) => dcsBackup({ ...changes, ...long }))
    expect(dcs.fail).toEqual(['waiting', 'backuping'])
    expect(dcs.pass).toEqual(['succeed', 'failed', 'expired', 'deleted'])
  })
})

describe('backup-unreplicated', () => {
  const bare = (changes: Partial<Backup> = {}) =>
    cbrBackup({ replications: [], createdAt: hoursAgo(24), ...changes })
  const auto = { replication: { required: 'auto' } }
  const vault = (replicates: boolean | 'unknown') => ({ vault: { ...VAULT, replicates } })
  hold(backupUnreplicated, [
    ['fails at the end of the grace', bare(), 'fail'],
    ['fails a microsecond after', bare({ createdAt: hoursAgo(24, 1) }), 'fail'],
    ['passes a microsecond before', bare({ createdAt: hoursAgo(24, -1) }), 'pass'],
    ['passes what has a copy', bare({ replications: [replication({})] }), 'pass'],
    [
      'passes where any record succeeded, whatever came later',
      bare({
        replications: [replication({}), replication({ id: 'r2', status: 'unknown', createdAt: AS_OF })],
      }),
      'pass',
    ],
    ['is not asked of copies', bare({ imageType: 'replication' }), 'pass'],
    ['is not asked of DCS', dcsBackup({ createdAt: hoursAgo(99) }), 'pass'],
    ['cannot judge without an image_type', bare({ imageType: 'unknown' }), 'unknown'],
    ['cannot judge a strange image_type', bare({ imageType: 'mirror' }), 'unknown'],
    ['passes a strange image_type that is young', bare({ imageType: 'mirror', createdAt: AS_OF }), 'pass'],
    ['cannot judge unreadable records', bare({ replications: 'unknown' }), 'unknown'],
    [
      'passes unreadable records of a failed backup',
      bare({ replications: 'unknown', status: 'error' }),
      'pass',
    ],
    [
      'cannot judge a record without status',
      bare({ replications: [replication({ status: 'unknown' })] }),
      'unknown',
    ],
    [
      'cannot judge a record of strange status',
      bare({ replications: [replication({ status: 'ok' })] }),
      'unknown',
    ],
    ['is not asked where nobody requires a copy', bare(), 'pass', { replication: { required: 'none' } }],
    ['asks all vaults where all are required', bare(vault(false)), 'fail'],
    ['asks replicating vaults', bare(vault(true)), 'fail', auto],
    ['does not ask others', bare(vault(false)), 'pass', auto],
    ['cannot judge a vault of which nobody knows', bare(vault('unknown')), 'unknown', auto],
    ['cannot judge a vault that is not listed', bare({ vault: undefined }), 'unknown', auto],
    ['needs no vault where all are required', bare({ vault: undefined }), 'fail'],
  ])

  it('asks of available backups alone', () => {
    const { fail, pass } = byStatus(backupUnreplicated, bare)
    expect(fail).toEqual(['available'])
    expect(pass).toEqual([...STATUSES.cbr.filter((status) => status !== 'available'), 'waiting_foo'])
  })

  it('says none where nothing was tried', () => {
    expect(check(backupUnreplicated, bare())).toMatchObject({
      because: 'The backup was created 24.00 h ago (2026-11-19T12:00:00.000Z) and was never replicated',
      evidence: { replication_status: 'none', replication_region: null, replication_error: null },
    })
  })

  const latest = (...records: Parameters<typeof replication>[0][]) =>
    check(backupUnreplicated, bare({ replications: records.map(replication) }))
  it('tells of the latest record, by time, then by id', () => {
    const [older, newer] = [hoursAgo(20), hoursAgo(10)]
    expect(
      latest({ id: 'z', status: 'skip', createdAt: older }, { id: 'a', status: 'fail', createdAt: newer }),
    ).toMatchObject({
      evidence: { replication_status: 'fail' },
    })
    expect(
      latest({ id: 'b', status: 'skip', createdAt: older }, { id: 'a', status: 'fail', createdAt: older }),
    ).toMatchObject({
      evidence: { replication_status: 'skip' },
    })
    expect(
      latest(
        { id: 'z', status: 'skip', createdAt: 'unknown' },
        { id: 'a', status: 'replicating', createdAt: older },
      ),
    ).toMatchObject({
      evidence: { replication_status: 'replicating', replication_region: 'cn-east-3' },
    })
  })

  it.each([
    ['C.1', 'no room', 'C.1: no room'],
    ['C.1', undefined, 'C.1'],
    [undefined, 'no room', 'no room'],
    [undefined, undefined, null],
  ])('gives the code %s and the reason %s as %s', (failCode, failReason, expected) => {
    expect(latest({ status: 'fail', failCode, failReason })).toMatchObject({
      evidence: { replication_error: expected },
    })
  })
})
