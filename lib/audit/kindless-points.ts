import type { BackupFacts } from '../backup.ts'
import { earlier, type Instant } from '../time.ts'
import type { Kindless } from './history.ts'
import { newestOf } from './precedence.ts'

/** The usable backups without a kind of the few resources that have any. */
export class KindlessPoints {
  readonly #byIndex = new Map<number, Kindless>()

  add(index: number, newest: BackupFacts, oldest: Instant): void {
    const known = this.#byIndex.get(index) ?? { newest, oldest }
    this.#byIndex.set(index, {
      newest: newestOf([known.newest, newest]) ?? newest,
      oldest: earlier(known.oldest, oldest),
    })
  }

  at(index: number): Kindless | undefined {
    return this.#byIndex.get(index)
  }
}
