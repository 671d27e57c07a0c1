import type { BackupFacts } from '../backup.ts'
import type { Column, NumberTable } from './number-table.ts'
import { factsOf, PackedFacts } from './packed-facts.ts'
import { compareAges, compareWitnesses, kindRank } from './precedence.ts'

/** An order of backups, by rank, then the newest first; and of each resource the backup that leads it. */
export interface Ranking {
  /** Where the facts of that one lie; 0 where there is none. */
  readonly place: Column
  /** Absent where all are of one rank. */
  readonly rank?: Column
  readonly createdAt: Column
  readonly rankOf: (facts: BackupFacts) => number
  /** The whole order, for two that are equal so far. */
  readonly compare: (a: BackupFacts, b: BackupFacts) => number
}

/** The foremost backups of a resource; undefined where none was offered. */
export interface ForemostBackups {
  readonly witness: BackupFacts | undefined
  readonly own: BackupFacts | undefined
  readonly copies: BackupFacts | undefined
}

/** Of all backups of each resource those that come first: as its witness, among its own usable ones, and among its usable copies. */
export class Foremost {
  readonly witness: Ranking
  readonly own: Ranking
  readonly copies: Ranking
  readonly #facts = new PackedFacts()

  /** Takes seven columns, three of them wide, of a table that has a row for each resource. */
  constructor(table: NumberTable) {
    this.witness = {
      rank: table.column(),
      place: table.column(),
      createdAt: table.wideColumn(),
      rankOf: kindRank,
      compare: compareWitnesses,
    }
    const byAge = () => ({
      place: table.column(),
      createdAt: table.wideColumn(),
      rankOf: () => 0,
      compare: compareAges,
    })
    this.own = byAge()
    this.copies = byAge()
  }

  /** Puts the facts down, once, where they come first: most backups are older than one seen before. */
  offer(index: number, resourceId: string, facts: BackupFacts, rankings: readonly Ranking[]): void {
    if (!this.#winsAny(index, resourceId, facts, rankings)) return
    const won = rankings.filter((ranking) => this.#wins(index, resourceId, facts, ranking))
    const given = won.map(({ place }) => place.at(index))
    for (const { place } of won) place.set(index, 0)
    const place = this.#facts.put(
      facts,
      given.find((free) => !this.#isHeld(index, free)),
    )
    for (const ranking of won) {
      ranking.place.set(index, place)
      ranking.rank?.set(index, ranking.rankOf(facts))
      ranking.createdAt.set(index, facts.createdAt)
    }
  }

  /** Those of a resource. */
  at(index: number, resourceId: string): ForemostBackups {
    const place = this.witness.place.at(index)
    const [own, copies] = [this.own.place.at(index), this.copies.place.at(index)]
    const witness = this.#factsAt(place, resourceId)
    // The same backup nearly always.
    return {
      witness,
      own: own === place ? witness : this.#factsAt(own, resourceId),
      copies: copies === place ? witness : this.#factsAt(copies, resourceId),
    }
  }

  /** Most win nothing, and leave nothing behind. */
  #winsAny(index: number, resourceId: string, facts: BackupFacts, rankings: readonly Ranking[]): boolean {
    for (const ranking of rankings) if (this.#wins(index, resourceId, facts, ranking)) return true
    return false
  }

  #wins(index: number, resourceId: string, facts: BackupFacts, ranking: Ranking): boolean {
    const place = ranking.place.at(index)
    if (place === 0) return true
    const better =
      (ranking.rank?.at(index) ?? 0) - ranking.rankOf(facts) || facts.createdAt - ranking.createdAt.at(index)
    if (better !== 0) return better > 0
    return ranking.compare(factsOf(facts, resourceId), this.#facts.factsAt(place, resourceId)) < 0
  }

  #isHeld(index: number, held: number): boolean {
    return [this.witness, this.own, this.copies].some(({ place }) => place.at(index) === held)
  }

  #factsAt(place: number, resourceId: string): BackupFacts | undefined {
    return place > 0 ? this.#facts.factsAt(place, resourceId) : undefined
  }
}
