import { describe, expect, it } from 'vitest'
import { auditBackups, backup } from './tiny.ts'

describe('backup-expired', () => {
  it.each([
    ['2025-06-01T12:00:00', ['backup-expired b1', 'recovery-point-missing r1']],
    ['2025-06-01T20:00:00.000000+08:00', ['backup-expired b1', 'recovery-point-missing r1']],
    ['2025-06-01T11:59:59.999999', ['backup-expired b1', 'recovery-point-missing r1']],
    ['2025-06-01T12:00:00.000001', []],
    [null, []],
  ])('judges an expiry at %s to the microsecond', (expired_at, found) => {
    expect(auditBackups([backup('b1', { expired_at })]).found).toEqual(found)
  })

  it('waits for the grace of the policy, though the backup is not usable meanwhile', () => {
    const policy = { expired: { grace: '1h' } }
    const within = auditBackups([backup('b1', { expired_at: '2025-06-01T11:00:00.000001' })], policy)
    const after = auditBackups([backup('b1', { expired_at: '2025-06-01T11:00:00' })], policy)
    expect(within.found).toEqual(['recovery-point-missing r1'])
    expect(after.found).toEqual(['backup-expired b1', 'recovery-point-missing r1'])
  })

  it.each([undefined, 'never', 0, {}, ''])(
    'is unknown where expired_at is %j, and so are the recovery points',
    (expired_at) => {
      const { found, open } = auditBackups([backup('b1', { expired_at })])
      expect(found).toEqual([])
      expect(open).toEqual({ 'backup-expired': 1, 'recovery-point-missing': 1 })
    },
  )

  it('is asked of copies and of backups in any status', () => {
    const expired_at = '2025-05-31T12:00:00'
    const { found } = auditBackups([
      backup('b1', { expired_at, image_type: 'replication' }),
      backup('b2', { expired_at, status: 'deleting', updated_at: '2025-06-01T11:00:00' }),
      backup('b3'),
    ])
    expect(found).toEqual(['backup-expired b1', 'backup-expired b2'])
  })
})

describe('backup-errored', () => {
  it('finds status error, in copies too', () => {
    const { found } = auditBackups([
      backup('b1', { status: 'error' }),
      backup('b2', { status: 'error', image_type: 'replication' }),
      backup('b3'),
    ])
    expect(found).toEqual(['backup-errored b1', 'backup-errored b2'])
  })

  it.each(['error_deleting', 'AVAILABLE', 'succeed', 'waiting'])(
    'is unknown for the strange status %s, which is not usable',
    (status) => {
      const { found, open, backups, malformed } = auditBackups([backup('b1', { status })])
      expect(found).toEqual(['recovery-point-missing r1'])
      expect(open).toEqual({ 'backup-errored': 1 })
      expect([backups, malformed]).toEqual([1, 0])
    },
  )
})

describe('backup-stuck', () => {
  it.each(['protecting', 'deleting', 'restoring', 'waiting_protect', 'waiting_something_new'])(
    'finds %s once updated_at is six hours old',
    (status) => {
      const at = (updated_at: unknown) =>
        auditBackups([backup('b1', { status, updated_at }), backup('b2')]).found
      expect(at('2025-06-01T06:00:00.000000')).toEqual(['backup-stuck b1'])
      expect(at('2025-06-01T05:59:59.999999')).toEqual(['backup-stuck b1'])
      expect(at('2025-06-01T06:00:00.000001')).toEqual([])
    },
  )

  it.each([undefined, null])('goes by created_at where updated_at is %j', (updated_at) => {
    const at = (created_at: string) =>
      auditBackups([backup('b1', { status: 'protecting', updated_at, created_at }), backup('b2')]).found
    expect(at('2025-06-01T06:00:00')).toEqual(['backup-stuck b1'])
    expect(at('2025-06-01T06:00:00.000001')).toEqual([])
  })

  it.each([5, 'soon', {}])('is unknown where updated_at is %j', (updated_at) => {
    const { open } = auditBackups([backup('b1', { status: 'protecting', updated_at }), backup('b2')])
    expect(open).toEqual({ 'backup-stuck': 1 })
  })

  it('is unknown for a strange status only where the age holds', () => {
    const at = (updated_at: string) =>
      auditBackups([backup('b1', { status: 'quantum', updated_at }), backup('b2')]).open
    expect(at('2025-06-01T06:00:00')).toEqual({ 'backup-errored': 1, 'backup-stuck': 1 })
    expect(at('2025-06-01T06:00:00.000001')).toEqual({ 'backup-errored': 1 })
  })
})

