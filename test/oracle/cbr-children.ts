import { makeCleanBackup, type Subject } from './cbr-backup.ts'
import { HOUR, type Micros, readMicros } from './micros.ts'
import { someName } from './names.ts'
import { type Scene, stamp, within } from './scene.ts'
import type { OracleProject, WireObject } from './wire.ts'

/** Gives some backups of a project children, with every family trouble that a listing can show. */
export function addChildren(scene: Scene, project: OracleProject, projects: readonly OracleProject[]): void {
  const { dice } = scene
  const parents = project.backups.filter((backup) => (createdAt(backup) ?? scene.asOf) < scene.asOf)
  if (parents.length < 2) return
  for (const parent of parents.filter(() => dice.chance(0.3))) {
    adopt(parent, makeChild(scene, project, parent))
    if (dice.chance(0.4)) adopt(parent, makeChild(scene, project, parent))
  }
  for (let count = 2; count > 0; count -= 1) {
    const [one, other] = [dice.pick(parents), dice.pick(parents)]
    const shared = makeChild(scene, project, one)
    adopt(one, shared)
    if (other !== one) adopt(other, structuredClone(shared))

    const parent = dice.pick(parents)
    const listedHere = { ...makeChild(scene, project, parent), id: dice.pick(project.backups).id }
    if (listedHere.id !== parent.id) adopt(parent, listedHere)
  }
  const elsewhere = dice.pick(projects)
  if (elsewhere !== project && elsewhere.backups.length > 0) {
    const parent = dice.pick(parents)
    adopt(parent, {
      ...makeChild(scene, project, parent),
      id: dice.pick(elsewhere.backups).id,
      status: 'error',
    })
  }
}

function createdAt(backup: WireObject): Micros | undefined {
  return readMicros(backup.created_at)
}

/** Puts a child under a parent, unless it is there already. */
export function adopt(parent: WireObject, child: WireObject): void {
  const siblings: unknown[] = Array.isArray(parent.children) ? parent.children : []
  parent['children'] = [...siblings, child]
}

/** A child of a backup: mostly of a volume of its own, now and then of a resource that the audit knows. */
export function makeChild(scene: Scene, project: OracleProject, parent: WireObject): WireObject {
  const { dice, asOf } = scene
  const subject: Subject = {
    id: dice.chance(0.3) && typeof parent.resource_id === 'string' ? parent.resource_id : dice.uuid(),
    name: someName({ dice, plain: 'volume' }),
    type: dice.pick(['OS::Cinder::Volume', 'OS::Cinder::Volume', null, undefined]),
  }
  const born = dice.chance(0.8) ? (createdAt(parent) ?? asOf) : asOf + dice.pick([0n, 1n, HOUR])
  const child = makeCleanBackup(scene, { project, subject, createdAt: born })
  return {
    ...child,
    parent_id: parent.id,
    status: dice.pick([
      'error',
      'error',
      'error',
      'available',
      'protecting',
      'waiting_delete',
      'quantum',
      'AVAILABLE',
    ]),
    expired_at: dice.pick([null, 'never', stamp(scene, within(scene, asOf - 90n * HOUR, 200))]),
    image_type: dice.pick(['backup', 'backup', 'replication', null, undefined, 'snapshot']),
    enterprise_project_id: dice.pick([undefined, undefined, 0, 'a7a4ea1c-8c4b-4f9f-9a3b-0f1d7fd0f3a1', null]),
    vault_id: dice.chance(0.7) ? child.vault_id : dice.pick([null, undefined, dice.uuid()]),
    ...(dice.chance(0.2) ? { children: [{ ...child, id: dice.uuid(), status: 'error' }] } : {}),
  }
}
