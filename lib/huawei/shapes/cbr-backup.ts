import * as z from 'zod/mini'
import { STATUSES } from '../../backup.ts'
import { RESOURCE_TYPES } from '../cbr-list-query.ts'
import { cbrReplication } from './cbr-replication.ts'
import { amount, field, flag, label, listOf, openEnum, openText, shape, text, time } from './field.ts'

const appConsistency = shape({
  app_consistency: label(),
  app_consistency_status: label(),
  app_consistency_error_code: label(),
  app_consistency_error_message: text(),
})

const extendInfo = shape({
  auto_trigger: flag('Whether a schedule made it'),
  bootable: flag('Whether it is a backup of a system disk'),
  snapshot_id: text(),
  support_lld: flag('Whether it can be used while it is being restored'),
  supported_restore_mode: openText(['na', 'backup', 'snapshot'], 'How it can be restored'),
  os_images_data: listOf(
    z.union([shape({ image_id: text() }), z.string()]),
    'Images registered from it; texts in the older document',
  ),
  contain_system_disk: flag('Whether the backup of a server holds its system disk'),
  encrypted: flag(),
  system_disk: flag('Whether it is a system disk'),
  is_multi_az: flag(),
  incremental: flag('Here in the older document alone'),
  progress: amount(),
  is_dec: flag('Whether it is in a dedicated cloud'),
  encrypted_algorithm: text(),
  architecture: openText(['x86_64', 'aarch64']),
  app_consistency: field(appConsistency),
})

const fields = {
  id: z.string(),
  created_at: z.string().check(z.describe('When it was begun; UTC, also where it has no zone')),
  status: openEnum(STATUSES.cbr),
  name: text(),
  description: text(),
  image_type: openText(['backup', 'replication'], 'A backup, or a copy of one from elsewhere'),
  checkpoint_id: text(),
  vault_id: text(),
  parent_id: text('The backup that holds this one'),
  project_id: text(),
  enterprise_project_id: label('0 is the default one'),
  protected_at: time('When it was done'),
  updated_at: time('When it changed last'),
  expired_at: time('When it is to be deleted; null: never'),
  resource_id: text(),
  resource_name: text(),
  resource_type: openText(RESOURCE_TYPES),
  resource_size: amount('In GB; text in the older document'),
  resource_az: text(),
  provider_id: text('Which kind of resource, by the id of the provider'),
  scheduled_operation_id: text(),
  incremental: flag(),
  version: amount(),
  extend_info: field(extendInfo),
  replication_records: listOf(cbrReplication, 'Empty unless asked for with show_replication'),
}

/** A backup of CBR: every field of both editions of its document, and those that only recordings show. */
export const cbrBackup = shape({
  ...fields,
  children: listOf(shape(fields), 'The backups of which this one is made, such as the disks of a server'),
})

/** A backup of CBR, in Huawei's own spelling. */
export interface CbrBackup extends z.output<typeof cbrBackup> {}

/** What `GET /v3/{project_id}/backups` answers. */
export const cbrBackupPage = shape({
  backups: z.array(cbrBackup),
  count: amount('How many there are of those that were asked for, on all pages'),
  offset: amount(),
  limit: amount(),
})
