import type * as z from 'zod/mini'
import { type AuditRecord, SCHEMA_VERSION, type Summary } from '../audit/record.ts'
import { Fault } from '../errors.ts'
import type { Store } from '../store/store.ts'
import { type Manifest, type ManifestFile, manifestSchema } from './manifest.ts'
import { damaged, parseStored, readLines, readVerified } from './read-file.ts'
import { findingSchema, resourceSchema, summarySchema } from './record-schemas.ts'

/** The files that hold the rows of a record. */
interface RecordFiles {
  readonly findings: ManifestFile
  readonly resources: ManifestFile
}

/** The key whose presence means that the report of an audit is whole. */
export function manifestKey(auditId: string): string {
  return `${auditId}/manifest.json`
}

/** The manifest of an audit; undefined where its report is not whole, or not there. */
export async function readManifest(store: Store, auditId: string): Promise<Manifest | undefined> {
  const key = manifestKey(auditId)
  const stored = await store.get(key)
  if (stored === undefined) return undefined
  const manifest = parseStored(store, key, stored.bytes, manifestSchema)
  if (manifest.schema_version > SCHEMA_VERSION) throw tooNew(store, key, manifest.schema_version)
  return manifest
}

/** The summary that a manifest lists, proved by its hash. */
export async function readSummary(store: Store, manifest: Manifest): Promise<Summary> {
  const file = fileOf(store, manifest, 'summary.json')
  const pieces: Buffer[] = []
  for await (const bytes of readVerified(store, manifest.audit_id, file)) pieces.push(Buffer.from(bytes))
  return parseStored(store, `${manifest.audit_id}/${file.name}`, Buffer.concat(pieces), summarySchema)
}

/** The record of a finished audit, so that any rendering of it can be made anew without the cloud. */
export async function readRecord(store: Store, auditId: string): Promise<AuditRecord> {
  const manifest = await readManifest(store, auditId)
  if (manifest === undefined)
    throw new Fault(
      'not_found',
      `Cannot read audit "${auditId}": there is no whole report at "${store.locate(auditId)}"`,
    )
  const summary = await readSummary(store, manifest)
  return replayRecord(store, summary, {
    findings: fileOf(store, manifest, 'findings.ndjson'),
    resources: fileOf(store, manifest, 'resources.ndjson'),
  })
}

/** A record whose rows come from the store each time they are asked for; each reading proves their hash. */
function replayRecord(store: Store, summary: Summary, files: RecordFiles): AuditRecord {
  const rows = async function* <T>(file: ManifestFile, schema: z.ZodMiniType<T>) {
    const key = `${summary.audit_id}/${file.name}`
    for await (const line of readLines(store, summary.audit_id, file))
      yield parseStored(store, key, line, schema)
  }
  return {
    summary,
    findings: () => rows(files.findings, findingSchema),
    resources: () => rows(files.resources, resourceSchema),
  }
}

/** A file by its name; a manifest without it is no manifest of ours. */
export function fileOf(store: Store, manifest: Manifest, name: string): ManifestFile {
  const file = manifest.files.find((listed) => listed.name === name)
  if (file === undefined) throw damaged(store, manifestKey(manifest.audit_id), `it does not list ${name}`)
  return file
}

/** That a report was written by a newer version; the cause of the fault that says so. */
class Newer extends Error {
  override readonly name = 'Newer'
}

function tooNew(store: Store, key: string, found: number): Fault {
  return new Fault(
    'unavailable',
    `Cannot read "${store.locate(key)}": its schema_version is ${found}, this version reads up to ${SCHEMA_VERSION}. Use the newer version`,
    { cause: new Newer() },
  )
}

/** Whether a report was written by a newer version, which was rolled back since. */
export function isTooNew(error: unknown): error is Fault {
  return error instanceof Fault && error.cause instanceof Newer
}
