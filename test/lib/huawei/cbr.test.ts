import { describe, expect, it } from 'vitest'
import type { Observation } from '../../../lib/backup.ts'
import { cbrSource } from '../../../lib/huawei/cbr.ts'
import type { Request } from '../../../lib/huawei/http.ts'
import { parseTime } from '../../../lib/parse-time.ts'
import { respond } from '../../support/responses.ts'

const AS_OF = parseTime('2026-01-02T00:00:00Z') ?? expect.unreachable()
const VAULT = { id: 'known', name: 'its name', enterprise_project_id: 'ep', resources: [{ id: 'r' }] }
const POLICY = {
  operation_type: 'replication',
  enabled: true,
  associated_vaults: [{ vault_id: 'known' }, { vault_id: 'unlisted' }],
}
const CREATED_AT = '2026-01-01T00:00:00.000000'
const BACKUPS = ['known', 'unlisted', 'no-copies'].map((vault_id) => ({
  id: `in-${vault_id}`,
  vault_id,
  resource_id: 'r',
  status: 'available',
  created_at: CREATED_AT,
}))

/** A cloud that keeps its vaults to itself until it is asked for a page of backups. */
function reticentCloud() {
  const { promise: pageAskedFor, resolve } = Promise.withResolvers<void>()
  return async ({ path, query }: Request) => {
    const asked = new Map(query)
    const limit = asked.get('limit')
    if (path.endsWith('/backups')) {
      if (limit !== '1') resolve()
      const shown = (asked.get('start_time') ?? '') > CREATED_AT ? [] : BACKUPS
      return respond(200, { backups: shown.slice(0, Number(limit)), count: shown.length })
    }
    await pageAskedFor
    if (path.endsWith('/policies')) return respond(200, { policies: [POLICY], count: 1 })
    return respond(200, { vaults: limit === '1' ? [] : [VAULT], count: 1 })
  }
}

describe('the backups of a project', () => {
  it('that lie in vaults of which none is listed are told of', async () => {
    const scan = cbrSource({
      target: { service: 'cbr', region: 'cn-north-4', projectId: 'p' },
      origin: 'https://cbr.example',
      send: async (request) =>
        request.path.endsWith('/vaults') ? respond(200, { vaults: [], count: 0 }) : reticentCloud()(request),
      concurrency: 8,
      readsReplicationPolicies: false,
    }).scan(AS_OF, () => {})
    for await (const observations of scan) expect(observations).not.toEqual([])
    expect(scan.outcome().report).toMatchObject({
      verdict: 'complete',
      note: expect.stringContaining('no vault was listed'),
    })
  })

  it('are asked for while the vaults are read, and told of when all is known of those', async () => {
    const source = cbrSource({
      target: { service: 'cbr', region: 'cn-north-4', projectId: 'p' },
      origin: 'https://cbr.example',
      send: reticentCloud(),
      concurrency: 8,
      readsReplicationPolicies: true,
    })
    const scan = source.scan(AS_OF, () => {})
    const told: Observation[] = []
    for await (const observations of scan) told.push(...observations)
    expect(scan.outcome().incompleteBecause).toEqual([])
    const nothing = { name: undefined, enterpriseProjectId: undefined }
    expect(told).toMatchObject([
      { kind: 'resource', resource: { id: 'r', vault: { id: 'known' } } },
      { backup: { vault: { id: 'known', name: 'its name', enterpriseProjectId: 'ep', replicates: true } } },
      { backup: { vault: { id: 'unlisted', ...nothing, replicates: true } } },
      { backup: { vault: { id: 'no-copies', ...nothing, replicates: false } } },
    ])
  })

  const policyFor = (id: string, vault_id: string) => ({ ...POLICY, id, associated_vaults: [{ vault_id }] })
  it.each([
    ['nothing', 1000, []],
    ['one of two policies twice', 1000, [policyFor('1', 'known'), policyFor('1', 'known')]],
    ['no more than the limit told', 1, [policyFor('1', 'known')]],
  ])('are judged by all policies, although %s came first', async (_what, limit, slip) => {
    const policies = [policyFor('1', 'known'), policyFor('2', 'unlisted')]
    let asked = 0
    const cloud = reticentCloud()
    const source = cbrSource({
      target: { service: 'cbr', region: 'cn-north-4', projectId: 'p' },
      origin: 'https://cbr.example',
      send: async (request: Request) => {
        if (!request.path.endsWith('/policies')) return await cloud(request)
        asked += 1
        const offset = Number(new Map(request.query).get('offset') ?? 0)
        const rows = asked === 1 ? slip : policies.slice(offset)
        return respond(200, { policies: rows, count: asked === 1 ? slip.length : policies.length, limit })
      },
      concurrency: 8,
      readsReplicationPolicies: true,
    })
    const scan = source.scan(AS_OF, () => {})
    const replicating: (boolean | string | undefined)[] = []
    for await (const observations of scan)
      for (const told of observations)
        if (told.kind === 'backup') replicating.push(told.backup.vault?.replicates)
    expect(scan.outcome().incompleteBecause).toEqual([])
    expect(replicating).toEqual([true, true, false])
  })
})
