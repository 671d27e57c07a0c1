import { Fault } from '../errors.ts'
import type { Store } from '../store/store.ts'
import { after, before, hours, type Instant } from '../time.ts'
import { claim, isOthers } from './claim.ts'
import { misfit, strangeness } from './misfit.ts'
import { isMadeName, isNamedFor } from './names.ts'
import type { Checkpoint } from './outcome.ts'
import { storedTime } from './record.ts'
import { rivalsOf } from './rivals.ts'
import type { Doubtful } from './transitions.ts'

/** What a checkpoint of which nothing is known but the attempt can be known by. */
export interface Trace {
  readonly region: string
  readonly projectId: string
  readonly vaultId: string
  readonly from: Instant
  readonly to: Instant | undefined
  readonly isOurs: (backupName: string) => boolean
}

/** What looking needs of the world. */
export interface FindPorts {
  readonly store: Store
  /** The ids of the checkpoints that fit; none where, everything having been read, there is nothing to be seen of it. */
  readonly find: (trace: Trace) => Promise<readonly string[]>
  readonly show: (trace: Trace, checkpointId: string) => Promise<Checkpoint>
}

/** What one look came to. `unclear`: there is something, but not for sure what was looked for. `blind`: not everything could be read, so that nothing is proved. */
export type Sighting =
  | { readonly kind: 'found'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unclear'; readonly because: string }
  | { readonly kind: 'blind'; readonly fault: Fault }

/** Clocks of Huawei and ours may differ by that much; beyond 15 min its gateway refuses us. */
const CLOCK_TOLERANCE = hours(0.25)

const MOST_SHOWN = 5

/** Looks for what an attempt may have started: one that fits and is nobody else's; of several none can be told to be the one. */
export async function look({ store, find, show }: FindPorts, record: Doubtful): Promise<Sighting> {
  const trace = traceOf(record)
  try {
    const ids = await find(trace)
    const others = await Promise.all(ids.map((id) => isOthers(store, id, record.operation)))
    const free = ids.filter((_, index) => !others[index])
    if (free.length === 0) return { kind: 'nothing' }
    if (free.length > MOST_SHOWN) return severalOf(free)
    const isMade = isMadeName(record.operation, record.name)
    const shown = await Promise.all(free.map((id) => shownOrNamed(show(trace, id), id, isMade)))
    const rivals = isMade ? [] : await rivalsOf(store, record)
    const misfits = shown.map(
      (one) => strangeness(record, one) ?? (isMade ? undefined : misfit(record, one, rivals)),
    )
    const fitting = shown.filter((_, index) => misfits[index] === undefined)
    const [only, ...rest] = fitting
    if (only === undefined)
      return { kind: 'unclear', because: `checkpoint ${free[0]} bears its name, but ${misfits[0]}` }
    if (rest.length > 0) return severalOf(fitting.map(({ checkpointId }) => checkpointId))
    const isOurs = await claim(store, only.checkpointId, record.operation)
    return isOurs ? { kind: 'found', checkpoint: only } : { kind: 'nothing' }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { kind: 'blind', fault: error }
  }
}

/** Of a name that we made it is proof enough that its backups exist; of a caller's more must be seen. */
async function shownOrNamed(shown: Promise<Checkpoint>, id: string, isMade: boolean): Promise<Checkpoint> {
  try {
    return await shown
  } catch (error) {
    if (!isMade || !(error instanceof Fault)) throw error
    return { checkpointId: id, hasSkipped: false, body: { checkpoint: { id } } }
  }
}

function severalOf(ids: readonly string[]): Sighting {
  return { kind: 'unclear', because: `several checkpoints fit: ${ids.slice(0, MOST_SHOWN).join(', ')}` }
}

function traceOf(record: Doubtful): Trace {
  const { operation, region, project_id: projectId, vault_id: vaultId, name } = record
  const sentAt = storedTime(record.sent_at)
  return {
    region,
    projectId,
    vaultId,
    from: before(sentAt, CLOCK_TOLERANCE),
    // A name that we made is nobody else's; one of the caller's may be that of tomorrow's backup too.
    to: isMadeName(operation, name) ? undefined : after(sentAt, CLOCK_TOLERANCE),
    isOurs: (backupName) => isNamedFor(operation, name, backupName),
  }
}
