import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseTime } from '../../../lib/parse-time.ts'
import { readManifest, readSummary } from '../../../lib/report/read-record.ts'
import { auditOrdered } from '../../../lib/workflow/audit-ordered.ts'
import type { Fleet, FleetProject, Wire } from '../../../local/emulator/fleet.ts'
import type { EmulatorOptions } from '../../../local/emulator/server.ts'
import { auditFleet } from '../../support/audit-fleet.ts'
import { openAuditWorld } from '../../support/audit-world.ts'
import { readJson, textAt } from '../../support/json.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { runCli } from '../../support/run-cli.ts'

const AS_OF = '2026-11-20T12:00:00Z'
const PROJECT_ID = '0605767b5780d5762fc5c0118072a564'

function fleetWith(project: Partial<FleetProject>): Fleet {
  const empty = { vaults: [], policies: [], backups: [], instances: [], records: {} }
  return { projects: [{ id: PROJECT_ID, name: 'cn-north-4', region: 'cn-north-4', ...empty, ...project }] }
}

const vault = (resources: unknown): Wire => ({ id: 'vault-1', name: 'vault-prod', resources })
const backup = (id: string, fields: Wire): Wire => ({
  id,
  created_at: '2026-11-20T02:00:00.000001',
  status: 'available',
  image_type: 'backup',
  expired_at: null,
  resource_id: 'server-1',
  replication_records: [{ id: 'r', status: 'success' }],
  ...fields,
})
const instance = (id: string): Wire => ({ instance_id: id, name: id, status: 'RUNNING', cache_mode: 'ha' })
const record = (id: string): Wire => ({
  backup_id: id,
  created_at: '2026-11-20T02:00:00.000Z',
  status: 'succeed',
})

const totals = ({ summary }: { summary: Record<string, unknown> }) => ({
  verdict: summary['verdict'],
  resources: summary['resources'],
  because: String(summary['incomplete_because']),
})

describe('an audit is never green by accident', () => {
  it.each(['cbr.vaults', 'dcs.instances'])(
    'where %s says that there are rows and sends none',
    async (operation) => {
      const delivered = await auditFleet(fleetWith({}), AS_OF, {}, { faults: [`${operation}:count=+3`] })
      expect(totals(delivered)).toMatchObject({
        verdict: 'incomplete',
        because: expect.stringContaining('0 rows were listed'),
      })
    },
  )

  it('where instances are answered with 204, which only their records may be', async () => {
    const delivered = await auditFleet(fleetWith({}), AS_OF, {}, { faults: ['dcs.instances:empty'] })
    expect(totals(delivered)).toMatchObject({
      verdict: 'incomplete',
      because: expect.stringContaining('The instances'),
    })
  })

  it.each([null, undefined, {}])('where a vault has %j in place of its resources', async (resources) => {
    const { summary } = await auditFleet(fleetWith({ vaults: [vault(resources)] }), AS_OF)
    expect(summary).toMatchObject({
      verdict: 'complete',
      unknown: { total: 2, by_control: { 'recovery-point-missing': 1, 'recovery-point-stale': 1 } },
    })
  })

  it.each([null, 7, ''])('where a backup has %j in place of its resource', async (resource_id) => {
    const { summary } = await auditFleet(fleetWith({ backups: [backup('b', { resource_id })] }), AS_OF)
    expect(summary).toMatchObject({
      verdict: 'complete',
      backups: 1,
      resources: 0,
      unknown: { total: 2, by_control: { 'recovery-point-missing': 1, 'recovery-point-stale': 1 } },
    })
  })

  it('cannot tell of children that are no list whether one has failed, and says so', async () => {
    const { summary } = await auditFleet(fleetWith({ backups: [backup('b', { children: 'x' })] }), AS_OF)
    expect(summary).toMatchObject({
      verdict: 'complete',
      backups: 1,
      unknown: { total: 1, by_control: { 'backup-errored': 1 } },
    })
  })

  it('and goes on where an instance is deleted while it runs, judging nothing by its absence', async () => {
    const instances = [instance('redis-1'), instance('redis-2')]
    const records = { 'redis-1': [record('b1')], 'redis-2': [record('b2')] }
    let lists = 0
    const delivered = await auditFleet(
      fleetWith({ instances, records }),
      AS_OF,
      {},
      {
        faults: ['dcs.backups:status=404:path=redis-2'],
        onRequest: (state, { path }) => {
          lists += path.endsWith('/instances') ? 1 : 0
          if (lists > 1 || path.includes('redis-2')) state.project(PROJECT_ID)?.instances.splice(1)
        },
      },
    )
    expect(totals(delivered)).toMatchObject({ verdict: 'complete', resources: 2 })
    expect(JSON.stringify(delivered.summary['targets'])).toContain('was deleted while the audit ran')
    expect(delivered.findings).toEqual([])
  })

  it('counts what was created after as_of among the listed and the distinct ones, and not among the backups', async () => {
    const backups = [backup('before', {}), backup('after', { created_at: '2026-11-20T12:00:00.000001' })]
    const { summary } = await auditFleet(fleetWith({ backups }), AS_OF)
    const [{ listed, duplicates }] = summary['targets'] as [{ listed: number; duplicates: number }]
    expect(summary).toMatchObject({ backups: 1, targets: [{ distinct: 2 }, {}] })
    expect(listed - duplicates).toBe(2)
  })

  it('counts a record id that two instances share once among the distinct ones', async () => {
    const instances = [instance('redis-1'), instance('redis-2')]
    const records = { 'redis-1': [record('same')], 'redis-2': [record('same')] }
    const { summary } = await auditFleet(fleetWith({ instances, records }), AS_OF)
    expect(summary['targets']).toContainEqual(
      expect.objectContaining({ service: 'dcs', listed: 2, distinct: 1, duplicates: 1 }),
    )
  })
})

