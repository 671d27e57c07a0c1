import type { Fleet } from '../../local/emulator/fleet.ts'
import { backupOf, fleetOf, INSTANCE_ID, uuidOf } from '../local/emulator/fleet-of.ts'

/** The account that the files in `events/` speak of: five backups, two of them not available, and one DCS record. */
export function eventFleet(): Fleet {
  const statuses = ['available', 'error', 'available', 'deleting', 'available']
  const backups = statuses.map((status, index) =>
    backupOf(index + 1, `2026-11-0${index + 1}T00:00:00.000001`, { status }),
  )
  const record = { backup_id: uuidOf(100), created_at: '2026-11-02T22:00:00.780Z', status: 'succeed' }
  const instances = [{ instance_id: INSTANCE_ID, name: 'redis-1', cache_mode: 'ha' }]
  return fleetOf(backups, { instances, records: { [INSTANCE_ID]: [record] } })
}
