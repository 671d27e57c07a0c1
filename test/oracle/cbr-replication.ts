import { HOUR } from './micros.ts'
import { type Scene, stamp, within } from './scene.ts'
import type { WireObject } from './wire.ts'

/** One or more records of replication, their times and statuses tied or scattered. */
export function makeReplicationRecords(scene: Scene, statuses: readonly unknown[]): WireObject[] {
  const { dice, asOf } = scene
  const tied = stamp(scene, within(scene, asOf - 30n * HOUR, 20))
  return statuses.map((status) => {
    const extra = makeExtraInfo(scene, status)
    return {
      id: dice.uuid(),
      created_at: dice.pick([
        tied,
        tied,
        stamp(scene, within(scene, asOf - 30n * HOUR, 20)),
        null,
        'soon',
        undefined,
      ]),
      destination_backup_id: dice.uuid(),
      destination_project_id: dice.hex(32),
      destination_region: dice.pick([
        'ap-southeast-1',
        'ap-southeast-2',
        'ap-southeast-3',
        null,
        undefined,
        3,
      ]),
      destination_vault_id: dice.uuid(),
      source_region: 'cn-north-4',
      extra_info: dice.pick([extra, extra, JSON.stringify(extra), null, undefined, '{"fail_code": ']),
      status,
    }
  })
}

function makeExtraInfo({ dice }: Scene, status: unknown): WireObject {
  const failed = status === 'fail' || dice.chance(0.1)
  return {
    planned_start_time: null,
    auto_trigger: true,
    fail_code: failed
      ? dice.pick(['BackupService.6302', 'BackupService.6302', '', null])
      : dice.pick([null, undefined]),
    fail_reason: failed ? dice.pick(['vault is full', '对端存储库不存在', null, undefined]) : null,
    [dice.chance(0.5) ? 'destinatio_vault_id' : 'destination_vault_id']: dice.uuid(),
  }
}
