import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as z from 'zod/mini'
import { Fault, type Mistake } from '../errors.ts'
import type { Place } from '../parse-place.ts'
import { createAuditId, isAuditId } from '../report/audit-id.ts'
import { readLatest } from '../report/latest.ts'
import type { Manifest } from '../report/manifest.ts'
import { manifestKey, readManifest, readSummary } from '../report/read-record.ts'
import { gather } from '../runtime/accept.ts'
import type { Answer, HttpRequest, HttpWorld, Routes } from '../runtime/http.ts'
import { MOST_PARAMETERS } from '../runtime/http-event.ts'
import { readJsonBody } from '../runtime/json-body.ts'
import { choosePlace } from '../runtime/place.ts'
import { refuseMistakes } from '../runtime/query.ts'
import { redactedInput, redactedPointer, redactedText } from '../runtime/redacted-input.ts'
import type { Services } from '../runtime/services.ts'
import type { Store } from '../store/store.ts'
import { escapeStep } from '../strict.ts'
import { formatTime } from '../time.ts'
import { writeJson } from '../write-json.ts'
import { auditFate, inboxKey } from './audit-fate.ts'
import { auditOrder, readAuditOrder } from './audit-order.ts'

/** Of the parameters of one query. */
const MOST_NAMED = 20

/** What asking for audits, and about them, needs of the world. */
export type AuditServices = HttpWorld & Pick<Services, 'config' | 'store' | 'now' | 'sendTo'>

/** Audits are started by a record in the inbox of the store, and whatever is known of one is read from the store. */
export const auditRoutes: Routes<AuditServices> = {
  'POST /audits': requestAudit,
  'GET /audits/latest': async (services, request) => {
    refuseQuery(request)
    const latest = await readLatest(services.store)
    if (latest === undefined)
      throw new Fault('not_found', 'Cannot find an audit: none was ever published here')
    return showAudit(services, latest.audit_id)
  },
  'GET /audits/{audit_id}': (services, request) => {
    refuseQuery(request)
    return showAudit(services, request.params['audit_id'] ?? '')
  },
}

/** Accepts a request: the record in the inbox is the promise, its arrival starts the audit. */
async function requestAudit(services: AuditServices, request: HttpRequest): Promise<Answer> {
  const { store, config, now, randomHex } = services
  const mistakes = queryMistakes(request)
  const document = request.body === undefined ? {} : gather(mistakes, () => readJsonBody(request, mistakes))
  const order =
    document === undefined
      ? undefined
      : gather(mistakes, () => readAuditOrder(document, { now: now(), places: config.places }))
  mistakes.push(...(await previousMistakes(store, document)))
  refuseMistakes(mistakes.map(({ pointer, detail }) => ({ pointer: redactedPointer(pointer), detail })))
  await requireProjects(services, order?.places ?? [], request.signal)
  const auditId = createAuditId(now(), randomHex(4))
  const record = { operation: auditId, audit_id: auditId, requested_at: formatTime(now()), request: document }
  await store.putIfAbsent(inboxKey(auditId), writeJson(record))
  return running(auditId)
}

async function showAudit({ store, now }: AuditServices, auditId: string): Promise<Answer> {
  if (!isAuditId(auditId)) throw unknown()
  const manifest = await readManifest(store, auditId)
  if (manifest !== undefined) return showReport(store, manifest)
  const fate = await auditFate(store, auditId, now())
  if (fate === undefined) throw unknown()
  switch (fate.state) {
    case 'running':
      return running(auditId)
    case 'published': {
      // Whole since the first look, or under another name than was promised.
      const found = await readManifest(store, fate.auditId)
      if (found !== undefined) return showReport(store, found)
      throw withoutReport(`"${store.locate(manifestKey(fate.auditId))}" is gone`)
    }
    case 'ended':
      throw withoutReport(fate.because)
  }
}

async function showReport(store: Store, manifest: Manifest): Promise<Answer> {
  const summary = await readSummary(store, manifest)
  const files = [...manifest.files.map(({ name }) => name), 'manifest.json']
  const links = Object.fromEntries(
    files.map((name) => [name, toUrl(store.locate(`${manifest.audit_id}/${name}`))]),
  )
  return { status: 200, body: JSON.stringify({ summary, links }) }
}

function unknown(): Fault {
  return new Fault('not_found', 'Cannot find this audit: the store does not know it')
}

function withoutReport(because: string): Fault {
  return new Fault('not_found', `Cannot find the report of this audit: there is none, because ${because}`)
}

function running(auditId: string): Answer {
  const headers = { location: `/audits/${auditId}` }
  return { status: 202, headers, body: JSON.stringify({ audit_id: auditId, status: 'running' }) }
}

function refuseQuery(request: HttpRequest): void {
  refuseMistakes(queryMistakes(request))
}

/** Audits take no parameters, not even a region: what to audit stands in the body. */
function queryMistakes({ query }: HttpRequest): Mistake[] {
  const named = query.slice(0, MOST_NAMED).map(([name]) => ({
    pointer: `/query/${redactedInput(escapeStep(name))}`,
    detail: 'is no parameter of this route; it takes none',
  }))
  if (query.length <= MOST_NAMED) return named
  const more = `${query.length > MOST_PARAMETERS ? 'at least ' : ''}${query.length - MOST_NAMED}`
  return [...named, { pointer: '/query', detail: `has further parameters: ${more}; this route takes none` }]
}

const previousAlone = z.object({ previous: auditOrder.shape.previous })

/** Asked of the document, as the rest of the order may have mistakes of its own; what is no id at all is named among those. */
async function previousMistakes(store: Store, document: unknown): Promise<readonly Mistake[]> {
  const { previous } = previousAlone.safeParse(document).data ?? {}
  if (previous === undefined || previous === 'none') return []
  if ((await readManifest(store, previous)) !== undefined) return []
  const detail = `found ${redactedText(previous)}, which is no audit of this store; allowed is the audit_id of one, or "none"`
  return [{ pointer: '/previous', detail }]
}

/** A region that is configured as a whole means its enabled projects: others are not ours, whatever the keys can see. */
async function requireProjects(
  services: AuditServices,
  places: readonly Place[],
  signal: AbortSignal,
): Promise<void> {
  for (const place of places) if (place.projectId !== undefined) await choosePlace(services, place, signal)
}

/** A store names its keys for people; a link is a URL. */
function toUrl(location: string): string {
  const isUrl = /^[a-z0-9]+:\/\//i.test(location)
  return isUrl ? location : pathToFileURL(isAbsolute(location) ? location : resolve(location)).href
}
