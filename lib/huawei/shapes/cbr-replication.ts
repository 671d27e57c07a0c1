import * as z from 'zod/mini'
import { parseJson } from '../../parse-json.ts'
import { amount, field, flag, openText, shape, text, time } from './field.ts'

const details = shape({
  progress: amount(),
  fail_code: text('Empty where it succeeded'),
  fail_reason: text(),
  auto_trigger: flag('Whether a schedule began it'),
  destinatio_vault_id: text("As the documents misspell it; Huawei's Go SDK reads destination_vault_id"),
  destination_vault_id: text(),
})

/** An object, or the same object as JSON text, as the older document types it. */
const extraInfo = z.pipe(
  z.union([details, z.string()]),
  z.transform((value, context): z.output<typeof details> => {
    const result = z.safeParse(details, typeof value === 'string' ? parseJson(value) : value)
    if (result.success) return result.data
    context.issues.push({ code: 'custom', message: 'no object', input: value })
    return z.NEVER
  }),
)

/** One attempt to copy a backup elsewhere. */
export const cbrReplication = shape({
  id: text(),
  status: openText(['replicating', 'success', 'fail', 'skip', 'waiting_replicate']),
  created_at: time('When it was begun'),
  vault_id: text(),
  source_backup_id: text(),
  source_checkpoint_id: text(),
  source_project_id: text(),
  source_region: text(),
  destination_backup_id: text(),
  destination_checkpoint_id: text(),
  destination_project_id: text(),
  destination_region: text(),
  destination_vault_id: text(),
  extra_info: field(extraInfo),
})
