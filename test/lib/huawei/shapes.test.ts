import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { cbrBackup } from '../../../lib/huawei/shapes/cbr-backup.ts'
import { cbrCheckpointAnswer } from '../../../lib/huawei/shapes/cbr-checkpoint.ts'
import { cbrVault } from '../../../lib/huawei/shapes/cbr-vault.ts'
import { dcsInstance } from '../../../lib/huawei/shapes/dcs-instance.ts'
import { dcsRecord } from '../../../lib/huawei/shapes/dcs-record.ts'

const REALDATA = join(import.meta.dirname, '../../../../shared/data/realdata')
const read = (file: string): unknown => JSON.parse(readFileSync(join(REALDATA, file), 'utf8'))

/** Where a value was in the body and is not in what was read of it; `{}`, which documents print for null, is none. */
function lost(raw: unknown, parsed: unknown, path: string): readonly string[] {
  if (typeof raw !== 'object' || raw === null) return parsed === undefined ? [path] : []
  if (parsed === undefined) return Object.keys(raw).length === 0 ? [] : [path]
  if (typeof parsed !== 'object' || parsed === null) return [path]
  return Object.entries(raw).flatMap(([key, value]) =>
    lost(value, Reflect.get(parsed, key), `${path}/${key}`),
  )
}

describe.skipIf(!existsSync(REALDATA))(
  'the shapes and ../shared/data/realdata (skipped where that is absent)',
  () => {
    it.each([
      ['cbr/recorded/cbr_backup_list.0.json', z.looseObject({ backups: z.array(cbrBackup) })],
      [
        'cbr/docs-huawei/list-backups-2024-06-21.response.json',
        z.looseObject({ backups: z.array(cbrBackup) }),
      ],
      [
        'cbr/docs-huawei/list-backups-older-edition.response.json',
        z.looseObject({ backups: z.array(cbrBackup) }),
      ],
      ['cbr/docs-huawei/paging-example-2024-05-11.backup-1.json', cbrBackup],
      ['cbr/docs-huawei/paging-example-2024-05-11.backup-2.json', cbrBackup],
      ['cbr/docs-otc/querying_all_backups.1.json', z.looseObject({ backups: z.array(cbrBackup) })],
      ['cbr/docs-huawei/create-checkpoint-2024-03-12.response.json', cbrCheckpointAnswer],
      ['cbr/docs-otc/creating_a_restore_point.2.json', cbrCheckpointAnswer],
      ['cbr/docs-otc/querying_a_restore_point.1.json', cbrCheckpointAnswer],
      ['cbr/recorded/evs_volume_backup_create.2.json', cbrCheckpointAnswer],
      ['cbr/recorded/cbr_vault_list.0.json', z.looseObject({ vaults: z.array(cbrVault) })],
      ['cbr/docs-otc/querying_the_vault_list.1.json', z.looseObject({ vaults: z.array(cbrVault) })],
      [
        'dcs/docs-huawei/list-backup-records-2024-11-06.response.json',
        z.looseObject({ backup_record_response: z.array(dcsRecord) }),
      ],
      [
        'dcs/docs-huawei-github/list-backup-records.response.json',
        z.looseObject({ backup_record_response: z.array(dcsRecord) }),
      ],
      [
        'dcs/docs-otc/listing_dcs_instance_backup_records.1.json',
        z.looseObject({ backup_record_response: z.array(dcsRecord) }),
      ],
      [
        'dcs/docs-huawei-github/list-instances-1.response.json',
        z.looseObject({ instances: z.array(dcsInstance) }),
      ],
      ['dcs/docs-otc/querying_all_dcs_instances.1.json', z.looseObject({ instances: z.array(dcsInstance) })],
    ])('lose no field of %s, whatever its type there', (file, shape) => {
      const raw = read(file)
      expect(lost(raw, z.parse(shape, raw), '')).toEqual([])
    })

    it('name every field of the recorded backups, vaults and checkpoints', () => {
      const keysOf = (rows: unknown) =>
        Array.isArray(rows) ? rows.flatMap((row: object) => Object.keys(row)) : []
      const { backups } = z.parse(
        z.object({ backups: z.unknown() }),
        read('cbr/recorded/cbr_backup_list.0.json'),
      )
      const { vaults } = z.parse(
        z.object({ vaults: z.unknown() }),
        read('cbr/recorded/cbr_vault_list.0.json'),
      )
      expect(keysOf(backups).filter((key) => !Object.hasOwn(cbrBackup.shape, key))).toEqual([])
      expect(keysOf(vaults).filter((key) => !Object.hasOwn(cbrVault.shape, key))).toEqual([])
    })
  },
)
