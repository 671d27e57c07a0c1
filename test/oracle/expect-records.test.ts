import { describe, expect, it } from 'vitest'
import { audit, auditBackups, auditRecords, backup, project, record, vault } from './tiny.ts'
import type { WireObject } from './wire.ts'

describe('the moment of the audit', () => {
  it.each([
    ['2025-06-01T12:00:00', 1],
    ['2025-06-01T20:00:00.000000+08:00', 1],
    ['2025-06-01T12:00:00.000001', 0],
    ['2025-06-01T12:00:00.000001Z', 0],
  ])('has a backup of %s counted %i times', (created_at, count) => {
    const { found, backups, resources } = auditBackups([backup('b1', { created_at, status: 'error' })])
    expect([found.length, backups, resources.length]).toEqual([2 * count, count, count])
    expect(auditRecords([record('d1', { created_at })]).backups).toBe(count)
  })
})

describe('records that cannot be read', () => {
  it.each([
    { id: undefined },
    { id: '' },
    { id: 5 },
    { created_at: undefined },
    { created_at: null },
    { created_at: 'yesterday' },
    { created_at: '2025-02-30T00:00:00' },
    { created_at: 1_748_779_200 },
    { status: undefined },
    { status: 1 },
    { status: {} },
  ])('with %j are malformed and nothing else', (fields) => {
    const result = auditBackups([backup('b1', { expired_at: '2025-05-01T00:00:00', ...fields })])
    expect([result.found, result.open, result.resources, result.backups, result.malformed]).toEqual([
      [],
      {},
      [],
      0,
      1,
    ])
  })

  it('may be DCS records', () => {
    const { backups, malformed } = auditRecords([
      record('d1', { backup_id: undefined }),
      record('d2', { created_at: {} }),
      record('d3', { status: null }),
      record('d4'),
    ])
    expect([backups, malformed]).toEqual([1, 3])
  })

  it('may be children, which does not harm their parent', () => {
    const children = [backup('x', { id: 5 }), backup('y', { status: null }), backup('z', { status: 'error' })]
    const { found, backups, malformed } = auditBackups([backup('b1', { children })])
    expect([found, backups, malformed]).toEqual([['backup-errored z'], 1, 2])
  })
})

describe('children', () => {
  const bad = (id: string, fields = {}) => backup(id, { status: 'error', resource_id: 'r9', ...fields })

  it('are asked for errors alone, and are no recovery points, no resources and not counted', () => {
    const children = [
      bad('k1', { expired_at: '2025-05-01T00:00:00', replication_records: [] }),
      backup('k2', { status: 'protecting', updated_at: '2025-05-01T00:00:00' }),
      backup('k3', { status: 'quantum', updated_at: '2025-05-01T00:00:00', expired_at: undefined }),
    ]
    const result = auditBackups([backup('b1', { children, status: 'deleting', updated_at: null })])
    expect(result.found).toEqual(['backup-errored k1', 'recovery-point-missing r1'])
    expect(result.open).toEqual({ 'backup-errored': 1 })
    expect([result.backups, result.resources.length]).toEqual([1, 1])
  })

  it('keep their own columns; only the name and the enterprise project of the vault are looked up', () => {
    const child = bad('k1', {
      vault_id: 'v2',
      resource_name: undefined,
      resource_type: 3,
      resource_size: '40',
      incremental: undefined,
      extend_info: { incremental: false },
      expired_at: '2025-05-31T12:00:00',
      parent_id: 'somebody else',
    })
    const { findings } = audit([
      project({
        vaults: [vault('v2', [], { enterprise_project_id: 0 })],
        backups: [backup('b1', { children: [child] })],
      }),
    ])
    expect(findings).toEqual([
      {
        control: 'backup-errored',
        severity: 'high',
        service: 'cbr',
        region: 'cn-north-4',
        project_id: 'p1',
        enterprise_project_id: '0',
        vault_id: 'v2',
        vault_name: 'name of v2',
        resource_id: 'r9',
        resource_name: null,
        resource_type: null,
        backup_id: 'k1',
        parent_backup_id: 'b1',
        backup_name: 'name of k1',
        backup_status: 'error',
        image_type: 'backup',
        created_at: '2025-06-01T08:00:00.000Z',
        expired_at: '2025-05-31T12:00:00.000Z',
        overdue_hours: null,
        age_hours: 4,
        size_bytes: 40 * 2 ** 30,
        incremental: false,
        replication_status: null,
        replication_region: null,
        replication_error: null,
        error_code: null,
      },
    ])
  })

  it('count for a resource of the audit that has the same id', () => {
    const { resources } = auditBackups([backup('b1', { children: [bad('k1', { resource_id: 'r1' })] })])
    expect(resources).toMatchObject([{ resource_id: 'r1', backups: 1, findings: 1, worst_severity: 'high' }])
  })

  it('that are listed at the top level of the project are judged there alone', () => {
    const parent = backup('b1', { children: [bad('k1')] })
    expect(auditBackups([parent, backup('k1')]).found).toEqual([])
    expect(auditBackups([parent, bad('k1', { resource_id: 'r1', parent_id: 'b1' })]).findings).toMatchObject([
      { control: 'backup-errored', backup_id: 'k1', parent_backup_id: 'b1' },
    ])
    const elsewhere = project({ id: 'p2', region: 'ap-southeast-1', backups: [backup('k1')] })
    expect(audit([project({ backups: [parent] }), elsewhere]).found).toEqual(['backup-errored k1'])
  })

  it('under two parents are one, under the lowest parent id', () => {
    const { findings } = auditBackups([
      backup('b2', { children: [bad('k1')] }),
      backup('b1', { children: [bad('k1')] }),
    ])
    expect(findings).toMatchObject([{ backup_id: 'k1', parent_backup_id: 'b1' }])
    const strange = () => backup('k1', { status: 'quantum' })
    const { open } = auditBackups([
      backup('b2', { children: [strange()] }),
      backup('b1', { children: [strange()] }),
    ])
    expect(open).toEqual({ 'backup-errored': 1 })
  })

  it('created after the audit, and children of children, are not looked at', () => {
    const late = bad('k1', { created_at: '2025-06-01T12:00:00.000001' })
    const deep = backup('k2', { children: [bad('k3')] })
    expect(auditBackups([backup('b1', { children: [late, deep] })]).found).toEqual([])
  })

  it('are none where the key is absent or null', () => {
    expect(
      auditBackups([backup('b1', { children: null }), backup('b2', { children: undefined })]).found,
    ).toEqual([])
  })
})

