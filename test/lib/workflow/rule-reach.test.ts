import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CONTROLS } from '../../../lib/audit/controls/index.ts'
import { readPolicy } from '../../../lib/audit/policy.ts'
import type { Services } from '../../../lib/runtime/services.ts'
import { auditOrdered } from '../../../lib/workflow/audit-ordered.ts'
import { rulesOutOfReach } from '../../../lib/workflow/rule-reach.ts'
import { openAuditWorld } from '../../support/audit-world.ts'

const VAULT_ID = '3b5816b5-f29c-4172-9d9a-76c719a659ce'

const PLACES = [
  { region: 'cn-north-4', projectId: 'ours' },
  { region: 'ap-southeast-1', projectId: undefined },
]

const found = (...actions: readonly object[]) => {
  const rules = actions.map((action) => ({ source: 'grafana', match: {}, ...action }))
  return rulesOutOfReach(readPolicy({ alerts: { rules } }, CONTROLS), PLACES)
}

describe('rulesOutOfReach', () => {
  it('names the rule, what it names and what is configured, of every such rule', () => {
    const allowed = 'allowed is what is configured here: cn-north-4:ours, ap-southeast-1'
    expect(
      found(
        { checkpoint: { region: 'cn-north-4', project_id: 'theirs', vault_id: VAULT_ID } },
        { checkpoint: { region: 'cn-north-4', project_id: 'ours', vault_id: VAULT_ID } },
        { audit: { targets: ['cn-north-4:ours', 'cn-north-4', 'eu-west-101'] } },
      ),
    ).toEqual([
      { pointer: '/alerts/rules/0/checkpoint', detail: `found cn-north-4:theirs, ${allowed}` },
      { pointer: '/alerts/rules/2/audit/targets', detail: `found cn-north-4, eu-west-101, ${allowed}` },
    ])
  })

  it('is told of in the log of each audit, against all that is configured where the audit looks at less', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rules-'))
    const policyAddress = join(folder, 'policy.json')
    const targets = ['cn-north-4', 'eu-west-101']
    const rules = targets.map((target) => ({ source: 'grafana', match: {}, audit: { targets: [target] } }))
    writeFileSync(policyAddress, JSON.stringify({ alerts: { rules } }))
    const world = await openAuditWorld()
    const said: unknown[] = []
    const services: Services = {
      ...world.services,
      config: { ...world.services.config, policyAddress },
      log: (level, message, { because }) => void (level === 'warn' && said.push([message, because])),
    }
    const places = world.emulator.fleet.projects.map(({ region, id }) => ({ region, projectId: id }))
    await auditOrdered(services, { ...world.order, places })
    await world.close()
    rmSync(folder, { recursive: true })
    expect(said).toEqual([
      ['alert rule out of reach', expect.stringContaining('/alerts/rules/1/audit/targets found eu-west-101')],
    ])
  })

  it('finds nothing in rules that say nothing of a target, or name a project of a region that is configured whole', () => {
    expect(
      found(
        { audit: {} },
        { audit: { vault_id: VAULT_ID } },
        { checkpoint: { region: 'ap-southeast-1', project_id: 'any', vault_id: VAULT_ID } },
      ),
    ).toEqual([])
  })
})
