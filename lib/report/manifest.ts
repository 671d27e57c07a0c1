import * as z from 'zod/mini'
import type { Summary } from '../audit/record.ts'
import type { TargetReport } from '../scan.ts'
import { targetSchema, verdictSchema } from './record-schemas.ts'

/** One file of a finished report; `rows` do not count a header, and are null where the file has no rows. */
export interface ManifestFile {
  readonly name: string
  readonly sha256: string
  readonly bytes: number
  readonly rows: number | null
}

/** `manifest.json`: written last, so that its presence means that the report is whole. It lists every file but itself. */
export interface Manifest {
  readonly schema_version: number
  readonly audit_id: string
  readonly verdict: Summary['verdict']
  readonly tool_version: string
  readonly files: readonly ManifestFile[]
  readonly targets: readonly TargetReport[]
}

/** `latest.json`: the newest audit of a store, and the newest complete one without a scope; null where there never was one. */
export interface Latest {
  readonly audit_id: string
  readonly manifest: string
  readonly as_of: string
  readonly complete_audit_id: string | null
}

const text = z.string()
const count = z.number()

/** Reads `manifest.json`. */
export const manifestSchema: z.ZodMiniType<Manifest> = z.object({
  schema_version: count,
  audit_id: text,
  verdict: verdictSchema,
  tool_version: text,
  files: z.array(z.object({ name: text, sha256: text, bytes: count, rows: z.nullable(count) })),
  targets: z.array(targetSchema),
})

/** Reads `latest.json`. */
export const latestSchema: z.ZodMiniType<Latest> = z.object({
  audit_id: text,
  manifest: text,
  as_of: text,
  complete_audit_id: z.nullable(text),
})
