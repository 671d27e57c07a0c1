import * as z from 'zod/mini'
import { STATUSES } from '../../backup.ts'
import { amount, flag, openEnum, openText, shape, text, time } from './field.ts'

/** A backup record of a DCS instance: every field of its document. */
export const dcsRecord = shape({
  backup_id: z.string(),
  created_at: z.string().check(z.describe('When it was begun; UTC')),
  status: openEnum(STATUSES.dcs),
  backup_name: text('Holds a local time, which is not that of created_at'),
  instance_id: text(),
  backup_type: openText(['manual', 'auto']),
  backup_format: openText(['aof', 'rdb']),
  size: amount('In bytes'),
  period: text('Such as 22:00-23:00'),
  progress: amount('In percent; text on the wire'),
  is_support_restore: flag('Whether it can be restored; the text TRUE on the wire'),
  error_code: text('Why it failed, such as dcs.08.0002'),
  remark: text(),
  execution_at: time('When it was executed'),
  updated_at: time('When it was done'),
})

/** A backup record of DCS, in Huawei's own spelling. */
export interface DcsRecord extends z.output<typeof dcsRecord> {}

/** What `GET /v2/{project_id}/instances/{instance_id}/backups` answers. */
export const dcsRecordPage = shape({
  backup_record_response: z.array(dcsRecord),
  total_num: amount('How many there are, or how many were sent: readers of the document disagree'),
})
