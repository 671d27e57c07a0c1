import { describe, expect, it } from 'vitest'
import { createAudit } from '../../../lib/audit/audit.ts'
import { conclude } from '../../../lib/audit/conclude.ts'
import { CONTROLS } from '../../../lib/audit/controls/index.ts'
import { mergeParts } from '../../../lib/audit/merge-parts.ts'
import { readPolicy } from '../../../lib/audit/policy.ts'
import { FINDING_COLUMNS, RESOURCE_COLUMNS } from '../../../lib/audit/record.ts'
import type { Unread } from '../../../lib/audit/unseen.ts'
import type { Backup, Observation, Resource, Target } from '../../../lib/backup.ts'
import { counted } from './counted.ts'
import { findingsOf } from './findings-of.ts'
import { AS_OF, cbrBackup, dcsBackup, hoursAgo, replication, resource, seen, VAULT } from './samples.ts'

function audited(
  shards: readonly (readonly (Backup | Resource | Observation)[])[],
  policy: unknown = {},
  brokeOff: (target: Target) => boolean = () => false,
  unread: Unread = { unreadOutside: () => undefined, isUnreadIn: () => false },
) {
  const terms = {
    auditId: 'audit-1',
    asOf: AS_OF,
    controls: CONTROLS,
    policy: readPolicy(policy, CONTROLS),
    brokeOff,
    ...unread,
  }
  const parts = shards.map((things) => {
    const audit = createAudit(terms)
    audit.observe(things.map((thing): Observation => ('kind' in thing ? thing : seen(thing))))
    return audit.part()
  })
  const conclusion = conclude(mergeParts(parts), terms)
  const resources = counted(conclusion)
  expect(conclusion.resourceCount).toBe(resources.length)
  return { ...conclusion, findings: findingsOf(conclusion), resources }
}

const errored = { status: 'error' }
const found = ({ findings }: ReturnType<typeof audited>) =>
  findings.map(({ control, backup_id, resource_id }) => `${control} ${backup_id ?? resource_id}`).sort()

