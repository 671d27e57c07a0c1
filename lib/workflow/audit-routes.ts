import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Fault, type Mistake } from '../errors.ts'
import { createAuditId, isAuditId } from '../report/audit-id.ts'
import { readLatest } from '../report/latest.ts'
import { manifestKey, readManifest, readSummary } from '../report/read-record.ts'
import type { Manifest } from '../report/stored.ts'
import { gather } from '../runtime/accept.ts'
import type { Answer, HttpRequest, HttpWorld, Routes } from '../runtime/http.ts'
import { readJsonBody } from '../runtime/json-body.ts'
import { readQuery, refuseMistakes } from '../runtime/query.ts'
import type { Services } from '../runtime/services.ts'
import type { Store } from '../store/store.ts'
import { formatTime } from '../time.ts'
import { auditFate, inboxKey } from './audit-fate.ts'
import { readAuditOrder } from './audit-order.ts'

/** What asking for audits, and about them, needs of the world. */
export type AuditServices = HttpWorld & Pick<Services, 'config' | 'store' | 'now'>

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
  const mistakes: Mistake[] = []
  readQuery(request, {}, mistakes)
  const document = request.body === undefined ? {} : gather(mistakes, () => readJsonBody(request))
  if (document !== undefined)
    gather(mistakes, () => readAuditOrder(document, { now: now(), places: config.places }))
  refuseMistakes(mistakes)
  const auditId = createAuditId(now(), randomHex(4))
  const record = { operation: auditId, audit_id: auditId, requested_at: formatTime(now()), request: document }
  await store.putIfAbsent(inboxKey(auditId), `${JSON.stringify(record, null, 2)}\n`)
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
  const mistakes: Mistake[] = []
  readQuery(request, {}, mistakes)
  refuseMistakes(mistakes)
}

/** A store names its keys for people; a link is a URL. */
function toUrl(location: string): string {
  const isUrl = /^[a-z0-9]+:\/\//i.test(location)
  return isUrl ? location : pathToFileURL(isAbsolute(location) ? location : resolve(location)).href
}