describe('columns of a backup', () => {
  const expired = (fields: object) =>
    audit([
      project({
        vaults: [vault('v1', [], { enterprise_project_id: 'e1' })],
        backups: [backup('b1', { expired_at: '2025-05-31T11:59:59.999999', ...fields }), backup('b2')],
      }),
    ]).findings[0]

  it('floor the hours and the milliseconds', () => {
    expect(expired({ created_at: '2025-05-31T12:00:00.000001' })).toMatchObject({
      created_at: '2025-05-31T12:00:00.000Z',
      expired_at: '2025-05-31T11:59:59.999Z',
      age_hours: 23.99,
      overdue_hours: 24,
    })
  })

  it.each([
    [undefined, 'e1'],
    [null, 'e1'],
    [{}, 'e1'],
    [0, '0'],
    ['0', '0'],
    ['e2', 'e2'],
  ])('take enterprise_project_id %j, else the vault’s', (enterprise_project_id, text) => {
    expect(expired({ enterprise_project_id })).toMatchObject({ enterprise_project_id: text })
  })

  it.each([
    [50, 50 * 2 ** 30],
    ['50', 50 * 2 ** 30],
    [0, 0],
    ['fifty', null],
    [null, null],
    [undefined, null],
  ])('take resource_size %j in GB', (resource_size, bytes) => {
    expect(expired({ resource_size })).toMatchObject({ size_bytes: bytes })
  })

  it.each([
    [true, undefined, true],
    [false, { incremental: true }, false],
    [undefined, { incremental: true }, true],
    ['true', { incremental: false }, false],
    [undefined, null, null],
  ])('take incremental %j beside extend_info %j', (incremental, extend_info, expected) => {
    expect(expired({ incremental, extend_info })).toMatchObject({ incremental: expected })
  })

  it('are null where the wire has another type', () => {
    expect(
      expired({ name: 5, resource_name: null, resource_type: {}, vault_id: 4, image_type: 1 }),
    ).toMatchObject({
      backup_name: null,
      resource_name: null,
      resource_type: null,
      vault_id: null,
      vault_name: null,
      image_type: null,
    })
  })
})

describe('replication.required auto', () => {
  const policy = { replication: { required: 'auto' } }
  const replication = (fields: WireObject): WireObject => ({
    operation_type: 'replication',
    enabled: true,
    associated_vaults: [{ vault_id: 'v1' }],
    ...fields,
  })
  const judge = (policies: WireObject[], fields: object = {}) =>
    audit(
      [
        project({
          policies,
          backups: [backup('b1', { created_at: '2025-05-31T12:00:00', replication_records: [], ...fields })],
        }),
      ],
      policy,
    )

  it('asks only where an enabled replication policy covers the vault', () => {
    expect(judge([replication({})]).found).toEqual(['backup-unreplicated b1'])
    expect(judge([replication({ enabled: false })]).found).toEqual([])
    expect(judge([replication({ operation_type: 'backup' })]).found).toEqual([])
    expect(judge([replication({ associated_vaults: [{ vault_id: 'v2' }] })]).found).toEqual([])
    expect(judge([]).found).toEqual([])
  })

  it('is unknown for a backup that names no vault', () => {
    expect(judge([], { vault_id: null }).open).toEqual({ 'backup-unreplicated': 1 })
  })
})
