import { describe, expect, it } from 'vitest'
import type { Finding, ResourceRow, Summary } from '../../../lib/audit/record.ts'
import type { Scope, ScopeKey } from '../../../lib/audit/scope.ts'
import { asWire, type Wire } from '../../../lib/huawei/fields.ts'
import { parseTime } from '../../../lib/parse-time.ts'
import { readLatest } from '../../../lib/report/latest.ts'
import { readRecord } from '../../../lib/report/read-record.ts'
import { readConfig } from '../../../lib/runtime/config.ts'
import { createServices, FOR_AUDITS, type Services } from '../../../lib/runtime/services.ts'
import { readAuditOrder } from '../../../lib/workflow/audit-order.ts'
import { auditOrdered } from '../../../lib/workflow/audit-ordered.ts'
import { emulatorEnvironment } from '../../../local/commands/emulator-environment.ts'
import type { WireBackup } from '../../../local/emulator/fleet.ts'
import { startEmulator } from '../../../local/emulator/server.ts'
import { generateFleet } from '../../oracle/fleet.ts'
import { auditFleet } from '../../support/audit-fleet.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { allOf } from '../../support/sample-record.ts'

const NOTHING: Scope = { vault_id: null, resource_id: null, instance_id: null }
const only = (key: ScopeKey, id: string): Scope => ({ ...NOTHING, [key]: id })

async function audited(seed: number, scope?: Scope) {
  const { fleet, asOf, policy } = generateFleet(seed)
  const delivered = await auditFleet(fleet, asOf, policy, scope && { scope })
  return {
    findings: (delivered.findings as Finding[]).map(({ audit_id: _, ...finding }) => finding),
    rows: delivered.resources as ResourceRow[],
    summary: delivered.summary as unknown as Summary,
  }
}