describe('an audit that could not read where copies may lie', () => {
  const FAR_ID = '0605767b5780d5762fc5c0118072a565'
  const held = vault([{ id: 'server-1', name: 'web-1', type: 'OS::Nova::Server' }])
  const copy = backup('copy', { image_type: 'replication', vault_id: 'far' })
  const replicating = {
    id: 'policy-1',
    operation_type: 'replication',
    enabled: true,
    associated_vaults: [{ vault_id: 'vault-1' }],
  }
  const auto = { replication: { required: 'auto' } }
  const twoRegions = (far: Partial<FleetProject>): Fleet => ({
    projects: [
      ...fleetWith({ vaults: [held], policies: [replicating] }).projects,
      ...fleetWith(far).projects.map((project) => ({
        ...project,
        id: FAR_ID,
        name: 'eu-west-101',
        region: 'eu-west-101',
      })),
    ],
  })
  const faults = [`cbr.backups:status=403:project=${FAR_ID}`]
  const because = `A copy of it may lie where not all backups could be read: CBR of eu-west-101/${FAR_ID}`

  it('says unknown, not missing, of what may have its recovery point there', async () => {
    const { summary, findings } = await auditFleet(twoRegions({ backups: [copy] }), AS_OF, auto, { faults })
    expect(findings).toEqual([])
    expect(summary).toMatchObject({
      verdict: 'incomplete',
      unknown: {
        total: 2,
        because: ['recovery-point-missing', 'recovery-point-stale'].map((control) => ({
          control,
          because,
          count: 1,
        })),
      },
    })
  })

  it('says missing where nothing tells of copies: one target that cannot be read silences no other', async () => {
    const { findings } = await auditFleet(twoRegions({}), AS_OF, {}, { faults })
    expect(findings).toMatchObject([{ control: 'recovery-point-missing', region: 'cn-north-4' }])
  })

  it('calls nothing resolved that it could not tell', async () => {
    const store = createMemoryStore()
    const audit = async (asOf: string, options: Partial<EmulatorOptions>) => {
      const world = await openAuditWorld({ fleet: twoRegions({}), policy: auto, ...options })
      const order = { ...world.order, asOf: parseTime(asOf), previous: undefined }
      try {
        const { audit_id } = await auditOrdered({ ...world.services, store }, order)
        const manifest = await readManifest(store, audit_id)
        return manifest && (await readSummary(store, manifest))
      } finally {
        await world.close()
      }
    }
    expect(await audit('2026-11-20T12:00:00Z', {})).toMatchObject({ verdict: 'complete', delta: { new: 1 } })
    expect(await audit('2026-11-20T13:00:00Z', { faults })).toMatchObject({
      findings: { total: 0 },
      delta: { resolved: 0, not_scanned: 1 },
    })
  })
})

describe('an audit beside strange things in its store', () => {
  it('leaves no report where latest.json could not be moved forward', async () => {
    const store = mkdtempSync(join(tmpdir(), 'audit-honesty-'))
    writeFileSync(join(store, 'latest.json'), '{broken')
    const ran = await runCli(['audit', '--quiet'], { REPORT_STORE: store })
    expect(ran).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('latest.json') })
    expect(readdirSync(store).filter((name) => !name.startsWith('.'))).toEqual(['latest.json'])
    rmSync(store, { recursive: true })
  })

  it('takes no folder of somebody else for an audit', async () => {
    const store = mkdtempSync(join(tmpdir(), 'audit-honesty-'))
    mkdirSync(join(store, 'junk'))
    writeFileSync(join(store, 'junk', 'manifest.json'), '{}')
    expect(await runCli(['audit', '--quiet'], { REPORT_STORE: store })).toMatchObject({ code: 0, stderr: '' })
    rmSync(store, { recursive: true })
  })

  it('compares with no audit that is as of a later moment', async () => {
    const store = mkdtempSync(join(tmpdir(), 'audit-honesty-'))
    const { stdout } = await runCli(['audit', '--quiet', '--json'], { REPORT_STORE: store })
    const auditId = textAt(readJson(stdout), 'audit_id')
    const argv = ['audit', '--quiet', '--as-of', '2026-01-01T00:00:00Z', '--previous', auditId]
    const ran = await runCli(argv, { REPORT_STORE: store })
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining('later than this audit') })
    rmSync(store, { recursive: true })
  })
})
