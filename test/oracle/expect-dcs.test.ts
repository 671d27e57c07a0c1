import { describe, expect, it } from 'vitest'
import { audit, auditRecords, instance, project, record } from './tiny.ts'

describe('DCS records', () => {
  it('are found by their own statuses, with Huawei’s error code', () => {
    const { findings } = auditRecords([
      record('d1', { status: 'expired' }),
      record('d2', { status: 'failed', error_code: 'dcs.08.0001' }),
      record('d3', { status: 'failed', error_code: {} }),
      record('d4', { status: 'backuping', updated_at: '2025-06-01T06:00:00.000Z' }),
      record('d5', { status: 'waiting', updated_at: undefined, created_at: '2025-06-01T06:00:00.000Z' }),
      record('d6', { status: 'deleted' }),
      record('d7'),
    ])
    expect(findings.map((one) => [one.control, one.severity, one.backup_id, one.error_code])).toEqual([
      ['backup-errored', 'high', 'd2', 'dcs.08.0001'],
      ['backup-errored', 'high', 'd3', null],
      ['backup-expired', 'low', 'd1', null],
      ['backup-stuck', 'medium', 'd4', null],
      ['backup-stuck', 'medium', 'd5', null],
    ])
  })

  it('leave expired, errored and stuck unknown where the status is strange', () => {
    const strange = (updated_at: string) =>
      auditRecords([record('d1', { status: 'available', updated_at }), record('d2')])
    expect(strange('2025-06-01T07:00:00.000Z').open).toEqual({ 'backup-expired': 1, 'backup-errored': 1 })
    expect(strange('2025-06-01T05:00:00.000Z').open).toEqual({
      'backup-expired': 1,
      'backup-errored': 1,
      'backup-stuck': 1,
    })
  })

  it.each(['FALSE', 'false', 'False', false])(
    'are not usable where is_support_restore is %j',
    (is_support_restore) => {
      expect(auditRecords([record('d1', { is_support_restore })]).found).toEqual([
        'recovery-point-missing i1',
      ])
    },
  )

  it.each(['TRUE', 'true', 'maybe', '', true, null, undefined, {}])(
    'are usable where is_support_restore is %j',
    (is_support_restore) => {
      const { found, open, resources } = auditRecords([record('d1', { is_support_restore })])
      expect([found, open, resources[0]?.usable]).toEqual([[], {}, 1])
    },
  )

  it.each([[1], [0], [[]], [['TRUE']]])(
    'leave the recovery point unknown where is_support_restore is %j',
    (is_support_restore) => {
      const { found, open } = auditRecords([record('d1', { is_support_restore })])
      expect([found, open]).toEqual([[], { 'recovery-point-missing': 1 }])
    },
  )

  it('belong to the instance that lists them, where they do not say themselves', () => {
    const { resources } = auditRecords([
      record('d1', { instance_id: undefined }),
      record('d2', { instance_id: 7 }),
    ])
    expect(resources).toMatchObject([
      { resource_id: 'i1', backups: 2, usable: 2, copies: 0, copy_regions: '' },
    ])
  })

  it('carry place, name and enterprise project of their instance', () => {
    const { findings } = auditRecords([record('d1', { status: 'failed' }), record('d2')])
    expect(findings).toEqual([
      {
        control: 'backup-errored',
        severity: 'high',
        service: 'dcs',
        region: 'cn-north-4',
        project_id: 'p1',
        enterprise_project_id: '0',
        vault_id: null,
        vault_name: null,
        resource_id: 'i1',
        resource_name: 'name of i1',
        resource_type: 'DCS::Instance',
        backup_id: 'd1',
        parent_backup_id: null,
        backup_name: 'name of d1',
        backup_status: 'failed',
        image_type: null,
        created_at: '2025-06-01T08:00:00.000Z',
        expired_at: null,
        overdue_hours: null,
        age_hours: 4,
        size_bytes: 880232,
        incremental: null,
        replication_status: null,
        replication_region: null,
        replication_error: null,
        error_code: null,
      },
    ])
  })
})

describe('DCS instances', () => {
  it('of a single node are never missing or stale', () => {
    const old = record('d1', { created_at: '2025-05-01T00:00:00.000Z' })
    expect(auditRecords([], { cache_mode: 'single' }).found).toEqual([])
    const { found, open, resources } = auditRecords([old], { cache_mode: 'single' })
    expect([found, open]).toEqual([[], {}])
    expect(resources).toMatchObject([{ can_be_backed_up: false, last_usable_backup_id: 'd1' }])
  })

  it.each(['ha', 'cluster', 'proxy', 'quantum'])('of mode %s can be backed up', (cache_mode) => {
    const { found, resources } = auditRecords([], { cache_mode })
    expect([found, resources[0]?.can_be_backed_up]).toEqual([['recovery-point-missing i1'], true])
  })

  it.each([undefined, null, {}, 5])(
    'of mode %j leave it unknown, but only where there would be a finding',
    (cache_mode) => {
      const { found, open, resources } = auditRecords([], { cache_mode })
      expect([found, open, resources[0]?.can_be_backed_up]).toEqual([
        [],
        { 'recovery-point-missing': 1 },
        null,
      ])
      expect(auditRecords([record('d1')], { cache_mode }).open).toEqual({})
      const old = record('d1', { created_at: '2025-05-01T00:00:00.000Z' })
      expect(auditRecords([old], { cache_mode }).open).toEqual({ 'recovery-point-stale': 1 })
    },
  )

  it.each(['CREATING', 'CREATEFAILED'])(
    'that are %s are no resources, and their records are not read',
    (status) => {
      const result = auditRecords([record('d1', { status: 'failed' }), record('d2', { status: 1 })], {
        status,
      })
      expect([result.found, result.resources, result.backups, result.malformed]).toEqual([[], [], 0, 0])
    },
  )

  it('without a list of records have none', () => {
    const { found, backups } = audit([project({ instances: [instance('i1', { status: 'DREAMING' })] })])
    expect([found, backups]).toEqual([['recovery-point-missing i1'], 0])
  })
})
