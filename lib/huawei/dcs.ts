import type { Observation, Resource } from '../backup.ts'
import { IdSet } from '../id-set.ts'
import { parseTime } from '../parse-time.ts'
import type { ScanProgress, Source } from '../scan.ts'
import type { Instant } from '../time.ts'
import { instancesOf, recordsOf } from './dcs-collection.ts'
import { describeStray, isOfAnother, toInstance, toRecord } from './dcs-record.ts'
import { asWire, text } from './fields.ts'
import { listRows, type RowsRead } from './list-rows.ts'
import { isPathId } from './path.ts'
import { accessTo, type TargetAccess } from './project-access.ts'
import { type ScanLog, scanning } from './scanning.ts'

/** What reading the DCS of one project takes. */
export interface DcsOptions extends TargetAccess {
  /** Instances whose records are read at once. */
  readonly concurrency: number
}

type Observations = AsyncGenerator<Observation[]>

/** The DCS of one project as a source of observations: its instances, then the backup records of each. */
export function dcsSource(options: DcsOptions): Source {
  const { target } = options
  return {
    target,
    scan: (asOf, onProgress) =>
      scanning(target, (log) => {
        const reading: Reading = {
          ...options,
          log,
          onProgress,
          instances: new Map(),
          recordIds: new IdSet(),
          nameless: 0,
          doubts: new Map(),
        }
        return readDcs(reading, asOf)
      }),
  }
}

/** What is known while the instances of a project are read. */
interface Reading extends DcsOptions {
  readonly log: ScanLog
  readonly onProgress: (progress: ScanProgress) => void
  readonly instances: Map<string, Resource>
  /** Ids of records; the same id under two instances is one. */
  readonly recordIds: IdSet
  /** Records without a readable id. */
  nameless: number
  /** Instances of which not all records are proved to be read, and why. */
  readonly doubts: Map<string, readonly string[]>
}

async function* readDcs(reading: Reading, asOf: Instant): Observations {
  const { instances, log, doubts } = reading
  const first = await listInstances(reading)
  yield* readInstances(reading, first.rows)
  // Offsets move while a list is read: an instance that existed then and was passed over is read now. One that exists throughout
  // both readings is in the last, so gaps in the first do no harm.
  const last = first.outcome.fault === undefined ? await listInstances(reading) : first
  log.doubt('The instances', last.outcome)
  yield* readInstances(
    reading,
    last.rows.filter((row) => isLate(row, instances, asOf)),
  )
  for (const row of last.rows) {
    const instance = toInstance(row, reading.target)
    if (instance !== undefined && 'malformed' in instance) log.cannotJudge([instance.malformed])
  }
  const remaining = new Set(last.rows.map((row) => text(asWire(row)?.['instance_id'])))
  for (const [id, because] of doubts) {
    // Whoever was not reached by a listing that broke off was not deleted.
    if (remaining.has(id) || last.outcome.incompleteBecause.length > 0) log.incompleteBecause.push(...because)
    else log.note(`Instance ${JSON.stringify(id)} was deleted while the audit ran`)
  }
}

async function* readInstances(reading: Reading, rows: readonly unknown[]): Observations {
  const { target, log, onProgress, concurrency, instances } = reading
  const fresh: Resource[] = []
  for (const row of rows) {
    const instance = toInstance(row, target)
    if (instance !== undefined && 'resource' in instance) fresh.push(instance.resource)
  }
  for (const instance of fresh) instances.set(instance.id, instance)
  if (fresh.length > 0) yield fresh.map((resource) => ({ kind: 'resource', resource }))
  for (let next = 0; next < fresh.length; next += concurrency) {
    const batch = fresh.slice(next, next + concurrency)
    const observations = await Promise.all(batch.map((instance) => readRecords(reading, instance)))
    // Nobody says how many records there are: the instances still to come are expected to have as many as those read.
    const share = (next + batch.length) / fresh.length
    onProgress({ target, seen: log.distinct, expected: Math.round(log.distinct / share) })
    yield observations.flat()
  }
}

/** The records of one instance; where they cannot all be read the other instances still can. */
async function readRecords(reading: Reading, instance: Resource): Promise<Observation[]> {
  const { log, doubts, recordIds } = reading
  const collection = recordsOf(accessTo(reading), instance.id)
  const { rows, outcome } = await listRows(collection, log, { idKey: 'backup_id' })
  log.listed += outcome.listed
  if (outcome.brokeOff) log.unread.add(instance.id)
  if (outcome.incompleteBecause.length > 0) {
    const what = `The records of instance ${JSON.stringify(instance.id)}`
    doubts.set(
      instance.id,
      outcome.incompleteBecause.map((because) => `${what}: ${because}`),
    )
  }
  const observations = rows.flatMap((row) => readRecord(reading, row, instance))
  log.distinct = recordIds.size + reading.nameless
  log.duplicates = log.listed - log.distinct
  return observations
}

function readRecord(reading: Reading, row: unknown, instance: Resource): readonly Observation[] {
  const { log, recordIds } = reading
  const id = text(asWire(row)?.['backup_id'])
  const isForeign = isOfAnother(row, instance)
  const isStray = isForeign || (id !== undefined && recordIds.has(id))
  const record = isStray ? describeStray(row, instance) : toRecord(row, instance)
  if (!id) reading.nameless += 1
  else if (!isForeign) recordIds.add(id)
  // That was the answer to another question: nobody knows what this instance has.
  if (isStray) log.unread.add(instance.id)
  if (typeof record !== 'string') return [{ kind: 'backup', backup: record }]
  log.cannotJudge([record])
  return []
}

function listInstances(reading: Reading): Promise<RowsRead> {
  return listRows(instancesOf(accessTo(reading)), reading.log, { idKey: 'instance_id' })
}

function isLate(row: unknown, known: ReadonlyMap<string, Resource>, asOf: Instant): boolean {
  const wire = asWire(row)
  const id = text(wire?.['instance_id']) || undefined
  const createdAt = parseTime(text(wire?.['created_at']) ?? '')
  return id !== undefined && isPathId(id) && !known.has(id) && (createdAt === undefined || createdAt <= asOf)
}
