import { distinctOf, isDistinct, isTagged, TAGS } from './fingerprint.ts'
import { FingerprintLog } from './fingerprint-log.ts'
import type { BackupCounts } from './history.ts'
import type { Column, NumberTable } from './number-table.ts'

/** The shortened fingerprints of the backups of each resource, in a log that all share, and how many there are of each kind. */
export class ResourceFingerprints {
  readonly #log = new FingerprintLog()
  readonly #last: Column
  /** 0 until they are counted. */
  readonly #backups: Column
  readonly #usable: Column
  readonly #copies: Column

  /** Takes four columns of a table that has a row for each resource. */
  constructor(table: NumberTable) {
    this.#last = table.column()
    this.#backups = table.column()
    this.#usable = table.column()
    this.#copies = table.column()
  }

  /** Adds a backup to a resource; it may have been added before. */
  add(resource: number, print: number): void {
    this.#last.set(resource, this.#log.add(print, this.#last.at(resource)))
    this.#backups.set(resource, 0)
  }

  /** Those of a resource, sorted, each once. */
  list(resource: number): number[] {
    return distinctOf(this.#log.sorted(this.#last.at(resource)))
  }

  /** How many a resource has; gathered once, because its entries lie all over the log. */
  counts(resource: number): BackupCounts {
    if (this.#backups.at(resource) === 0) this.#count(resource)
    return {
      backups: this.#backups.at(resource),
      usable: this.#usable.at(resource),
      copies: this.#copies.at(resource),
    }
  }

  #count(resource: number): void {
    const prints = this.#log.sorted(this.#last.at(resource))
    let [backups, usable, copies] = [0, 0, 0]
    for (let index = 0; index < prints.length; index += 1) {
      if (!isDistinct(prints, index)) continue
      const print = prints[index] ?? 0
      backups += 1
      if (isTagged(print, TAGS.usable)) usable += 1
      if (isTagged(print, TAGS.copy)) copies += 1
    }
    this.#backups.set(resource, backups)
    this.#usable.set(resource, usable)
    this.#copies.set(resource, copies)
  }
}
