import * as z from 'zod/mini'
import { RESOURCE_TYPES } from '../cbr-list-query.ts'
import { amount, field, flag, listOf, openEnum, openText, shape, text, time } from './field.ts'

/** The statuses of a checkpoint; one of them with a hyphen, as no backup has. */
const CHECKPOINT_STATUSES = [
  'available',
  'protecting',
  'deleting',
  'deleted',
  'error-deleting',
  'error',
] as const

const resource = shape({
  id: text(),
  type: openText(RESOURCE_TYPES),
  name: text(),
  protect_status: openText(['available', 'error', 'protecting', 'restoring', 'removing']),
  resource_size: amount('In GB; text on the wire'),
  backup_size: amount('In MB; text on the wire'),
  backup_size_multiaz: amount(),
  backup_count: amount(),
  auto_protect: flag(),
  extra_info: field(z.unknown(), 'JSON text, such as {}'),
})

const skippedResource = shape({
  id: text(),
  type: openText(RESOURCE_TYPES),
  name: text(),
  code: text("Huawei's error code, such as BackupService.6215"),
  reason: text(),
})

const vault = shape({
  id: text(),
  name: text(),
  resources: listOf(resource, 'What is backed up'),
  skipped_resources: listOf(skippedResource, 'What is left out, and why: a checkpoint may have skipped all'),
})

/** A checkpoint: one backup of a vault, made of a backup for each of its resources. */
export const cbrCheckpoint = shape({
  id: z.string(),
  status: z.optional(openEnum(CHECKPOINT_STATUSES)),
  created_at: time('When it was begun'),
  project_id: text(),
  vault: field(vault),
  extra_info: field(
    shape({
      name: text(),
      description: text(),
      retention_duration: amount('In days; -1: it is not deleted for its age'),
    }),
  ),
})

/** A checkpoint, in Huawei's own spelling. */
export interface CbrCheckpoint extends z.output<typeof cbrCheckpoint> {}

/** What `POST /v3/{project_id}/checkpoints` and `GET /v3/{project_id}/checkpoints/{id}` answer. */
export const cbrCheckpointAnswer = shape({ checkpoint: cbrCheckpoint })
