import { makeReplicationRecords } from './cbr-replication.ts'
import { HOUR, type Micros } from './micros.ts'
import { someName } from './names.ts'
import { type Scene, someCreation, someExpiry, stamp, within } from './scene.ts'
import type { OracleProject, WireObject } from './wire.ts'

/** A resource that backups may be of. */
export interface Subject {
  readonly id: string
  readonly name: unknown
  readonly type: unknown
}

/** Where a backup is listed, and what is fixed about it; the rest is left to chance. */
export interface BackupWish {
  readonly project: OracleProject
  readonly subject: Subject
  readonly createdAt?: Micros
  readonly isCopy?: boolean
  readonly fields?: WireObject
}

/** A backup in the form of the recorded bodies, with edge cases where chance wants them. */
export function makeBackup(scene: Scene, wish: BackupWish): WireObject {
  const backup = makeCleanBackup(scene, wish)
  for (let odds = scene.dice.below(4); odds > 0; odds -= 1) scene.dice.pick(ODDITIES)(backup, scene)
  return { ...backup, ...wish.fields }
}

/** A backup without any oddity: available, usable unless the wish says otherwise. */
export function makeCleanBackup(
  scene: Scene,
  { project, subject, createdAt, isCopy, fields }: BackupWish,
): WireObject {
  const { dice } = scene
  const at = createdAt ?? someCreation(scene)
  return {
    children: [],
    checkpoint_id: dice.uuid(),
    created_at: stamp(scene, at),
    description: '',
    expired_at: dice.chance(0.5) ? null : stamp(scene, within(scene, scene.asOf + HOUR, 900)),
    extend_info: {
      auto_trigger: dice.chance(0.5),
      bootable: null,
      os_images_data: null,
      progress: null,
      supported_restore_mode: 'backup',
      system_disk: false,
    },
    id: dice.uuid(),
    image_type: isCopy === true ? 'replication' : 'backup',
    incremental: dice.chance(0.7),
    name: `autobk_${dice.hex(4)}`,
    parent_id: null,
    project_id: project.id,
    protected_at: null,
    provider_id: '0daac4c5-6707-4851-97ba-169e36266b66',
    resource_az: `${project.region}a`,
    resource_id: subject.id,
    resource_name: subject.name,
    resource_size: 1 + dice.below(500),
    resource_type: subject.type,
    status: 'available',
    updated_at: stamp(scene, within(scene, at, 2)),
    vault_id: dice.pick(project.vaults).id,
    version: 3,
    replication_records: [],
    ...fields,
  }
}

type Oddity = (backup: WireObject, scene: Scene) => void

/** An oddity that gives a field one of these values; undefined stands for an absent key. */
function oneOf(field: string, values: readonly unknown[]): Oddity {
  return (backup, { dice }) => {
    backup[field] = dice.pick(values)
  }
}

const UNFINISHED = ['replicating', 'fail', 'skip', 'waiting_replicate'] as const

const ODDITIES: readonly Oddity[] = [
  oneOf('status', ['available', 'error', 'error', 'protecting', 'deleting', 'restoring']),
  oneOf('status', ['waiting_protect', 'waiting_delete', 'waiting_restore', 'waiting_copy']),
  oneOf('status', ['error_deleting', 'AVAILABLE', 'quantum', 'succeed', 'waiting']),
  oneOf('image_type', [undefined, null, 7, 'snapshot', 'REPLICATION']),
  (backup, scene) => {
    const at = someExpiry(scene)
    backup['expired_at'] = at === null ? null : stamp(scene, at)
  },
  (backup, scene) => {
    const at = someExpiry(scene)
    backup['expired_at'] = at === null ? null : stamp(scene, at)
  },
  oneOf('expired_at', [undefined, 'never', 0, {}, '']),
  (backup, scene) => {
    const at = scene.asOf - scene.stuckAfter
    backup['updated_at'] = stamp(scene, at + scene.dice.pick([-1n, 0n, 1n]))
    backup['status'] = scene.dice.pick(['protecting', 'waiting_delete', 'restoring', 'deleting', 'quantum'])
  },
  oneOf('updated_at', [undefined, null, 1_700_000_000, 'soon', {}]),
  (backup, scene) => {
    backup['updated_at'] = scene.dice.pick([undefined, null, 12])
    backup['status'] = scene.dice.pick(['protecting', 'waiting_protect', 'stranger'])
  },
  oneOf('replication_records', [undefined, null, [], [], 'none', {}]),
  (backup, scene) => {
    const { dice } = scene
    const statuses = Array.from({ length: 1 + dice.below(3) }, () => dice.pick(UNFINISHED))
    backup['replication_records'] = makeReplicationRecords(scene, statuses)
  },
  (backup, scene) => {
    backup['replication_records'] = makeReplicationRecords(scene, [scene.dice.pick(UNFINISHED), 'success'])
  },
  (backup, scene) => {
    const strange = scene.dice.pick(['paused', 5, null, 'SUCCESS', undefined])
    backup['replication_records'] = makeReplicationRecords(scene, ['fail', strange])
  },
  oneOf('enterprise_project_id', [0, '0', 42, 'd522b930-e31e-455f-b54e-f8ebdd7c94cd', null, {}, true]),
  oneOf('resource_size', ['50', 'fifty', null, undefined, [], 0]),
  (backup, { dice }) => {
    backup['incremental'] = dice.pick([undefined, null, 'true', false])
    backup['extend_info'] = dice.pick([
      { incremental: true },
      { incremental: false },
      { incremental: 'no' },
      null,
      'x',
    ])
  },
  (backup, { dice }) => {
    backup['name'] = someName({ dice, plain: 'manualbk' })
  },
  (backup, { dice }) => {
    backup['resource_name'] = someName({ dice, plain: 'renamed' })
  },
  oneOf('resource_type', ['OS::Sfs::Turbo', 'OS::Quantum::Thing', null, undefined, 4]),
  oneOf('resource_id', [undefined, null, 99]),
  (backup, { dice }) => {
    backup['vault_id'] = dice.pick([undefined, null, 5, dice.uuid()])
  },
  oneOf('children', [undefined, null, []]),
]