/** The most frequent text. */
function mostly(texts: readonly (string | null)[]): string {
  const counts = new Map<string, number>()
  for (const each of texts) if (each !== null) counts.set(each, (counts.get(each) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? ''
}

/** The ids of the backups inside the audit of which a field on the wire is what a scope names. */
function backupsWith(seed: number, field: 'vault_id' | 'resource_id', id: string): ReadonlySet<unknown> {
  const { fleet, asOf } = generateFleet(seed)
  const isInside = ({ created_at }: WireBackup) =>
    (parseTime(String(created_at)) ?? 0) <= (parseTime(asOf) ?? 0)
  const backups = fleet.projects.flatMap((project) => project.backups).filter(isInside)
  return new Set(backups.filter((backup) => backup[field] === id).map((backup) => backup.id))
}

/** The ids of the resources that a vault holds, whatever other vault does too, and is not about to let go. */
function heldBy(seed: number, vaultId: string): ReadonlySet<unknown> {
  const vaults = generateFleet(seed).fleet.projects.flatMap((project) => project.vaults)
  const resources = vaults.filter(({ id }) => id === vaultId).flatMap((vault) => vault.resources)
  const isHeld = (wire: Wire | undefined) =>
    !['deleted', 'removing'].includes(String(wire?.['protect_status']))
  return new Set(
    resources
      .map(asWire)
      .filter(isHeld)
      .map((wire) => wire?.['id']),
  )
}

const OF_RESOURCES = ['recovery-point-missing', 'recovery-point-stale']

/** A row without what was found of the resource elsewhere too. */
const bare = ({ worst_severity: _, findings: __, ...row }: ResourceRow) => row

const SEEDS = Array.from({ length: 8 }, (_, index) => index + 1)

describe('an audit with a scope', () => {
  it.each(SEEDS)('says of a vault of fleet %i what the audit of everything says of it', async (seed) => {
    const whole = await audited(seed)
    const vaultId = mostly(
      whole.findings.filter(({ service }) => service === 'cbr').map((each) => each.vault_id),
    )
    const parents = backupsWith(seed, 'vault_id', vaultId)
    const scoped = await audited(seed, only('vault_id', vaultId))
    const held = heldBy(seed, vaultId)
    const expected = whole.findings.filter(
      ({ vault_id, parent_backup_id, resource_id, control }) =>
        vault_id === vaultId ||
        parents.has(parent_backup_id) ||
        (OF_RESOURCES.includes(control) && held.has(resource_id)),
    )
    expect(expected.length).toBeGreaterThan(0)
    expect(scoped.findings).toEqual(expected)
    const isAsked = (row: ResourceRow) => row.vault_id === vaultId || held.has(row.resource_id)
    expect(scoped.rows.map(bare)).toEqual(whole.rows.filter(isAsked).map(bare))
    expect(scoped.summary).toMatchObject({
      verdict: 'complete',
      scope: only('vault_id', vaultId),
      backups: parents.size,
      resources: scoped.rows.length,
      findings: { total: expected.length },
      targets: whole.summary.targets.map(({ region, service, distinct }) => ({ region, service, distinct })),
    })
  })

  it.each(SEEDS)('says of resources of fleet %i what the audit of everything says of them', async (seed) => {
    const whole = await audited(seed)
    const idOf = (service: string) =>
      mostly(whole.rows.filter((row) => row.service === service).map(({ resource_id }) => resource_id))
    const scope = { vault_id: null, resource_id: idOf('cbr'), instance_id: idOf('dcs') || null }
    const scoped = await audited(seed, scope)
    const isAsked = ({ resource_id: id }: { resource_id: string | null }) =>
      id === scope.resource_id || id === scope.instance_id
    const rows = whole.rows.filter(isAsked)
    expect(scoped.rows).toEqual(rows)
    const parents = backupsWith(seed, 'resource_id', scope.resource_id)
    expect(scoped.findings).toEqual(
      whole.findings.filter((finding) => isAsked(finding) || parents.has(finding.parent_backup_id)),
    )
    expect(scoped.summary.backups).toBe(rows.reduce((sum, row) => sum + row.backups, 0))
  })

  it('is incomplete where a name in it was met nowhere, and says which', async () => {
    const { rows } = await audited(1)
    const scope = { vault_id: 'no-such-vault', resource_id: rows[0]?.resource_id ?? '', instance_id: null }
    const { summary } = await audited(1, scope)
    expect(summary).toMatchObject({ verdict: 'incomplete', resources: 1 })
    expect(summary.incomplete_because).toEqual([expect.stringContaining('vault no-such-vault')])
  })
})

async function inOneStore(work: (services: Services, logged: string[]) => Promise<void>): Promise<void> {
  const emulator = await startEmulator({ now: Date.now, backups: 200 })
  const services = createServices(readConfig(emulatorEnvironment(emulator, {})), FOR_AUDITS)
  const logged: string[] = []
  try {
    const log: Services['log'] = (_, message) => logged.push(message)
    await work({ ...services, store: createMemoryStore(), log }, logged)
  } finally {
    services.close()
    await emulator.close()
  }
}

describe('audits with a scope among others', () => {
  it('never stand for an audit of everything', () =>
    inOneStore(async (services, logged) => {
      const { config, now, store } = services
      const run = async (order: object) => {
        const { audit_id } = await auditOrdered(
          services,
          readAuditOrder(order, { now: now(), places: config.places }),
        )
        const record = await readRecord(store, audit_id)
        return { id: audit_id, summary: record.summary, findings: await allOf(record.findings()) }
      }
      const whole = await run({})
      const vaultId = mostly(whole.findings.map(({ vault_id }) => vault_id))
      const scoped = await run({ vault_id: vaultId })
      const { total } = scoped.summary.findings
      expect(total).toBeGreaterThan(0)
      expect(total).toBeLessThan(whole.findings.length)
      expect(scoped.summary.delta).toMatchObject({
        previous_audit_id: whole.id,
        new: 0,
        persisting: total,
        resolved: 0,
        not_scanned: whole.findings.length - total,
      })
      expect(new Set(scoped.summary.targets.map(({ service }) => service))).toEqual(new Set(['cbr']))
      expect(await readLatest(store)).toMatchObject({ audit_id: scoped.id, complete_audit_id: whole.id })

      const again = await run({})
      expect(again.summary.delta).toMatchObject({ previous_audit_id: whole.id, new: 0, not_scanned: 0 })
      expect((await run({ previous: scoped.id })).summary.delta).toMatchObject({
        previous_audit_id: scoped.id,
        new: 0,
        persisting: whole.findings.length,
        reopened: 0,
      })
      const published = logged.filter((message) => message.endsWith('published'))
      const everything = 'audit published'
      expect(published).toEqual([everything, 'scoped audit published', everything, everything])
    }))
})
