import type { Observation, Resource, Target } from '../backup.ts'
import type { ScanProgress, Source } from '../scan.ts'
import { type Instant, parseTime } from '../time.ts'
import { toInstance, toRecord } from './dcs-record.ts'
import { asWire, text } from './fields.ts'
import type { Send } from './http.ts'
import { listRows } from './list-rows.ts'
import type { Collection } from './page.ts'
import { isPathId, pathTo } from './path.ts'
import { type ScanLog, scanning } from './scanning.ts'

/** What reading the DCS of one project takes. */
export interface DcsOptions {
  readonly target: Target
  readonly origin: string
  readonly send: Send
  /** Instances whose records are read at once. */
  readonly concurrency: number
}

type Observations = AsyncGenerator<readonly Observation[]>

/** The DCS of one project as a source of observations: its instances, then the backup records of each. */
export function dcsSource(options: DcsOptions): Source {
  const { target } = options
  return {
    target,
    scan: (asOf, onProgress) => scanning(target, (log) => readDcs(options, asOf, log, onProgress)),
  }
}

async function* readDcs(
  options: DcsOptions,
  asOf: Instant,
  log: ScanLog,
  onProgress: (progress: ScanProgress) => void,
): Observations {
  const known = new Map<string, Resource>()
  const report = () => onProgress({ target: options.target, seen: log.distinct, expected: undefined })
  yield* readInstances(options, await listInstances(options, log), known, log, report)
  // Offsets move under a listing: whoever slipped past the first time, and existed then, is read now.
  const rows = (await listInstances(options, log)).filter((row) => isLate(row, known, asOf))
  yield* readInstances(options, rows, known, log, report)
}

async function* readInstances(
  options: DcsOptions,
  rows: readonly unknown[],
  known: Map<string, Resource>,
  log: ScanLog,
  report: () => void,
): Observations {
  const fresh: Resource[] = []
  for (const row of rows) {
    const reading = toInstance(row, options.target)
    if (reading === undefined) continue
    if ('malformed' in reading) log.malformed.push(reading.malformed)
    else fresh.push(reading.resource)
  }
  for (const instance of fresh) known.set(instance.id, instance)
  if (fresh.length > 0) yield fresh.map((resource) => ({ kind: 'resource', resource }))
  for (let next = 0; next < fresh.length; next += options.concurrency) {
    const batch = fresh.slice(next, next + options.concurrency)
    const observations = await Promise.all(batch.map((instance) => readRecords(options, instance, log)))
    report()
    yield observations.flat()
  }
}

/** The records of one instance; where they cannot all be read the other instances still can. */
async function readRecords(
  options: DcsOptions,
  instance: Resource,
  log: ScanLog,
): Promise<readonly Observation[]> {
  const path = pathTo`/v2/${options.target.projectId}/instances/${instance.id}/backups`
  const collection = collectionOf(options, path, 'backup_record_response', 'total_num')
  const what = `The records of instance ${JSON.stringify(instance.id)}`
  const { rows, outcome } = await listRows(collection, log, { idKey: 'backup_id', what })
  log.listed += outcome.listed
  log.distinct += outcome.distinct
  log.duplicates += outcome.duplicates
  if (outcome.brokeOff) log.unread.add(instance.id)
  return rows.flatMap((row) => {
    const record = toRecord(row, instance)
    if (typeof record !== 'string') return [{ kind: 'backup', backup: record }]
    log.malformed.push(record)
    return []
  })
}

async function listInstances(options: DcsOptions, log: ScanLog): Promise<readonly unknown[]> {
  const path = pathTo`/v2/${options.target.projectId}/instances`
  const collection = collectionOf(options, path, 'instances', 'instance_num')
  return (await listRows(collection, log, { idKey: 'instance_id', what: 'The instances' })).rows
}

function collectionOf(
  { target, origin, send }: DcsOptions,
  path: string,
  rowsKey: string,
  countKey: string,
): Collection {
  return { send, origin, path, projectId: target.projectId, rowsKey, countKey, isEmptyWhen204: true }
}

function isLate(row: unknown, known: ReadonlyMap<string, Resource>, asOf: Instant): boolean {
  const wire = asWire(row)
  const id = text(wire?.['instance_id'])
  const createdAt = parseTime(text(wire?.['created_at']) ?? '')
  return id !== undefined && isPathId(id) && !known.has(id) && (createdAt === undefined || createdAt <= asOf)
}
