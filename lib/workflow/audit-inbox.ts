import * as z from 'zod/mini'
import { Fault, type FaultCode, type Mistake } from '../errors.ts'
import { createAuditId, isAuditId } from '../report/audit-id.ts'
import { manifestKey } from '../report/read-record.ts'
import { aboutError } from '../runtime/about-error.ts'
import type { Services } from '../runtime/services.ts'
import { inProcess, type Steps } from '../runtime/steps.ts'
import { toMistakes } from '../strict.ts'
import { formatTime } from '../time.ts'
import { inboxKey, ledgerKey, whyWithoutReport } from './audit-fate.ts'
import { readAuditOrder } from './audit-order.ts'
import { auditOrdered } from './audit-ordered.ts'
import type { AuditReceipt } from './audit-receipt.ts'
import { parseJson } from './parse-json.ts'

/** What became of one record of the inbox; it is written once, to `ledger/audit/<operation>.json`. */
export type Taken = { readonly operation: string } & (
  | ({ readonly outcome: 'published' } & AuditReceipt)
  | { readonly outcome: 'quarantined'; readonly because: string; readonly mistakes: readonly Mistake[] }
  | { readonly outcome: 'taken before' }
)

const INBOX = 'inbox/audit/'
const FILE = /^([0-9A-Za-z_-][0-9A-Za-z._-]{0,127})\.json$/

/** What a request that came in earlier asks for; its writer may add facts of his own. */
const recordSchema = z.object({
  operation: z.string({ error: 'the operation, as the key names it' }),
  audit_id: z.optional(
    z
      .string({ error: 'a text that can name an audit' })
      .check(z.refine(isAuditId, { error: 'a text that can name an audit' })),
  ),
  request: z.unknown(),
})

const arrival = z.object({
  Records: z.array(
    z.object({
      eventSource: z.literal('aws:s3'),
      s3: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string() }) }),
    }),
  ),
})

/** Whether an event says that objects arrived in a bucket. */
export function isArrival(event: unknown): boolean {
  return z.safeParse(arrival, event).success
}

/** Takes every record that an event of S3 announces; one that fails does not hold up the others. */
export async function takeArrivals(
  services: Services,
  event: unknown,
  steps?: Steps,
): Promise<{ readonly taken: readonly Taken[] }> {
  const taken: Taken[] = []
  const failures: unknown[] = []
  for (const operation of announcedOperations(event, services.store.url)) {
    try {
      taken.push(await takeOnce(services, operation, steps))
    } catch (error) {
      // Only the first can be thrown.
      const because = error instanceof Fault ? { because: error.message } : {}
      services.log('error', 'operation failed', { operation, ...aboutError(error), ...because })
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return { taken }
}

/** The operations that are announced; other objects and other stores are none of ours. */
function announcedOperations(event: unknown, storeUrl: string): readonly string[] {
  const folder = `${storeUrl}/${INBOX}`
  return z.parse(arrival, event).Records.flatMap(({ s3: { bucket, object } }) => {
    // S3 writes keys into events as a form would: percent-encoded, a blank as `+`.
    const url = `s3://${bucket.name}/${decodeURIComponent(object.key.replaceAll('+', ' '))}`
    const operation = url.startsWith(folder) ? FILE.exec(url.slice(folder.length))?.[1] : undefined
    return operation === undefined ? [] : [operation]
  })
}

/**
 * Does what a record asks for, once: the ledger remembers what became of it, for S3 may announce an object twice.
 * A record that can never be followed is quarantined: it stays where it is, and the ledger says why. Where the world is in
 * the way this throws, and the record can be taken again.
 */
export async function takeOnce(services: Services, operation: string, steps?: Steps): Promise<Taken> {
  const { store } = services
  const { step } = steps ?? inProcess
  const isTaken = async () => (await store.get(ledgerKey(operation))) !== undefined
  if (await step('look up', isTaken)) {
    services.log('info', 'operation taken before', { operation })
    return { operation, outcome: 'taken before' }
  }
  const taken = await follow(services, operation, steps)
  return await step('write down', async () => {
    const entry = { ...taken, finished_at: formatTime(services.now()) }
    await store.putIfAbsent(ledgerKey(operation), `${JSON.stringify(entry, null, 2)}\n`)
    return taken
  })
}

async function follow(services: Services, operation: string, steps?: Steps): Promise<Taken> {
  try {
    const { auditId, order } = await (steps ?? inProcess).step('read', async () => {
      const record = await readRecord(services, operation)
      return { ...record, auditId: await freeName(services, record.auditId) }
    })
    const receipt = await auditOrdered(services, order, auditId, steps)
    return { operation, outcome: 'published', ...receipt }
  } catch (error) {
    if (!isFinal(error)) throw error
    const { code, message, mistakes } = error
    services.log('error', 'operation quarantined', {
      operation,
      code,
      because: message,
      mistakes: mistakes.map(({ pointer }) => pointer),
    })
    return { operation, outcome: 'quarantined', because: whyWithoutReport(error), mistakes }
  }
}

const FINAL: readonly FaultCode[] = ['invalid_request', 'invalid_configuration', 'forbidden']

/** Whether taking the record again would end the same way; not where the store only failed to show what the order names. */
function isFinal(error: unknown): error is Fault {
  const isOfTheStore =
    error instanceof Fault && error.cause instanceof Fault && error.cause.code === 'unavailable'
  return error instanceof Fault && FINAL.includes(error.code) && !isOfTheStore
}

/**
 * The promised name; a new one where a run under it died while it wrote the report: what it left is never overwritten, and
 * another run never has the same content.
 */
async function freeName(services: Services, promised: string | undefined): Promise<string | undefined> {
  const { store, now, randomHex } = services
  if (promised === undefined || (await store.get(manifestKey(promised))) !== undefined) return promised
  for await (const name of store.names(`${promised}/`)) {
    // Folders hold unfinished work, under names of its own run.
    if (!name.endsWith('/')) return createAuditId(now(), randomHex(4))
  }
  return promised
}

async function readRecord({ store, config, now }: Services, operation: string) {
  const key = inboxKey(operation)
  const stored = await store.get(key)
  if (stored === undefined) throw new Fault('invalid_request', `Cannot find ${store.locate(key)}`)
  const { auditId, request } = parseRecord(stored.bytes, operation)
  return { auditId, order: readAuditOrder(request, { now: now(), places: config.places }) }
}

function parseRecord(bytes: Uint8Array, operation: string) {
  const document = parseJson(bytes)
  const reading = z.safeParse(recordSchema, document)
  const cannot = 'Cannot read the record of this operation'
  if (!reading.success)
    throw new Fault('invalid_request', cannot, { mistakes: toMistakes(reading.error, document) })
  const { audit_id: auditId, request } = reading.data
  if (reading.data.operation !== operation)
    throw new Fault('invalid_request', `${cannot}: it speaks of another`)
  return { auditId, request }
}