describe('A finding', () => {
  it('has the columns of the contract, in its order, whatever the control', () => {
    const { findings } = audited([
      [
        cbrBackup({
          status: 'error',
          expiredAt: AS_OF,
          children: [cbrBackup({ id: 'child', parentId: 'backup-1', ...errored })],
        }),
        cbrBackup({ id: 'b2', resourceId: 's2', createdAt: hoursAgo(40), replications: [] }),
        dcsBackup({ status: 'failed', errorCode: 'dcs.08.0001' }),
        dcsBackup({ id: 'r2', status: 'waiting' }),
        resource(),
      ],
    ])
    expect(new Set(findings.map(({ control }) => control))).toEqual(new Set(CONTROLS.map(({ id }) => id)))
    for (const finding of findings) expect(Object.keys(finding)).toEqual(FINDING_COLUMNS)
  })

  it('tells all of an expired backup', () => {
    const { findings } = audited([
      [cbrBackup({ createdAt: hoursAgo(25.5), expiredAt: hoursAgo(1.259), enterpriseProjectId: '0' })],
    ])
    expect(findings.find(({ control }) => control === 'backup-expired')).toEqual({
      finding_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      audit_id: 'audit-1',
      control: 'backup-expired',
      severity: 'medium',
      because: 'The backup expired 1.25 h ago (2026-11-20T10:44:27.600Z) and is still listed',
      delta: 'new',
      first_seen: '2026-11-20T12:00:00.000Z',
      muted: false,
      mute_reason: null,
      mute_until: null,
      service: 'cbr',
      region: 'cn-north-4',
      project_id: 'project-1',
      enterprise_project_id: '0',
      vault_id: 'vault-1',
      vault_name: 'gold',
      resource_id: 'server-1',
      resource_name: 'web-1',
      resource_type: 'OS::Nova::Server',
      backup_id: 'backup-1',
      parent_backup_id: null,
      backup_name: 'nightly',
      backup_status: 'available',
      image_type: 'backup',
      created_at: '2026-11-19T10:30:00.000Z',
      expired_at: '2026-11-20T10:44:27.600Z',
      overdue_hours: 1.25,
      age_hours: 25.5,
      size_bytes: 53687091200,
      incremental: true,
      replication_status: null,
      replication_region: null,
      replication_error: null,
      error_code: null,
      remedy: expect.any(String),
    })
  })

  it('keeps its id over audits, and has another where anything of its key differs', () => {
    const ids = [{}, { id: 'b2' }, { region: 'cn-east-3' }, { projectId: 'p2' }].map(
      (changes) =>
        audited([[cbrBackup({ ...changes, expiredAt: AS_OF, name: undefined }), cbrBackup({ id: 'good' })]])
          .findings[0]?.finding_id,
    )
    expect(new Set(ids).size).toBe(4)
    expect(
      audited([[cbrBackup({ expiredAt: hoursAgo(5) }), cbrBackup({ id: 'good' })]]).findings[0]?.finding_id,
    ).toBe(ids[0])
  })

  it('takes the enterprise project of the vault where the backup has none', () => {
    expect(audited([[cbrBackup(errored)]]).findings[0]?.enterprise_project_id).toBe('ep-1')
  })

  it('of a stale resource names the backup but lives where the resource does', () => {
    const vault = { ...VAULT, id: 'vault-9', name: 'nine' }
    const { findings } = audited([
      [
        resource({ vault }),
        cbrBackup({ createdAt: hoursAgo(40), region: 'cn-east-3', imageType: 'replication' }),
      ],
    ])
    expect(findings).toMatchObject([
      {
        control: 'recovery-point-stale',
        severity: 'high',
        region: 'cn-north-4',
        vault_id: 'vault-9',
        vault_name: 'nine',
        backup_id: 'backup-1',
        image_type: 'replication',
        age_hours: 40,
      },
    ])
  })

  it('of a backup without a readable resource has no resource', () => {
    expect(audited([[cbrBackup({ ...errored, resourceId: 'unknown', imageType: 'unknown' })]])).toMatchObject(
      {
        findings: [{ resource_id: null, image_type: null }],
        resources: [],
        backups: 1,
      },
    )
  })
})

describe('A mute', () => {
  const mute = { owner: 'ops', reason: 'known', until: '2026-12-01', control: 'backup-errored' }
  const muted = (changes: object) =>
    audited([[cbrBackup(errored)]], { mutes: [{ ...mute, ...changes }] }).findings.find(
      ({ control }) => control === 'backup-errored',
    )

  it('marks what it matches, with its reason and end', () => {
    expect(muted({ vault_id: 'vault-1' })).toMatchObject({
      muted: true,
      mute_reason: 'known',
      mute_until: '2026-12-01T00:00:00.000Z',
    })
  })

  it('leaves what differs in one column', () => {
    expect(muted({ vault_id: 'vault-2' })).toMatchObject({
      muted: false,
      mute_reason: null,
      mute_until: null,
    })
  })

  it('ends at its until', () => {
    expect(muted({ until: '2026-11-20T12:00:00.000001' })?.muted).toBe(true)
    expect(muted({ until: '2026-11-20T12:00:00' })?.muted).toBe(false)
  })
})

