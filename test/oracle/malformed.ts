import { makeCleanBackup } from './cbr-backup.ts'
import { adopt, makeChild } from './cbr-children.ts'
import { makeRecord } from './dcs-instances.ts'
import { HOUR } from './micros.ts'
import { type Scene, within } from './scene.ts'
import type { OracleProject, WireObject } from './wire.ts'

const UNREADABLE_ID = [undefined, null, '', 42, {}] as const
const UNREADABLE_TIME = [undefined, null, '', 1_700_000_000, 'yesterday', '2025-02-30T00:00:00', {}] as const
const UNREADABLE_STATUS = [undefined, null, 1, {}, ['available']] as const

/** Adds backups, children and records that cannot be told apart, dated or read. */
export function addMalformed(scene: Scene, project: OracleProject): void {
  const { dice } = scene
  const at = () => within(scene, scene.asOf - 50n * HOUR, 40)
  const known = project.backups.find((backup) => typeof backup.resource_id === 'string')
  const subject = { id: String(known?.resource_id ?? dice.uuid()), name: 'wreck', type: 'OS::Nova::Server' }
  for (const fields of wrecks(scene, 'id')) {
    project.backups.push(makeCleanBackup(scene, { project, subject, createdAt: at(), fields }))
  }
  const parent = makeCleanBackup(scene, { project, subject, createdAt: at() })
  for (const fields of wrecks(scene, 'id')) adopt(parent, { ...makeChild(scene, project, parent), ...fields })
  adopt(parent, { ...makeChild(scene, project, parent), status: 'error' })
  project.backups.push(parent)
  for (const { instance_id, status } of project.instances) {
    if (typeof instance_id !== 'string' || status !== 'RUNNING') continue
    const records = project.records[instance_id] ?? []
    const wreck = dice.pick(wrecks(scene, 'backup_id'))
    project.records[instance_id] = [...records, makeRecord(scene, instance_id, at(), wreck)]
  }
}

function wrecks({ dice }: Scene, idKey: string): WireObject[] {
  return [
    { [idKey]: dice.pick(UNREADABLE_ID) },
    { created_at: dice.pick(UNREADABLE_TIME) },
    { status: dice.pick(UNREADABLE_STATUS) },
    { created_at: dice.pick(UNREADABLE_TIME), status: dice.pick(UNREADABLE_STATUS) },
  ]
}
