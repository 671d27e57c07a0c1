import { allEnded } from '../all-ended.ts'
import { type Finding, type ResourceRow, SCHEMA_VERSION, type Summary } from '../audit/record.ts'
import { sha256 } from '../digest.ts'
import { Fault } from '../errors.ts'
import type { Store } from '../store/store.ts'
import { writeJson } from '../write-json.ts'
import { LATEST } from './audit-id.ts'
import type { Formats, PageDraft, PageFormat, ReadAgain } from './format.ts'
import { advanceLatest } from './latest.ts'
import type { Latest, Manifest, ManifestFile } from './manifest.ts'
import { parseStored, readOwnRows } from './read-file.ts'
import { manifestKey, readManifest, readSummary } from './read-record.ts'
import { summarySchema } from './record-schemas.ts'
import { alreadyThere, writeFile } from './write-file.ts'
import { type Rows, writeLines } from './write-lines.ts'

/** What a report is published from. */
export interface Publication {
  readonly store: Store
  readonly auditId: string
  /** Final, and sorted by `finding_id`. */
  readonly findings: Rows<Finding>
  /** Shown each finding as it passes by. */
  readonly findingWatchers?: readonly ((finding: Finding) => void)[]
  /** Final, and sorted by service and `resource_id`; read when the findings have been. */
  readonly resources: Rows<ResourceRow>
  /** Asked once, after both streams were read to their ends. */
  readonly summarise: () => Summary
  readonly toolVersion: string
  readonly formats: Formats
}

/** A report that is whole in the store. */
export interface Published {
  readonly summary: Summary
  readonly manifest: Manifest
}

/**
 * Writes a report so that every reader sees it whole or not at all: the record, its renderings, the manifest, and only
 * then `latest.json`. Nothing is ever overwritten: what was broken off before the manifest goes on under the same id only
 * with the same content (all but `finished_at`), and is a Fault `conflict` with any other; an audit that is run anew has other
 * content, and needs an id of its own. Where `latest.json` alone cannot be moved, the Fault says that the report is whole.
 */
export async function publish(publication: Publication): Promise<Published> {
  const { store, auditId } = publication
  const isThere = (await store.get(manifestKey(auditId))) !== undefined
  const published =
    (isThere ? undefined : await writeReport(publication)) ?? (await readPublished(store, auditId))
  const { summary } = published
  // Also where the manifest was there already: a run that died right after it must not leave latest.json behind.
  await nameNewest(store, {
    audit_id: auditId,
    manifest: manifestKey(auditId),
    as_of: summary.as_of,
    complete_audit_id: summary.verdict === 'complete' && summary.scope === null ? auditId : null,
  })
  return published
}

/** What another run of the same audit has published. */
async function readPublished(store: Store, auditId: string): Promise<Published> {
  const manifest = await readManifest(store, auditId)
  if (manifest === undefined)
    throw new Fault(
      'unavailable',
      `Cannot find "${store.locate(manifestKey(auditId))}" that was there just now. Check the store`,
    )
  return { summary: await readSummary(store, manifest), manifest }
}

/** Whoever only reads that latest.json could not be written would take the report, which is whole, for lost. */
async function nameNewest(store: Store, audit: Latest): Promise<void> {
  try {
    await advanceLatest(store, audit)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const { audit_id: id } = audit
    throw new Fault(
      error.code,
      `Cannot move "${store.locate(LATEST)}" to audit "${id}", whose report is whole: "${store.locate(id)}". Only readers of ${LATEST} do not see it yet; the next audit moves it forward, once this is mended: ${error.message}`,
      { cause: error },
    )
  }
}

/** A page that sees every row pass by. */
interface OpenPage extends PageFormat {
  readonly draft: PageDraft
}

/**
 * Undefined where another run of the same audit was first with the manifest. Where this fails, finished files stay: without a
 * manifest no reader takes them for a report, and another run of the same audit may be about to name them in its own.
 */
async function writeReport(publication: Publication): Promise<Published | undefined> {
  const { store, auditId, toolVersion, formats, findingWatchers = [] } = publication
  const pages: readonly OpenPage[] = formats.pages.map((format) => ({ ...format, draft: format.begin() }))
  const ofFindings = await writeLines(store, auditId, publication.findings, {
    formats: formats.findings,
    watchers: [...findingWatchers, ...pages.map(({ draft }) => draft.addFinding)],
  })
  const [[findings, ...findingsToo], [[resources, ...resourcesToo], [summary, summaryFile]]] = await allEnded(
    [ofFindings.closed, writeRest(publication, ofFindings.rows, pages)],
  )
  const again: ReadAgain = (ordinals) => readOwnRows(store, auditId, findings, ordinals)
  const rendered: ManifestFile[] = []
  for (const { file: name, contentType, draft } of pages) {
    const pieces = draft.render(summary, again)
    rendered.push(await writeFile(store, auditId, { name, contentType, pieces, rows: () => null }))
  }
  const manifest: Manifest = {
    schema_version: SCHEMA_VERSION,
    audit_id: auditId,
    verdict: summary.verdict,
    tool_version: toolVersion,
    files: [findings, resources, summaryFile, ...findingsToo, ...resourcesToo, ...rendered],
    targets: summary.targets,
  }
  const isFirst = await store.putIfAbsent(manifestKey(auditId), writeJson(manifest))
  return isFirst ? { summary, manifest } : undefined
}

/** What follows the findings, and need not wait until they are on the disk. */
async function writeRest(publication: Publication, findings: number, pages: readonly OpenPage[]) {
  const { store, auditId, formats } = publication
  const { rows, closed } = await writeLines(store, auditId, publication.resources, {
    formats: formats.resources,
    watchers: pages.map(({ draft }) => draft.addResource),
  })
  return await allEnded([closed, writeSummary(publication, findings, rows)])
}

/** Writes the summary, or takes the one that an earlier run of this audit left, if only the clock moved on since. */
async function writeSummary(
  { store, auditId, summarise }: Publication,
  findings: number,
  resources: number,
): Promise<readonly [Summary, ManifestFile]> {
  const key = `${auditId}/summary.json`
  const ours = summarise()
  requireTotals(ours, findings, resources)
  const summary = (await store.putIfAbsent(key, writeJson(ours))) ? ours : await readEqual(store, key, ours)
  const json = writeJson(summary)
  const file = { name: 'summary.json', sha256: sha256(json), bytes: Buffer.byteLength(json), rows: null }
  return [summary, file]
}

async function readEqual(store: Store, key: string, ours: Summary): Promise<Summary> {
  const stored = await store.get(key)
  if (stored === undefined) throw alreadyThere(store, key)
  const theirs = parseStored(store, key, stored.bytes, summarySchema)
  if (writeJson({ ...theirs, finished_at: ours.finished_at }) !== writeJson(ours))
    throw alreadyThere(store, key)
  return { ...ours, finished_at: theirs.finished_at }
}

function requireTotals(summary: Summary, findings: number, resources: number): void {
  if (summary.findings.total === findings && summary.resources === resources) return
  throw new Fault(
    'internal',
    `Cannot publish audit "${summary.audit_id}": its summary counts ${summary.findings.total} findings and ${summary.resources} resources, but ${findings} and ${resources} were written. This is a defect: please report it`,
  )
}