describe('Children', () => {
  const child = cbrBackup({ id: 'child', parentId: 'backup-1', resourceId: 'disk-1', ...errored })
  const parent = cbrBackup({ children: [child] })

  it('are asked whether they failed, and make no resource', () => {
    const conclusion = audited([[parent]])
    expect(found(conclusion)).toEqual(['backup-errored child'])
    expect(conclusion.findings[0]).toMatchObject({ parent_backup_id: 'backup-1', resource_id: 'disk-1' })
    expect(conclusion).toMatchObject({ backups: 1, resources: [{ resource_id: 'server-1', findings: 0 }] })
  })

  it('are judged as themselves where their target lists them, even in another shard', () => {
    const listed = cbrBackup({ id: 'child', resourceId: 'disk-1' })
    expect(found(audited([[parent], [{ ...listed, region: 'cn-east-3' }]]))).toHaveLength(1)
    expect(found(audited([[parent], [listed]]))).toEqual([])
    expect(found(audited([[listed], [parent]]))).toEqual([])
    expect(found(audited([[parent], [{ ...listed, resourceId: 'unknown' }]]))).toEqual([])
  })

  it('of a status nobody knows are unknown, unless listed themselves', () => {
    const strange = cbrBackup({ children: [{ ...child, status: 'frozen' }] })
    expect(audited([[strange]]).unknown).toMatchObject({ total: 1, by_control: { 'backup-errored': 1 } })
    expect(audited([[strange, cbrBackup({ id: 'child' })]]).unknown.total).toBe(0)
  })

  it('of two parents are found once, under the lower one', () => {
    // In quotes, where the reason names it, the other would come first.
    const other = cbrBackup({ id: 'backup-1!', children: [{ ...child, parentId: 'backup-1!' }] })
    for (const shards of [[[parent, other]], [[other], [parent]], [[parent], [other]]])
      expect(audited(shards).findings).toMatchObject([{ parent_backup_id: 'backup-1' }])
  })

  it('created after the audit began are outside it', () => {
    const children = [{ ...child, createdAt: hoursAgo(0, -1) }]
    expect(audited([[cbrBackup({ children })]]).findings).toEqual([])
  })
})

describe('A backup', () => {
  it('met in two shards is counted and judged once', () => {
    const twice = [cbrBackup(errored), cbrBackup({ id: 'c', imageType: 'replication', expiredAt: 'unknown' })]
    expect(audited([twice, twice])).toEqual({ ...audited([twice]), isOpen: expect.any(Function) })
    expect(audited([twice, twice])).toMatchObject({ backups: 2, unknown: { total: 2 } })
  })

  it('of the same id in another target is another', () => {
    expect(audited([[cbrBackup()], [cbrBackup({ region: 'cn-east-3' })]])).toMatchObject({
      backups: 2,
      resources: [{ backups: 2 }],
    })
  })

  it('created after the audit began is outside it', () => {
    const late = cbrBackup({
      createdAt: hoursAgo(0, -1),
      ...errored,
      children: [cbrBackup({ id: 'child', ...errored })],
    })
    expect(audited([[late]])).toMatchObject({ backups: 0, findings: [], resources: [] })
    expect(audited([[cbrBackup({ createdAt: AS_OF })]]).backups).toBe(1)
  })
})