describe('backup-unreplicated', () => {
  const old = '2025-05-31T12:00:00'
  const policy = (required: string) => ({ replication: { required } })

  it('waits a day, to the microsecond', () => {
    const at = (created_at: string) =>
      auditBackups([backup('b1', { created_at, replication_records: [] })]).found
    expect(at('2025-05-31T12:00:00.000000')).toEqual(['backup-unreplicated b1'])
    expect(at('2025-05-31T20:00:00+08:00')).toEqual(['backup-unreplicated b1'])
    expect(at('2025-05-31T12:00:00.000001')).toEqual([])
  })

  it.each([undefined, null, []])('takes records that are %j for none', (replication_records) => {
    const { findings } = auditBackups([backup('b1', { created_at: old, replication_records })])
    expect(findings).toMatchObject([
      { replication_status: 'none', replication_region: null, replication_error: null },
    ])
  })

  it.each([['none'], [{}], [[null]], [[{ status: 'paused' }]], [[{ status: 'fail' }, { status: 3 }]]])(
    'is unknown where the records are %j',
    (replication_records) => {
      const { found, open } = auditBackups([backup('b1', { created_at: old, replication_records })])
      expect([found, open]).toEqual([[], { 'backup-unreplicated': 1 }])
    },
  )

  it('is content with one success among any others', () => {
    const replication_records = [{ status: 'paused' }, { status: 'success' }, { status: 'fail' }]
    expect(auditBackups([backup('b1', { created_at: old, replication_records })]).found).toEqual([])
  })

  it('reports the latest record by created_at, unreadable ones first, then by id', () => {
    const latest = (...replication_records: object[]) =>
      auditBackups([backup('b1', { created_at: old, replication_records })]).findings.map((one) => [
        one.replication_status,
        one.replication_region,
        one.replication_error,
      ])
    const fail = {
      id: 'a',
      status: 'fail',
      created_at: '2025-06-01T01:00:00.000001',
      destination_region: 'ap-southeast-2',
      extra_info: { fail_code: 'BackupService.6302', fail_reason: 'gone', destinatio_vault_id: 'v' },
    }
    const skip = { id: 'b', status: 'skip', created_at: '2025-06-01T01:00:00' }
    expect(latest(fail, skip)).toEqual([['fail', 'ap-southeast-2', 'BackupService.6302: gone']])
    expect(latest({ ...fail, created_at: '2025-06-01T09:00:00+08:00' }, skip)).toEqual([['skip', null, null]])
    expect(latest({ ...fail, created_at: null }, { ...skip, id: '0' })).toEqual([['skip', null, null]])
    expect(latest({ ...fail, created_at: null }, { ...skip, created_at: 'soon' })).toEqual([
      ['skip', null, null],
    ])
  })

  it.each([
    [{ fail_code: 'C.1', fail_reason: 'why' }, 'C.1: why'],
    ['{"fail_code":"C.1","fail_reason":"why"}', 'C.1: why'],
    [{ fail_code: 'C.1', fail_reason: null }, 'C.1'],
    [{ fail_code: '', fail_reason: 'why' }, 'why'],
    ['{"fail_code":', null],
    [null, null],
    [undefined, null],
  ])('reads the error from extra_info %j', (extra_info, error) => {
    const replication_records = [{ id: 'a', status: 'fail', created_at: old, extra_info }]
    const { findings } = auditBackups([backup('b1', { created_at: old, replication_records })])
    expect(findings).toMatchObject([{ replication_error: error }])
  })

  it('is not asked of copies, nor of backups that are not available, nor where no copy is required', () => {
    const fields = { created_at: old, replication_records: [] }
    const others = [
      backup('b1', { ...fields, image_type: 'replication' }),
      backup('b2', { ...fields, status: 'error' }),
    ]
    expect(auditBackups([...others, backup('b3')]).found).toEqual(['backup-errored b2'])
    expect(auditBackups([backup('b1', fields)], policy('none')).found).toEqual([])
  })

  it('is unknown where image_type is missing, mistyped or strange, or the status strange', () => {
    const fields = { created_at: old, replication_records: [] }
    for (const image_type of [undefined, null, 7, 'snapshot']) {
      const { open } = auditBackups([backup('b1', { ...fields, image_type }), backup('b2')])
      expect(open).toEqual({ 'backup-unreplicated': 1 })
    }
    const { open } = auditBackups([backup('b1', { ...fields, status: 'quantum' }), backup('b2')])
    expect(open).toEqual({ 'backup-unreplicated': 1, 'backup-errored': 1 })
  })
})
