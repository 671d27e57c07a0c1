import { describe, expect, it } from 'vitest'
import { createAudit } from '../../../lib/audit/audit.ts'
import type { Completeness } from '../../../lib/audit/completeness.ts'
import { conclude } from '../../../lib/audit/conclude.ts'
import { CONTROLS } from '../../../lib/audit/controls/index.ts'
import { mergeParts } from '../../../lib/audit/merge-parts.ts'
import { narrow } from '../../../lib/audit/narrow.ts'
import { covers, namesIn, type Scope, servicesOf } from '../../../lib/audit/scope.ts'
import type { Backup, Observation, Resource } from '../../../lib/backup.ts'
import { finding } from '../../support/sample-record.ts'
import { findingsOf } from './findings-of.ts'
import { cbrBackup, dcsBackup, hoursAgo, resource, seen, terms, VAULT } from './samples.ts'

const scopeOf = (own: Partial<Scope>): Scope => ({
  vault_id: null,
  resource_id: null,
  instance_id: null,
  ...own,
})

function audited(scope: Scope, things: readonly (Backup | Resource | Observation)[]) {
  const all = {
    ...terms(),
    auditId: 'audit-1',
    controls: CONTROLS,
    scope,
    brokeOff: () => false,
    unreadOutside: () => undefined,
    isUnreadIn: () => false,
  }
  const parts = things.map((thing) => {
    const audit = createAudit(all)
    audit.observe(['kind' in thing ? thing : seen(thing)])
    return audit.part()
  })
  const part = mergeParts(parts)
  const conclusion = conclude(part, all)
  const { resources, unknown, backups } = conclusion
  return {
    found: findingsOf(conclusion)
      .map(({ control, backup_id, resource_id }) => `${control} ${backup_id ?? resource_id}`)
      .sort(),
    rows: [...resources].map(({ resource_id }) => resource_id),
    unknown: unknown.total,
    backups,
    sighted: part.sighted,
  }
}

const elsewhere = { vaultId: 'vault-2', vault: { ...VAULT, id: 'vault-2' } }
const errored = { status: 'error' }

describe('covers', () => {
  it('takes what belongs to any one of the names, and only instances of DCS for an instance', () => {
    const scope = scopeOf({ vault_id: 'v', instance_id: 'i' })
    const thing = { service: 'cbr', vaultId: undefined, resourceId: undefined } as const
    expect(covers(scope, { ...thing, vaultId: 'v' })).toBe(true)
    expect(covers(scope, { ...thing, service: 'dcs', resourceId: 'i' })).toBe(true)
    expect(covers(scope, { ...thing, resourceId: 'i' })).toBe(false)
    expect(covers(scope, { ...thing, vaultId: null })).toBe(false)
    expect(covers(undefined, thing)).toBe(true)
  })

  it('knows an id in whatever case it is written', () => {
    const scope = { vault_id: 'AB-1', resource_id: null, instance_id: null }
    expect(covers(scope, { service: 'cbr', vaultId: 'ab-1', resourceId: undefined })).toBe(true)
    expect(covers(scope, { service: 'cbr', vaultId: undefined, resourceId: 'ab-1' })).toBe(false)
  })

  it('knows by what it is called, and in which services that can be', () => {
    const scope = scopeOf({ resource_id: 'r', instance_id: 'i' })
    expect(namesIn(scope)).toEqual(['resource r', 'DCS instance i'])
    expect(servicesOf(scope)).toEqual(['cbr', 'dcs'])
    expect(servicesOf(scopeOf({ vault_id: 'v' }))).toEqual(['cbr'])
    expect(servicesOf(scopeOf({ instance_id: 'i' }))).toEqual(['dcs'])
  })
})