describe('A resource', () => {
  it('has the columns of the contract, in its order', () => {
    const { resources } = audited([[resource(), cbrBackup()]])
    expect(Object.keys(resources[0] ?? {})).toEqual(RESOURCE_COLUMNS)
  })

  it('sums up its backups', () => {
    const copies = ['cn-east-3', 'cn-east-2', 'cn-east-3'].map((region, index) =>
      cbrBackup({
        id: `copy-${index}`,
        region,
        imageType: 'replication',
        vaultId: 'far',
        vault: undefined,
        expiredAt: hoursAgo(-index - 2),
      }),
    )
    const own = [
      cbrBackup({ id: 'b2', createdAt: hoursAgo(26.009), expiredAt: hoursAgo(-1) }),
      cbrBackup({ id: 'b1', createdAt: hoursAgo(26.009), expiredAt: undefined }),
      cbrBackup({ id: 'b0', ...errored, expiredAt: hoursAgo(-0.5) }),
    ]
    expect(audited([[...copies, ...own]]).resources).toEqual([
      {
        service: 'cbr',
        region: 'cn-north-4',
        project_id: 'project-1',
        enterprise_project_id: 'ep-1',
        resource_id: 'server-1',
        resource_name: 'web-1',
        resource_type: 'OS::Nova::Server',
        vault_id: 'vault-1',
        vault_name: 'gold',
        can_be_backed_up: true,
        backups: 6,
        usable: 5,
        last_usable_backup_id: 'b1',
        last_usable_at: '2026-11-19T09:59:27.600Z',
        age_hours: 26,
        next_expiry_at: '2026-11-20T13:00:00.000Z',
        copies: 3,
        copy_regions: 'cn-east-2;cn-east-3',
        worst_severity: 'high',
        findings: 2,
      },
    ])
  })

  it('lives in the lowest vault that holds it, then in one that lets it go, then with its newest backup, then with its newest copy', () => {
    const vault = (id: string) => ({ ...VAULT, id })
    const vaultOf = (...things: (Backup | Resource)[]) => audited([things]).resources[0]?.vault_id
    const going = resource({ vault: vault('a'), held: false })
    const copy = cbrBackup({ id: '1', imageType: 'replication', vaultId: 'copies' })
    const strange = cbrBackup({ id: '0', imageType: 'mirror', vaultId: 'strange', createdAt: AS_OF })
    const old = cbrBackup({ id: '2', vaultId: 'old', createdAt: hoursAgo(99), ...errored })
    const recent = cbrBackup({ id: '3', vaultId: 'recent', createdAt: hoursAgo(98), ...errored })
    const tied = cbrBackup({ id: '4', vaultId: 'tied', createdAt: hoursAgo(98), ...errored })
    expect(vaultOf(going, resource({ vault: vault('c') }), resource({ vault: vault('b') }), recent)).toBe('b')
    expect(vaultOf(going, recent)).toBe('a')
    expect(vaultOf(strange, copy, old, tied, recent)).toBe('recent')
    expect(vaultOf(strange, copy)).toBe('copies')
    expect(vaultOf(strange)).toBe('strange')
  })

  it('that a vault lets go is one only where a backup lists it', () => {
    expect(audited([[resource({ held: false })]]).resources).toEqual([])
    expect(
      audited([[resource({ held: false }), cbrBackup({ createdAt: hoursAgo(0, -1) })]]).resources,
    ).toEqual([])
    expect(audited([[resource({ held: false })], [cbrBackup()]]).resources).toHaveLength(1)
  })

  it('of DCS is a listed instance and nothing else', () => {
    const instance = resource({ service: 'dcs', id: 'redis-1', vault: undefined, canBeBackedUp: 'unknown' })
    expect(audited([[dcsBackup()]])).toMatchObject({ backups: 1, resources: [] })
    expect(audited([[dcsBackup(), instance]]).resources).toMatchObject([
      { can_be_backed_up: null, vault_id: null },
    ])
  })

  it('is one with the same id in another region, and another with the same id in another service', () => {
    const { resources } = audited([
      [
        cbrBackup(),
        cbrBackup({ region: 'cn-east-3', imageType: 'replication' }),
        resource({ service: 'dcs' }),
      ],
    ])
    expect(resources.map(({ service }) => service)).toEqual(['cbr', 'dcs'])
  })

  it('is not blamed for what a broken list may hide', () => {
    const things = [
      resource(),
      cbrBackup({ id: 'b2', resourceId: 'server-2', createdAt: hoursAgo(40) }),
      cbrBackup({ id: 'b3', ...errored }),
    ]
    expect(found(audited([things]))).toEqual([
      'backup-errored b3',
      'recovery-point-missing server-1',
      'recovery-point-stale b2',
    ])
    const broken = audited([things], {}, ({ region }) => region === 'cn-north-4')
    expect(found(broken)).toEqual(['backup-errored b3'])
    expect(broken.unknown).toMatchObject({
      total: 3,
      because: [
        { control: 'recovery-point-stale', because: 'The list of its backups broke off', count: 2 },
        { control: 'recovery-point-missing', because: 'The list of its backups broke off', count: 1 },
      ],
    })
  })

  it('is not called recent by fresh copies where an older backup of its own may have been behind the break', () => {
    const copy = cbrBackup({ region: 'cn-east-3', imageType: 'replication', createdAt: hoursAgo(1) })
    const own = cbrBackup({ id: 'own', createdAt: hoursAgo(2) })
    const atHome = ({ region }: Target) => region === 'cn-north-4'
    expect(audited([[resource(), copy]], {}, atHome).unknown.because).toEqual([
      { control: 'recovery-point-stale', because: 'The list of its backups broke off', count: 1 },
    ])
    expect(audited([[resource(), copy, own]], {}, atHome).unknown.total).toBe(0)
  })
})

