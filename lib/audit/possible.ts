import { earlier, later } from '../time.ts'
import type { RecoveryPoints } from './history.ts'

/** When the oldest and the newest were created of backups whose usability cannot be told. */
export type Possible = Pick<RecoveryPoints, 'oldestPossible' | 'newestPossible'>

const NONE: Possible = { oldestPossible: undefined, newestPossible: undefined }

/** What may be recovery points, of the few resources of which that cannot be told. */
export class PossiblePoints {
  readonly #byIndex = new Map<number, Possible>()

  add(index: number, { oldestPossible, newestPossible }: Possible): void {
    if (oldestPossible === undefined || newestPossible === undefined) return
    const known = this.at(index)
    this.#byIndex.set(index, {
      oldestPossible: earlier(oldestPossible, known.oldestPossible ?? oldestPossible),
      newestPossible: later(newestPossible, known.newestPossible ?? newestPossible),
    })
  }

  at(index: number): Possible {
    return this.#byIndex.get(index) ?? NONE
  }
}
