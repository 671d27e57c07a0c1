import type { Subject } from './cbr-backup.ts'
import { HOUR } from './micros.ts'
import { someName } from './names.ts'
import { type Scene, stamp, within } from './scene.ts'
import type { OracleProject, WireObject } from './wire.ts'

/** Fills a project with empty vaults and with policies over some of them. */
export function addVaults(scene: Scene, project: OracleProject): void {
  const { dice } = scene
  for (let count = 3 + dice.below(3); count > 0; count -= 1) project.vaults.push(makeVault(scene, project))
  const [first, second, third] = project.vaults
  if (first !== undefined) project.policies.push(makePolicy(scene, 'replication', true, [first]))
  if (second !== undefined) project.policies.push(makePolicy(scene, 'replication', false, [second]))
  if (third !== undefined)
    project.policies.push(makePolicy(scene, 'backup', true, [third, ...project.vaults.slice(3)]))
}

function makeVault(scene: Scene, project: OracleProject): WireObject {
  const { dice } = scene
  return {
    id: dice.uuid(),
    name: someName({ dice, plain: 'vault' }),
    description: null,
    resources: [],
    provider_id: '0daac4c5-6707-4851-97ba-169e36266b66',
    created_at: stamp(scene, within(scene, scene.asOf - 9000n * HOUR, 8000)),
    project_id: project.id,
    enterprise_project_id: dice.pick(['0', 0, 'd522b930-e31e-455f-b54e-f8ebdd7c94cd', undefined, null]),
    auto_bind: false,
    bind_rules: {},
    auto_expand: false,
    threshold: 80,
    user_id: dice.hex(32),
    billing: {
      allocated: 10,
      cloud_type: 'public',
      consistent_level: 'crash_consistent',
      charging_mode: 'post_paid',
      protect_type: dice.pick(['backup', 'backup', 'replication']),
      object_type: 'server',
      spec_code: 'vault.backup.server.normal',
      used: 0,
      status: 'available',
      size: 100,
    },
    tags: [],
    locked: false,
  }
}

function makePolicy(
  { dice }: Scene,
  operation: 'replication' | 'backup',
  enabled: boolean,
  vaults: readonly WireObject[],
): WireObject {
  return {
    id: dice.uuid(),
    name: `policy_${dice.hex(6)}`,
    operation_type: operation,
    operation_definition: {
      max_backups: -1,
      retention_duration_days: 30,
      ...(operation === 'replication'
        ? { destination_region: 'ap-southeast-2', destination_project_id: dice.hex(32) }
        : {}),
      timezone: 'UTC+08:00',
    },
    enabled,
    trigger: {
      id: dice.uuid(),
      name: 'default',
      type: 'time',
      properties: {
        pattern: ['FREQ=DAILY;INTERVAL=1;BYHOUR=14;BYMINUTE=00'],
        start_time: '2025-05-24 08:45:56',
      },
    },
    associated_vaults: vaults.map((vault) => ({
      vault_id: vault.id,
      destination_vault_id: operation === 'replication' ? dice.uuid() : null,
    })),
    policy_type: 'custom_policy',
  }
}

/** Enters a resource into a vault. */
export function hold({ dice }: Scene, vault: WireObject, subject: Subject, protectStatus: unknown): void {
  const resources = vault.resources
  if (!Array.isArray(resources)) return
  resources.push({
    id: subject.id,
    type: dice.chance(0.05) ? dice.pick([null, undefined, 3]) : subject.type,
    name: dice.chance(0.1) ? someName({ dice, plain: 'entry' }) : subject.name,
    auto_protect: true,
    size: 40,
    backup_size: 0,
    backup_count: 0,
    protect_status: protectStatus,
    ...(dice.chance(0.5) ? { extra_info: {} } : {}),
  })
}
