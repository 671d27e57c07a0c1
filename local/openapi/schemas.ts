import * as z from 'zod/mini'
import { OPERATION_STATES, type Operation } from '../../lib/checkpoint/operation.ts'
import { checkpointBody } from '../../lib/huawei/checkpoint-body.ts'
import { cbrBackup, cbrBackupPage } from '../../lib/huawei/shapes/cbr-backup.ts'
import { cbrCheckpoint, cbrCheckpointAnswer } from '../../lib/huawei/shapes/cbr-checkpoint.ts'
import { dcsRecord, dcsRecordPage } from '../../lib/huawei/shapes/dcs-record.ts'
import { summarySchema } from '../../lib/report/record-schemas.ts'
import { PROBLEMS, type Problem } from '../../lib/runtime/problem.ts'
import type { AlertReceipt } from '../../lib/workflow/accept-alert.ts'
import { auditOrder } from '../../lib/workflow/audit-order.ts'
import { withTypedNulls } from './typed-nulls.ts'

const text = z.string()
const textOrNull = z.nullable(text)

const problem: z.ZodMiniType<Problem> = z.strictObject({
  type: text.check(z.describe('urn:huawei-backup-audit:problem: and the code')),
  title: text,
  status: z.int(),
  detail: text.check(z.describe('A sentence for people: what cannot be done, what was found, what to do')),
  code: z.enum(codes()),
  request_id: text,
  errors: z.exactOptional(
    z
      .array(z.strictObject({ pointer: text, detail: text }))
      .check(z.describe('Every mistake of the request')),
  ),
  error_code: z.exactOptional(text.check(z.describe("Huawei's own, where it answered"))),
  error_msg: z.exactOptional(text),
  huawei_request_id: z.exactOptional(text.check(z.describe('What the support of Huawei asks for'))),
})

const backupSeen = z.strictObject({
  backup_id: text,
  resource_id: textOrNull,
  resource_name: textOrNull,
  status: text,
})

const operation: z.ZodMiniType<Operation> = z.strictObject({
  operation: text,
  state: z.enum(OPERATION_STATES),
  region: textOrNull,
  project_id: textOrNull,
  vault_id: textOrNull,
  alert_id: textOrNull,
  name: textOrNull,
  attempt: z.int(),
  received_at: textOrNull,
  sent_at: textOrNull,
  settled_at: textOrNull,
  ended_at: textOrNull,
  not_before: textOrNull.check(z.describe('When the turn of one that is parked comes')),
  joined_to: textOrNull.check(z.describe('The operation that does what this one asked for')),
  joined_state: z.nullable(z.enum(OPERATION_STATES)).check(z.describe('How that one stands')),
  because: textOrNull,
  checkpoint_id: textOrNull,
  checkpoint: z.nullable(cbrCheckpoint),
  backups: z
    .nullable(z.array(backupSeen))
    .check(z.describe('What becomes of each resource that was taken in')),
  error_code: textOrNull,
  error_msg: textOrNull,
})

const auditReport = z.strictObject({
  summary: summarySchema,
  links: z.record(text, text).check(z.describe('Where each file of the report is: {"report.html": url, …}')),
})

/** Each sender has a form of its own, and adds to it over time. */
const alert = z.looseObject({})

const alertReceipt: z.ZodMiniType<AlertReceipt> = z.strictObject({
  alert_id: text,
  operations: z.array(text).check(z.describe('What it starts: /checkpoints/{operation}, /audits/{audit_id}')),
})

const runningAudit = z.strictObject({ audit_id: text, status: z.literal('running') })

/** Every schema that the description names: those that the routes read requests with, and those of their answers. */
const SCHEMAS = {
  Alert: alert,
  AlertReceipt: alertReceipt,
  AuditOrder: auditOrder,
  AuditReport: auditReport,
  CbrBackup: cbrBackup,
  CbrBackupPage: cbrBackupPage,
  CbrCheckpoint: cbrCheckpoint,
  CbrCheckpointAnswer: cbrCheckpointAnswer,
  CheckpointBody: checkpointBody,
  DcsRecord: dcsRecord,
  DcsRecordPage: dcsRecordPage,
  Operation: operation,
  Problem: problem,
  RunningAudit: runningAudit,
} as const satisfies Readonly<Record<string, z.ZodMiniType>>

/** A schema by its name. */
export type SchemaName = keyof typeof SCHEMAS

/** All of them as JSON Schema in the dialect of OpenAPI 3.0: what is sent, before it is read into anything. */
export function describeSchemas(): Readonly<Record<string, unknown>> {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(SCHEMAS)) registry.add(schema, { id })
  const uri = (id: string) => `#/components/schemas/${id}`
  const { schemas } = z.toJSONSchema(registry, { target: 'openapi-3.0', io: 'input', uri })
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $id, ...schema }]: [string, Record<string, unknown>]) => [
      id,
      withTypedNulls(schema),
    ]),
  )
}

function codes(): readonly Problem['code'][] {
  return Object.keys(PROBLEMS) as Problem['code'][]
}
