import * as z from 'zod/mini'
import { RESOURCE_TYPES } from '../cbr-list-query.ts'
import { amount, field, flag, label, listOf, openText, shape, text, time } from './field.ts'

const billing = shape({
  size: amount('In GB'),
  used: amount('In MB'),
  allocated: amount('In GB'),
  status: openText(['available', 'lock', 'frozen', 'deleting', 'error']),
  protect_type: openText(['backup', 'replication']),
  object_type: openText(['server', 'disk', 'turbo', 'workspace', 'vmware', 'file']),
  consistent_level: openText(['crash_consistent', 'app_consistent']),
  charging_mode: openText(['pre_paid', 'post_paid']),
  cloud_type: openText(['public', 'hybrid']),
  spec_code: text(),
  product_id: text(),
  order_id: text(),
  storage_unit: text(),
  frozen_scene: text(),
  is_multi_az: flag(),
  is_double_az: flag(),
  partner_bp_id: text(),
})

const resource = shape({
  id: text(),
  type: openText(RESOURCE_TYPES),
  name: text(),
  size: amount('In GB'),
  backup_size: amount('In MB'),
  backup_count: amount(),
  auto_protect: flag(),
  protect_status: openText(
    ['available', 'error', 'protecting', 'restoring', 'removing', 'deleted'],
    'deleted and null are seen though no document has them',
  ),
  extra_info: field(shape({ exclude_volumes: field(z.array(z.string())) })),
})

/** A vault of CBR: every field that a recording shows. */
export const cbrVault = shape({
  id: z.string(),
  name: text(),
  description: text(),
  created_at: time('When it was made'),
  project_id: text(),
  enterprise_project_id: label('0 is the default one'),
  provider_id: text(),
  user_id: text(),
  resources: listOf(resource, 'What it protects'),
  billing: field(billing),
  tags: listOf(shape({ key: text(), value: text() })),
  auto_bind: flag(),
  bind_rules: field(shape({ tags: listOf(shape({ key: text(), value: text() })) })),
  auto_expand: flag(),
  smn_notify: flag(),
  threshold: amount('The usage in percent at which it warns'),
  backup_name_prefix: text(),
  demand_billing: flag(),
  cbc_delete_count: amount(),
  frozen: flag(),
  availability_zone: text(),
  sys_lock_source_service: text(),
  supplier: text(),
  locked: flag(),
  cross_account: flag(),
  cross_account_urn: text(),
})

/** A vault of CBR, in Huawei's own spelling. */
export interface CbrVault extends z.output<typeof cbrVault> {}
