import { setTimeout as wait } from 'node:timers/promises'
import {
  eachOnce,
  FIRST_PAUSE_MS,
  isFailed,
  isLost,
  isOver,
  nextPauseMs,
} from '../../lib/checkpoint-status.ts'
import { Fault, type FaultCode } from '../../lib/errors.ts'
import type { HttpFunction } from '../../lib/runtime/http.ts'
import type { QueryPair } from '../../lib/runtime/http-event.ts'
import { unseenResources } from '../../lib/unseen-resources.ts'
import { callFunction } from '../function-door.ts'
import { type Row, readPages, toRow } from '../read-pages.ts'
import { acceptedIn, isKnown, readOperation, type Standing, skippedIn } from './checkpoint-standing.ts'

/** What is known of a checkpoint at one moment, and how it ended where it did. */
export interface Sight {
  readonly standing: Standing
  /** Its backups, as far as they could be seen. */
  readonly backups: readonly Row[]
  readonly end: 'available' | 'error' | undefined
  /** Why there is no telling, where looking failed. */
  readonly blind: string | undefined
}

/** What watching needs of the world. */
export interface Watch {
  readonly create: HttpFunction
  readonly list: HttpFunction
  readonly place: readonly QueryPair[]
  readonly waitMs: number
  readonly nowMs: () => number
  readonly onSight: (sight: Sight) => void
}

/** Follows a checkpoint and its backups until it has ended, nothing can be known, or the time is over. */
export async function watchCheckpoint(watch: Watch, first: Standing): Promise<Sight> {
  const deadlineMs = watch.nowMs() + watch.waitMs
  let sight: Sight = { standing: first, backups: [], end: undefined, blind: undefined }
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = nextPauseMs(pauseMs)) {
    sight = await look(watch, sight)
    watch.onSight(sight)
    const leftMs = deadlineMs - watch.nowMs()
    if (sight.end !== undefined || sight.blind !== undefined || leftMs <= 0) return sight
    await wait(Math.min(pauseMs, leftMs))
  }
}

/** What the ledger knows of one that has ended since; Huawei's answer to the order tells how it began, and is given again under the same key. */
export async function endedOr(create: HttpFunction, first: Standing): Promise<Standing> {
  // What is open is told by the answer itself.
  if (!isKnown(first)) return first
  const now = await askAgain({ create }, first)
  return now.state === 'done' || now.state === 'failed' ? now : first
}

/** Faults that may be over at the next look. */
const PASSING: readonly FaultCode[] = [
  'upstream_throttled',
  'upstream_unavailable',
  'upstream_timeout',
  'unavailable',
]

async function look(watch: Watch, last: Sight): Promise<Sight> {
  try {
    const standing = await ask(watch, last.standing)
    const backups = await findBackups(watch, standing, last.backups)
    const end = endOf(standing, backups)
    // Its backups may have ended just after it was asked: then it says so when it is asked again.
    const isTold = end === undefined || TOLD.includes(standing.state)
    return { standing: isTold ? standing : await askAgain(watch, standing), backups, end, blind: undefined }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    if (!PASSING.includes(error.code)) return { ...last, blind: error.message }
    return { ...last, standing: { ...last.standing, because: error.message } }
  }
}

/** The states in which an operation tells its end itself. */
const TOLD: readonly Standing['state'][] = ['done', 'failed', 'refused']

async function ask({ create }: Pick<Watch, 'create'>, standing: Standing): Promise<Standing> {
  const call = { method: 'GET', path: standing.path, query: [] } as const
  return readOperation(standing, await callFunction(create, call))
}

/** How it ended is known already: where it cannot be asked, what it said before will do. */
async function askAgain(watch: Pick<Watch, 'create'>, standing: Standing): Promise<Standing> {
  try {
    return await ask(watch, standing)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return standing
  }
}

/** Where they cannot be listed just now, what was seen before stands. */
async function findBackups(
  { list, place }: Watch,
  { checkpoint: { id } }: Standing,
  known: readonly Row[],
): Promise<readonly Row[]> {
  if (typeof id !== 'string') return known
  try {
    const query: readonly QueryPair[] = [['checkpoint_id', id], ['sort', 'created_at:asc'], ...place]
    const rows: Row[] = []
    for await (const page of readPages(list, { path: '/backups', query })) rows.push(...page.rows.map(toRow))
    return eachOnce(rows, (row) => row['id'])
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return known
  }
}

/** One that started ends when its operation says so, or when nothing is open and a backup of each resource has ended. */
function endOf(standing: Standing, backups: readonly Row[]): Sight['end'] {
  if (standing.state === 'refused') return 'error'
  const { status } = standing.checkpoint
  const expected = acceptedIn(standing).length
  if (expected === 0 && skippedIn(standing).length > 0) return 'available'
  if (standing.state === 'failed' || isLost(status)) return 'error'
  if (standing.state === 'done') return 'available'
  if (!backups.every(isOver)) return undefined
  if (backups.some(isFailed) && status === 'available') return 'error'
  const isOpen = standing.isOpen || expected === 0
  if (isOpen || unseenResources(acceptedIn(standing), backups).length > 0) return undefined
  return backups.some(isFailed) ? 'error' : 'available'
}
