import { Fault } from '../errors.ts'
import { putVersion } from '../store/put-version.ts'
import type { Store } from '../store/store.ts'
import { after, hours, type Instant } from '../time.ts'
import { writeJson } from '../write-json.ts'
import { LATEST, startOf } from './audit-id.ts'
import { type Latest, latestSchema } from './manifest.ts'
import { listAudits } from './previous.ts'
import { isDamage, parseStored } from './read-file.ts'
import { isTooNew, manifestKey, readManifest, readSummary } from './read-record.ts'

// Each lost race means that another publisher moved it; more than this at once is no crowd but a broken store.
const MAX_ATTEMPTS = 64

/** Alerts may have started hundreds of small audits since the last whole one, and each would look at all of them. */
const MOST_LOOKED_AT = 30

/** By how much clocks that are right may differ, and an audit that began after another be done before it. */
const FASTER_BY = hours(1)

/** What a store names as its newest audit; undefined where nothing was ever published. */
export async function readLatest(store: Store): Promise<Latest | undefined> {
  const stored = await store.get(LATEST)
  return stored && parseStored(store, LATEST, stored.bytes, latestSchema)
}

/**
 * Why `latest.json` will not name an audit that begins at a moment, nor those after it: it names one of the future, or a later one that is
 * not there. Undefined where it will, or where a later audit merely was faster.
 */
export async function whyLatestStays(
  store: Store,
  auditId: string,
  startedAt: Instant,
): Promise<string | undefined> {
  const latest = await readLatest(store)
  const named = [latest?.audit_id, latest?.complete_audit_id].flatMap((id) =>
    id && id > auditId ? [id] : [],
  )
  for (const id of new Set(named)) {
    const found = await whatIsWrongWith(store, id, startedAt)
    if (found !== undefined)
      return `"${store.locate(LATEST)}" names audit "${id}", which is ${found}; it moves forward only, so it will not name this one. Remove that file, and the next audit writes it anew`
  }
  return undefined
}

/** Why a later audit keeps `latest.json` for longer than it should. */
async function whatIsWrongWith(store: Store, auditId: string, now: Instant): Promise<string | undefined> {
  if ((await store.get(manifestKey(auditId))) === undefined)
    return 'later than this one and not in this store'
  const start = startOf(auditId)
  if (start === undefined || start <= after(now, FASTER_BY)) return undefined
  return 'of the future, for a clock was ahead when it was made, or is behind now'
}

/**
 * Moves `latest.json` forward to include an audit, and a complete one that it has missed. Publishers may come at once and in any order:
 * it ends at the newest.
 */
export async function advanceLatest(store: Store, published: Latest): Promise<void> {
  const audit = await withMissed(store, published)
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const stored = await store.get(LATEST)
    const current = stored && parseStored(store, LATEST, stored.bytes, latestSchema)
    const next = current === undefined ? audit : newestOf(current, audit)
    if (current !== undefined && writeJson(next) === writeJson(current)) return
    if (await putVersion(store, LATEST, writeJson(next), stored?.version)) return
  }
  throw new Fault(
    'unavailable',
    `Cannot move "${store.locate(LATEST)}" to audit "${audit.audit_id}": it changed ${MAX_ATTEMPTS} times meanwhile. Run the audit again, and check that the store honours conditional writes`,
  )
}

/**
 * The same with the newest complete audit that is whole in the store: one that ended between its manifest and `latest.json` was not
 * named by anybody, and one that is not complete itself would pass it over.
 */
async function withMissed(store: Store, audit: Latest): Promise<Latest> {
  if (audit.complete_audit_id !== null) return audit
  const known = (await readLatest(store))?.complete_audit_id ?? ''
  for (const id of (await listAudits(store)).reverse().slice(0, MOST_LOOKED_AT)) {
    if (id <= known) break
    if (await isCompleteAudit(store, id)) return { ...audit, complete_audit_id: id }
  }
  return audit
}

/** Whether an audit is whole, complete and of everything; a damaged one is none. */
async function isCompleteAudit(store: Store, auditId: string): Promise<boolean> {
  try {
    const manifest = await readManifest(store, auditId)
    return manifest?.verdict === 'complete' && (await readSummary(store, manifest)).scope === null
  } catch (error) {
    if (!isDamage(error) && !isTooNew(error)) throw error
    return false
  }
}

/** The newer of two by name, with the newest complete one of both: the same in whatever order they come. */
function newestOf(one: Latest, other: Latest): Latest {
  const newer = one.audit_id >= other.audit_id ? one : other
  const complete = [one.complete_audit_id, other.complete_audit_id].filter((id) => id !== null)
  return { ...newer, complete_audit_id: complete.sort().at(-1) ?? null }
}