describe('A resource of which backups may lie in other targets that were not read', () => {
  const unread = (...regions: readonly string[]): Unread => ({
    unreadOutside: (region) => regions.filter((each) => each !== region).join(', ') || undefined,
    isUnreadIn: (region) => regions.includes(region),
  })
  const beside = (
    things: readonly (Backup | Resource)[],
    regions: readonly string[] = ['eu-west-101'],
    policy: unknown = {},
  ) => audited([things], policy, () => false, unread(...regions))
  const own = (changes: Partial<Backup> = {}) => cbrBackup({ createdAt: hoursAgo(40), ...changes })
  const copy = (changes: Partial<Backup> = {}) =>
    cbrBackup({
      id: 'copy-1',
      region: 'cn-east-3',
      imageType: 'replication',
      createdAt: hoursAgo(40),
      ...changes,
    })
  const withVault = (replicates: boolean | 'unknown') => ({ vault: { ...VAULT, replicates } })
  const reasons = ({ unknown }: ReturnType<typeof audited>) =>
    unknown.because.map(({ control, because, count }) => `${control} ${count}: ${because}`)
  const copyIn = (...regions: readonly string[]) =>
    `A copy of it may lie where not all backups could be read: ${regions.join(', ')}`

  /** Nothing usable was seen: an old copy there would make it stale, and a fresh one neither. */
  const bothOpen = (count: number, because: string) =>
    ['missing', 'stale'].map((control) => `recovery-point-${control} ${count}: ${because}`)

  it('is not called missing, as a copy may lie there', () => {
    for (const things of [[resource()], [resource(), cbrBackup(errored)], [cbrBackup(errored)]]) {
      const conclusion = beside(things)
      expect(found(conclusion).filter((each) => each.startsWith('recovery-point'))).toEqual([])
      expect(reasons(conclusion)).toEqual(bothOpen(1, copyIn('eu-west-101')))
    }
  })

  it('is counted once with all that lack the same', () => {
    const conclusion = beside([resource(), resource({ id: 's2' })], ['cn-east-3', 'eu-west-101'])
    expect(reasons(conclusion)).toEqual(bothOpen(2, copyIn('cn-east-3', 'eu-west-101')))
    expect(conclusion.unknown.by_control).toMatchObject({ 'recovery-point-missing': 2 })
  })

  it('is missing where the rest is of its own region, into which nothing is copied', () => {
    expect(found(beside([resource()], ['cn-north-4']))).toEqual(['recovery-point-missing server-1'])
  })

  it('is stale by its own backups, whatever copies there are', () => {
    expect(found(beside([resource(), own()]))).toEqual(['recovery-point-stale backup-1'])
    expect(found(beside([resource(), own(), copy()]))).toEqual(['recovery-point-stale backup-1'])
  })

  it('is not called stale by a copy, as a newer one may lie there', () => {
    const conclusion = beside([resource(), copy()])
    expect(found(conclusion)).toEqual([])
    expect(reasons(conclusion)).toEqual([`recovery-point-stale 1: ${copyIn('eu-west-101')}`])
    expect(found(beside([resource(), copy()], ['cn-north-4']))).toEqual(['recovery-point-stale copy-1'])
  })

  it('is stale by a copy where the newest that could lie there would be too old as well', () => {
    const policy = { recovery_point: { max_age: '0h' } }
    expect(found(beside([resource(), copy()], ['eu-west-101'], policy))).toEqual([
      'recovery-point-stale copy-1',
    ])
  })

  /** What may be seen of one kind of backups, or lie unseen. */
  const some = [[], [{}], [errored], [{ createdAt: hoursAgo(1) }]] as const
  const wrong = ({ findings }: ReturnType<typeof audited>) =>
    findings.map(({ control }) => control).filter((id) => id.startsWith('recovery-point'))
  const open = ({ unknown }: ReturnType<typeof audited>) =>
    unknown.because.map(({ control }) => control).filter((id) => id.startsWith('recovery-point'))

  /** That a control fails where it does in every world, passes where it does in every world, and is unknown elsewhere. */
  function expectSure(conclusion: ReturnType<typeof audited>, worlds: readonly (readonly string[])[]): void {
    const found = [...new Set(worlds.flat())].sort()
    const isSure = (id: string) => worlds.every((world) => world.includes(id))
    expect(wrong(conclusion).sort()).toEqual(found.filter(isSure))
    expect(open(conclusion).sort()).toEqual(found.filter((id) => !isSure(id)))
  }

  it('is found wrong where it would be with any copy that may lie there, right where with none, and else unknown', () => {
    for (const backups of some)
      for (const copies of some) {
        const things = [resource(), ...backups.map(own), ...copies.map(copy)]
        const worlds = some.map(([unseen]) => {
          const far = unseen && copy({ id: 'unseen', region: 'eu-west-101', ...unseen })
          return wrong(audited([far === undefined ? things : [...things, far]]))
        })
        expectSure(beside(things), worlds)
      }
  })

  it('is judged likewise where the list of its own backups broke off', () => {
    for (const backups of some)
      for (const copies of some) {
        const things = [resource(), ...backups.map(own), ...copies.map(copy)]
        const worlds = some.map(([unseen]) => {
          const behind = unseen && own({ id: 'unseen', ...unseen })
          return wrong(audited([behind === undefined ? things : [...things, behind]]))
        })
        expectSure(
          audited([things], {}, ({ region }) => region === 'cn-north-4'),
          worlds,
        )
      }
  })

  it('may have its backups in any of them where only copies tell of it', () => {
    const backupIn = 'A backup of it may lie where not all backups could be read: cn-east-3'
    expect(reasons(beside([copy()], ['cn-east-3']))).toEqual([`recovery-point-stale 1: ${backupIn}`])
    expect(reasons(beside([copy(errored)], ['cn-east-3']))).toEqual(bothOpen(1, backupIn))
    const fresh = copy({ createdAt: hoursAgo(1) })
    expect(reasons(beside([fresh], ['cn-east-3']))).toEqual([`recovery-point-stale 1: ${backupIn}`])
  })

  it('is missing where nothing tells of copies: one target that cannot be read silences no other', () => {
    const missing = 'recovery-point-missing server-1'
    for (const replicates of [false, 'unknown'] as const) {
      const things = [resource(withVault(replicates)), cbrBackup({ ...errored, ...withVault(replicates) })]
      expect(found(beside(things))).toContain(missing)
      expect(found(beside(things.slice(0, 1)))).toEqual([missing])
      expect(found(beside(things.slice(1)))).toContain(missing)
      expect(found(beside([...things, copy(errored)]))).not.toContain(missing)
      const moved = cbrBackup({ ...errored, vaultId: 'vault-2', ...withVault(true) })
      expect(found(beside([resource(withVault(replicates)), moved]))).not.toContain(missing)
    }
    expect(found(beside([resource({ vault: undefined })]))).toEqual([missing])
  })

  it('is in doubt where a record says that a copy was made in one of them', () => {
    const copied = own({ ...errored, ...withVault('unknown') })
    expect(reasons(beside([copied], ['cn-east-3']))).toEqual(bothOpen(1, copyIn('cn-east-3')))
    const missing = 'recovery-point-missing server-1'
    expect(found(beside([copied], ['eu-west-101']))).toContain(missing)
    const failed = { ...copied, replications: [{ ...replication({}), status: 'fail' }] }
    expect(found(beside([failed], ['cn-east-3']))).toContain(missing)
  })

  it('of DCS is judged by its records, which are not copied', () => {
    expect(found(beside([resource({ service: 'dcs', vault: undefined })]))).toEqual([
      'recovery-point-missing server-1',
    ])
  })

  it('is in doubt, so that an earlier finding is not called resolved', () => {
    const [missing] = audited([[resource()]]).findings
    const [stale] = audited([[resource(), copy()]]).findings
    expect([...beside([resource()]).inDoubt].sort()).toEqual([missing?.finding_id, stale?.finding_id].sort())
    expect([...beside([resource(), copy()]).inDoubt]).toEqual([stale?.finding_id])
    expect(beside([resource(), own()]).inDoubt.size).toBe(0)
  })
})

