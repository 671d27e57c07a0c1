import { earlier, type Instant, later } from '../time.ts'
import type { RecoveryPoints } from './history.ts'

/** When the oldest and the newest were created of backups whose usability cannot be told. */
export type Possible = Pick<RecoveryPoints, 'oldestPossible' | 'newestPossible'>

const NONE: Possible = { oldestPossible: undefined, newestPossible: undefined }

/** The same with some more, created in that span. */
export function widened(
  { oldestPossible, newestPossible }: Possible,
  oldest: Instant,
  newest: Instant,
): Possible {
  return {
    oldestPossible: earlier(oldest, oldestPossible ?? oldest),
    newestPossible: later(newest, newestPossible ?? newest),
  }
}

/** What may be recovery points, of the few resources of which that cannot be told. */
export class PossiblePoints {
  readonly #byIndex = new Map<number, Possible>()

  add(index: number, { oldestPossible, newestPossible }: Possible): void {
    if (oldestPossible === undefined || newestPossible === undefined) return
    this.#byIndex.set(index, widened(this.at(index), oldestPossible, newestPossible))
  }

  at(index: number): Possible {
    return this.#byIndex.get(index) ?? NONE
  }
}
