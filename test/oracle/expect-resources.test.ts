import { describe, expect, it } from 'vitest'
import { audit, auditBackups, backup, entry, project, vault } from './tiny.ts'
import type { WireObject } from './wire.ts'

const abroad = { id: 'p2', name: 'ap-southeast-1', region: 'ap-southeast-1' }

describe('recovery-point-stale', () => {
  it.each([
    ['2025-05-31T10:00:00.000000', ['recovery-point-stale b1']],
    ['2025-05-31T09:59:59.999999', ['recovery-point-stale b1']],
    ['2025-05-31T18:00:00.000000+08:00', ['recovery-point-stale b1']],
    ['2025-05-31T10:00:00.000001', []],
  ])('judges a newest backup of %s to the microsecond', (created_at, found) => {
    expect(auditBackups([backup('b1', { created_at })]).found).toEqual(found)
  })

  it('goes by the newest backup, however fresh a copy is', () => {
    const { found, resources } = auditBackups([
      backup('b1', { created_at: '2025-05-30T00:00:00' }),
      backup('b2', { created_at: '2025-05-31T00:00:00' }),
      backup('b3', { image_type: 'replication' }),
    ])
    expect(found).toEqual(['recovery-point-stale b2'])
    expect(resources).toMatchObject([
      {
        backups: 3,
        usable: 3,
        copies: 1,
        copy_regions: 'cn-north-4',
        last_usable_backup_id: 'b2',
        age_hours: 36,
      },
    ])
  })

  it('goes by the newest copy where there is no usable backup', () => {
    const copy = (id: string, created_at: string) => backup(id, { created_at, image_type: 'replication' })
    const { found } = auditBackups([copy('c1', '2025-05-01T00:00:00'), copy('c2', '2025-05-02T00:00:00')])
    expect(found).toEqual(['recovery-point-stale c2'])
    expect(
      auditBackups([backup('b1', { status: 'error' }), copy('c1', '2025-06-01T00:00:00')]).found,
    ).toEqual(['backup-errored b1'])
  })

  it('names the lowest id of those that are equally new, across notations', () => {
    const { found } = auditBackups([
      backup('b3', { created_at: '2025-05-30T00:00:00.000000' }),
      backup('b2', { created_at: '2025-05-30T00:00:00Z' }),
      backup('b4', { created_at: '2025-05-30T08:00:00.000+08:00' }),
    ])
    expect(found).toEqual(['recovery-point-stale b2'])
  })

  it('takes its place from the resource and its backup columns from the recovery point', () => {
    const { findings } = audit([
      project({ vaults: [vault('v1', [entry('r1')], { enterprise_project_id: 0 })] }),
      project({
        ...abroad,
        backups: [
          backup('c1', {
            image_type: 'replication',
            created_at: '2025-05-30T12:00:00',
            vault_id: 'v9',
            resource_name: 'x',
          }),
        ],
      }),
    ])
    expect(findings).toEqual([
      {
        control: 'recovery-point-stale',
        severity: 'high',
        service: 'cbr',
        region: 'cn-north-4',
        project_id: 'p1',
        enterprise_project_id: '0',
        vault_id: 'v1',
        vault_name: 'name of v1',
        resource_id: 'r1',
        resource_name: 'entry of r1',
        resource_type: 'OS::Nova::Server',
        backup_id: 'c1',
        parent_backup_id: null,
        backup_name: 'name of c1',
        backup_status: 'available',
        image_type: 'replication',
        created_at: '2025-05-30T12:00:00.000Z',
        expired_at: null,
        overdue_hours: null,
        age_hours: 48,
        size_bytes: 50 * 2 ** 30,
        incremental: true,
        replication_status: null,
        replication_region: null,
        replication_error: null,
        error_code: null,
      },
    ])
  })
})

describe('doubt about usability', () => {
  const fresh = '2025-06-01T09:00:00'
  const old = '2025-05-30T00:00:00'
  const older = '2025-05-29T00:00:00'

  it('leaves missing unknown where nothing is surely usable, and stale where the doubtful one is old', () => {
    expect(auditBackups([backup('b1', { created_at: fresh, expired_at: undefined })]).open).toEqual({
      'backup-expired': 1,
      'recovery-point-missing': 1,
    })
    expect(auditBackups([backup('b1', { created_at: old, expired_at: undefined })]).open).toEqual({
      'backup-expired': 1,
      'recovery-point-missing': 1,
      'recovery-point-stale': 1,
    })
  })

  it('does not arise from a missing image_type, which leaves open only whether it is a copy', () => {
    const { found, open } = auditBackups([backup('b1', { created_at: old, image_type: null })])
    expect([found, open]).toEqual([['recovery-point-stale b1'], {}])
  })

  it('changes nothing where the doubtful one is older than a sure one', () => {
    const { found, open } = auditBackups([
      backup('b1', { created_at: old }),
      backup('b2', { created_at: older, image_type: 8 }),
    ])
    expect([found, open]).toEqual([['recovery-point-stale b1'], {}])
  })

  it('leaves stale unknown where the doubtful one is newer and fresh, not where both are too old', () => {
    expect(
      auditBackups([backup('b1', { created_at: old }), backup('b2', { created_at: fresh, image_type: 8 })]),
    ).toMatchObject({
      found: [],
      open: { 'recovery-point-stale': 1 },
    })
    expect(
      auditBackups([backup('b1', { created_at: older }), backup('b2', { created_at: old, image_type: 8 })]),
    ).toMatchObject({
      found: ['recovery-point-stale b2'],
      open: {},
    })
  })

  it('counts that a doubtful old backup would take precedence over a fresh copy', () => {
    const copy = backup('c1', { created_at: fresh, image_type: 'replication' })
    expect(auditBackups([copy, backup('b1', { created_at: old, expired_at: 'never' })]).open).toEqual({
      'backup-expired': 1,
      'recovery-point-stale': 1,
    })
    expect(auditBackups([copy, backup('b1', { created_at: old, image_type: undefined })]).open).toEqual({
      'recovery-point-stale': 1,
    })
    expect(
      auditBackups([copy, backup('c2', { created_at: old, image_type: 'replication', expired_at: 0 })]).open,
    ).toEqual({
      'backup-expired': 1,
    })
  })

  it('does not arise from a strange image_type, which is not usable', () => {
    const { found, open } = auditBackups([backup('b1', { image_type: 'snapshot' })])
    expect([found, open]).toEqual([['recovery-point-missing r1'], {}])
  })
})