describe('What cannot be judged', () => {
  const expired = cbrBackup({ id: 'old', expiredAt: hoursAgo(1) })
  const asked = (changes: Partial<Backup>) => audited([[resource(), { ...expired, ...changes }]])

  it('is open, so that what an earlier audit found of it is not called resolved', () => {
    const before = asked({}).findings
    const of = (control: string) => {
      const found = before.find((finding) => finding.control === control)
      if (found === undefined) throw new Error(`No ${control}`)
      return found
    }
    const now = asked({ expiredAt: 'unknown' })
    expect(now.isOpen(of('backup-expired'))).toBe(true)
    expect(now.inDoubt.has(of('recovery-point-missing').finding_id)).toBe(true)
    const gone = asked({ expiredAt: hoursAgo(-1) })
    expect(before.some((finding) => gone.isOpen(finding) || gone.inDoubt.has(finding.finding_id))).toBe(false)
    expect(now.isOpen({ ...of('backup-expired'), project_id: 'another' })).toBe(false)
  })

  it('is open of a child whose parent does not say any more what it holds, and not of one that is listed itself', () => {
    const child = cbrBackup({ id: 'child', parentId: 'backup-1', ...errored })
    const [found] = audited([[cbrBackup({ children: [child] })]]).findings
    expect(found?.parent_backup_id).toBe('backup-1')
    expect(found && audited([[cbrBackup({ children: 'unknown' })]]).isOpen(found)).toBe(true)
    const odd = cbrBackup({ id: 'child', status: 'no such status' })
    const listed = audited([[cbrBackup({ children: [odd] }), cbrBackup({ id: 'child' })]])
    expect(found && listed.isOpen(found)).toBe(false)
  })

  it('is open too of what a vault held that does not say any more what it holds, and of children', () => {
    const [missing] = audited([[resource()]]).findings
    const target = { service: 'cbr', region: 'cn-north-4', projectId: 'project-1' } as const
    const blind = { kind: 'blind-spot', target, id: 'vault-1', because: 'it does not say' } as const
    expect(missing && audited([[blind]]).isOpen(missing)).toBe(true)
    // Its backups tell of it now, and are good.
    expect(missing && audited([[blind, cbrBackup()]]).isOpen(missing)).toBe(false)
    const parentOf = (child: Backup) => cbrBackup({ children: [child] })
    const [child] = audited([[parentOf(cbrBackup({ id: 'child', ...errored }))]]).findings
    expect(child?.backup_id).toBe('child')
    expect(
      child && audited([[parentOf(cbrBackup({ id: 'child', status: 'no such status' }))]]).isOpen(child),
    ).toBe(true)
  })

  it('is counted for every control, and by its reasons, the most frequent first', () => {
    const backups = [1, 2, 3].map((n) =>
      cbrBackup({ id: `b${n}`, resourceId: `s${n}`, status: n === 3 ? 'odd' : 'frozen' }),
    )
    const { unknown } = audited([
      [
        ...backups,
        ...backups.map((backup) => resource({ id: String(backup.resourceId), canBeBackedUp: false })),
      ],
    ])
    expect(unknown.by_control).toEqual({
      'recovery-point-missing': 0,
      'recovery-point-stale': 0,
      'backup-errored': 3,
      'backup-unreplicated': 0,
      'backup-expired': 0,
      'backup-stuck': 3,
    })
    expect(unknown.because[0]).toEqual({
      control: 'backup-errored',
      because: 'The status "frozen" is not documented',
      count: 2,
    })
    expect(unknown.because).toHaveLength(4)
  })
})