describe('an audit with a scope', () => {
  it('asks of the backups of a vault, but lets a recovery point in another vault count', () => {
    const things = [
      resource(),
      cbrBackup(errored),
      cbrBackup({ id: 'b2', ...elsewhere, ...errored }),
      cbrBackup({ id: 'b3', ...elsewhere }),
      cbrBackup({ id: 'b4', resourceId: 'server-2', ...elsewhere, ...errored }),
    ]
    expect(audited(scopeOf({ vault_id: 'vault-1' }), things)).toEqual({
      found: ['backup-errored backup-1'],
      rows: ['server-1'],
      unknown: 0,
      backups: 1,
      sighted: ['vault_id'],
    })
  })

  it('asks of a resource that its vault holds beside another one, whose the row says it is', () => {
    const things = [resource(), resource(elsewhere), resource({ id: 'server-2' })]
    const missing = ['recovery-point-missing server-1']
    expect(audited(scopeOf({ vault_id: 'vault-2' }), things)).toMatchObject({
      found: missing,
      rows: ['server-1'],
    })
    const letGo = [resource(), resource({ ...elsewhere, held: false })]
    expect(audited(scopeOf({ vault_id: 'vault-2' }), letGo)).toMatchObject({ found: [], rows: [] })
  })

  it('asks of children with their parent, and of those that are in it on their own', () => {
    const child = (id: string, resourceId: string) => cbrBackup({ id, resourceId, parentId: 'p', ...errored })
    const things = [
      cbrBackup({ children: [child('c1', 'other')] }),
      cbrBackup({
        id: 'b2',
        resourceId: 'server-2',
        children: [child('c2', 'server-1'), child('c3', 'other')],
      }),
    ]
    const { found, backups } = audited(scopeOf({ resource_id: 'server-1' }), things)
    expect(found).toEqual(['backup-errored c1', 'backup-errored c2'])
    expect(backups).toBe(1)
  })

  it('asks of one instance alone, and counts each of its records once', () => {
    const things = [
      resource({ service: 'dcs', id: 'redis-1', vault: undefined }),
      resource({ service: 'dcs', id: 'redis-2', vault: undefined }),
      dcsBackup(errored),
      dcsBackup(errored),
      cbrBackup({ resourceId: 'redis-1', ...errored }),
    ]
    const { rows, backups } = audited(scopeOf({ instance_id: 'redis-1' }), things)
    expect([rows, backups]).toEqual([['redis-1'], 1])
  })

  it.each([
    ['vault-1', 2],
    ['vault-2', 0],
  ])('counts as unknown what hides in the vault that was asked for, not in another: %s', (id, unknown) => {
    const target = { service: 'cbr', region: 'r', projectId: 'p' } as const
    const spot = { kind: 'blind-spot', target, id, because: 'hidden' } as const
    expect(audited(scopeOf({ vault_id: 'vault-1' }), [spot]).unknown).toBe(unknown)
    const stray = cbrBackup({ resourceId: 'unknown', vaultId: id })
    expect(audited(scopeOf({ vault_id: 'vault-1' }), [stray])).toMatchObject({ unknown, rows: [] })
  })

  it('has met nothing in a backup of after its moment', () => {
    expect(audited(scopeOf({ vault_id: 'vault-1' }), [cbrBackup({ createdAt: hoursAgo(-1) })])).toMatchObject(
      {
        backups: 0,
        sighted: [],
      },
    )
  })
})

describe('narrow', () => {
  const whole: Completeness = {
    targets: [],
    verdict: 'complete',
    incompleteBecause: [],
    scanned: ({ region }) => region === 'cn-north-4',
    brokeOff: () => false,
    unreadOutside: () => undefined,
    isUnreadIn: () => false,
  }
  const scope = scopeOf({ vault_id: 'vault-1', instance_id: 'redis-1' })

  it('leaves an audit of everything as it is', () => {
    expect(narrow(whole, undefined, [])).toBe(whole)
  })

  it('calls only findings in the scope scanned, where their target was', () => {
    const { verdict, scanned } = narrow(whole, scope, ['vault_id', 'instance_id'])
    expect(verdict).toBe('complete')
    expect(scanned(finding())).toBe(true)
    expect(scanned(finding({ vault_id: 'vault-2' }))).toBe(false)
    expect(scanned(finding({ region: 'elsewhere' }))).toBe(false)
  })

  it('is incomplete for each name that was met nowhere', () => {
    const { verdict, incompleteBecause } = narrow(whole, scope, ['vault_id'])
    expect(verdict).toBe('incomplete')
    expect(incompleteBecause).toEqual([expect.stringContaining('of DCS instance redis-1 in the targets')])
  })
})