describe('rows of resources', () => {
  it('are one for each protected resource, good or bad, with every column', () => {
    const { resources } = audit([
      project({
        vaults: [vault('v1', [entry('r1')])],
        backups: [
          backup('b1', { expired_at: '2025-07-01T00:00:00' }),
          backup('b2', { expired_at: '2025-06-20T08:00:00+08:00', created_at: '2025-05-31T00:00:00' }),
          backup('b3', { expired_at: '2025-06-01T00:00:00', status: 'error' }),
        ],
      }),
      project({ ...abroad, backups: [backup('c1', { image_type: 'replication', status: 'deleting' })] }),
    ])
    expect(resources).toEqual([
      {
        service: 'cbr',
        region: 'cn-north-4',
        project_id: 'p1',
        enterprise_project_id: '0',
        resource_id: 'r1',
        resource_name: 'entry of r1',
        resource_type: 'OS::Nova::Server',
        vault_id: 'v1',
        vault_name: 'name of v1',
        can_be_backed_up: true,
        backups: 4,
        usable: 2,
        last_usable_backup_id: 'b1',
        last_usable_at: '2025-06-01T08:00:00.000Z',
        age_hours: 4,
        next_expiry_at: '2025-06-20T00:00:00.000Z',
        copies: 1,
        copy_regions: 'ap-southeast-1',
        worst_severity: 'high',
        findings: 2,
      },
    ])
  })

  it('list the distinct regions of copies, sorted', () => {
    const copy = (id: string) => backup(id, { image_type: 'replication' })
    const { resources } = audit([
      project({ backups: [copy('c1'), copy('c2')] }),
      project({ ...abroad, backups: [copy('c3')] }),
    ])
    expect(resources).toMatchObject([{ copies: 3, copy_regions: 'ap-southeast-1;cn-north-4' }])
  })

  it('go to a vault that holds the resource before one that it has left, then to the lowest id', () => {
    const home = (...vaults: WireObject[][]) =>
      audit([
        project({ vaults: vaults.map((resources, index) => vault(`v${index}`, resources)) }),
      ]).resources.map((row) => row.vault_id)
    expect(home([entry('r1', { protect_status: 'removing' })], [entry('r1')])).toEqual(['v1'])
    expect(home([entry('r1', { protect_status: null })], [entry('r1')])).toEqual(['v0'])
    expect(home([entry('r1', { protect_status: undefined })])).toEqual(['v0'])
  })

  it.each(['deleted', 'removing'])(
    'need a backup inside the audit where the vault says %s, and still name that vault',
    (protect_status) => {
      const vaults = [vault('v0', [entry('r1', { protect_status })])]
      const rows = (backups: WireObject[]) => audit([project({ vaults, backups })]).resources
      expect(rows([])).toEqual([])
      expect(rows([backup('b1', { created_at: '2025-06-01T12:00:00.000001' })])).toEqual([])
      expect(rows([backup('b1', { status: 3 })])).toEqual([])
      expect(rows([backup('b1', { status: 'error' })])).toMatchObject([
        { vault_id: 'v0', resource_name: 'entry of r1' },
      ])
    },
  )

  it('go to the newest backup where no vault lists the resource, else to the newest copy, ties to the lowest id', () => {
    const backups = [
      backup('b2', { created_at: '2025-05-31T12:00:00Z', vault_id: 'v2', resource_name: 'two' }),
      backup('b1', {
        created_at: '2025-05-31T12:00:00',
        vault_id: 'v1',
        resource_name: 'one',
        enterprise_project_id: 7,
      }),
    ]
    const copies = [backup('c1', { image_type: 'replication', vault_id: 'v3', resource_name: 'copy' })]
    const vaults = [vault('v3', [], { enterprise_project_id: 'e3', name: null })]
    expect(
      audit([project({ backups }), project({ ...abroad, vaults, backups: copies })]).resources,
    ).toMatchObject([
      {
        region: 'cn-north-4',
        vault_id: 'v1',
        vault_name: null,
        resource_name: 'one',
        enterprise_project_id: '7',
      },
    ])
    expect(audit([project({ ...abroad, vaults, backups: copies })]).resources).toMatchObject([
      {
        region: 'ap-southeast-1',
        vault_id: 'v3',
        vault_name: null,
        resource_name: 'copy',
        enterprise_project_id: 'e3',
      },
    ])
  })

  it('of a vault alone have no recovery point', () => {
    const { found, findings } = audit([project({ vaults: [vault('v1', [entry('r1')])] })])
    expect(found).toEqual(['recovery-point-missing r1'])
    expect(findings).toMatchObject([
      { severity: 'critical', vault_id: 'v1', backup_id: null, created_at: null, age_hours: null },
    ])
  })

  it('do not arise from a backup without a readable resource_id, which is judged all the same', () => {
    const { found, resources, backups } = auditBackups([backup('b1', { resource_id: 5, status: 'error' })])
    expect([found, resources, backups]).toEqual([['backup-errored b1'], [], 1])
  })
})
