import { Fault, type FaultCode, type Mistake } from '../errors.ts'
import { createAuditId } from '../report/audit-id.ts'
import { manifestKey } from '../report/read-record.ts'
import { announcedOperations } from '../runtime/arrival.ts'
import type { Services } from '../runtime/services.ts'
import { inProcess, type Steps } from '../runtime/steps.ts'
import { takeEach } from '../runtime/take-each.ts'
import { formatTime } from '../time.ts'
import { writeJson } from '../write-json.ts'
import { AUDIT_INBOX, ledgerKey, whyWithoutReport } from './audit-fate.ts'
import { auditOrdered } from './audit-ordered.ts'
import type { AuditReceipt } from './audit-receipt.ts'
import { takeTurn, turnNameOf } from './audit-turn.ts'
import { holdTurn, type TurnTicket } from './hold-turn.ts'
import { type InboxRecord, readInboxRecord } from './inbox-record.ts'

/** What became of one record of the inbox; it is written once, to `ledger/audit/<operation>.json`. */
export type Taken = { readonly operation: string } & (
  | ({ readonly outcome: 'published' } & AuditReceipt)
  | { readonly outcome: 'quarantined'; readonly because: string; readonly mistakes: readonly Mistake[] }
  | { readonly outcome: 'joined'; readonly joined_to: string }
  | { readonly outcome: 'failed'; readonly because: string }
  /** Not written: it will be taken again. */
  | { readonly outcome: 'waiting'; readonly because: string }
  | { readonly outcome: 'taken before' }
)

/** Takes every record that an event of S3 announces; one that fails does not hold up the others. */
export async function takeArrivals(
  services: Services,
  event: unknown,
  steps?: Steps,
): Promise<{ readonly taken: readonly Taken[] }> {
  const operations = announcedOperations(event, services.store.url, AUDIT_INBOX)
  return { taken: await takeEach(services.log, operations, (one) => takeOnce(services, one, steps)) }
}

/**
 * Does what a record asks for, once: the ledger remembers what became of it, for S3 may announce an object twice.
 * A record that can never be followed is quarantined: it stays where it is, and the ledger says why. Where the world is in
 * the way this throws, and the record can be taken again.
 */
export async function takeOnce(services: Services, operation: string, steps?: Steps): Promise<Taken> {
  const { store } = services
  const { step } = steps ?? inProcess
  if (await step('look up', async () => (await store.get(ledgerKey(operation))) !== undefined)) {
    services.log('info', 'operation taken before', { operation })
    return { operation, outcome: 'taken before' }
  }
  const taken = await follow(services, operation, steps)
  if (taken.outcome === 'waiting') return taken
  return await step('write down', async () => {
    const entry = { ...taken, finished_at: formatTime(services.now()) }
    await store.putIfAbsent(ledgerKey(operation), writeJson(entry))
    return taken
  })
}

async function follow(services: Services, operation: string, steps?: Steps): Promise<Taken> {
  try {
    const { record, admitted } = await (steps ?? inProcess).step('take turn', () => ask(services, operation))
    switch (admitted.kind) {
      case 'yours':
        return await auditInTurn(services, record, admitted.turn, steps)
      case 'joined':
        services.log('info', 'operation joined', { operation, because: `${admitted.to} does the same` })
        return { operation, outcome: 'joined', joined_to: admitted.to }
      case 'wait':
        return { operation, outcome: 'waiting', because: `${admitted.for} is under way` }
      case 'given up':
        services.log('error', 'operation given up', { operation, because: admitted.because })
        return { operation, outcome: 'failed', because: admitted.because }
    }
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

async function ask(services: Services, operation: string) {
  const record = await readInboxRecord(services, operation)
  const name = turnNameOf(operation, record.alertId, record.order)
  return { record, admitted: await takeTurn(services.store, { ...record, name }, services.now) }
}

/** Whoever waits for this turn must not wait for a run that has failed. */
async function auditInTurn(
  services: Services,
  record: InboxRecord,
  ticket: TurnTicket,
  steps?: Steps,
): Promise<Taken> {
  const turn = holdTurn(services.store, ticket, services.now)
  const { step } = steps ?? inProcess
  try {
    const auditId = await step('choose name', () => freeName(services, record.auditId))
    const receipt = await auditOrdered(services, record.order, { auditId, onProgress: turn.beat, steps })
    await step('end turn', () => turn.end('published'))
    return { operation: record.operation, outcome: 'published', ...receipt }
  } catch (error) {
    await step('end turn', () => turn.end('failed')).catch(() => {
      // What failed first is what is told; a turn that is not ended runs out.
    })
    throw error
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
