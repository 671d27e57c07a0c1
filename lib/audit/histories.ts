import type { Backup, BackupFacts, Resource, Service } from '../backup.ts'
import { SERVICES } from '../backup.ts'
import type { Instant } from '../time.ts'
import { FactsShelf, factsOf, HolderShelf, holderOf } from './facts-shelf.ts'
import { TAGS } from './fingerprint.ts'
import type { History, RecoveryPoints, WholeHistory } from './history.ts'
import { type Column, NumberTable } from './number-table.ts'
import { distinctTexts } from './order.ts'
import type { PartHistories } from './part.ts'
import { compareAges, compareHolders, compareWitnesses, kindRank } from './precedence.ts'
import { ResourceNames } from './resource-names.ts'
import { ResourcePrints } from './resource-prints.ts'
import { usability } from './usability.ts'

/** The backup of each resource that comes first in some order: by rank, then the newest. */
interface First {
  /** Where its facts lie; 0 where there is none. */
  readonly place: Column
  readonly rank: Column
  readonly createdAt: Column
  readonly rankOf: (facts: BackupFacts) => number
  /** The whole order, for two that are equal so far. */
  readonly compare: (a: BackupFacts, b: BackupFacts) => number
}

/** When the oldest and the newest were created of backups whose usability cannot be told. */
interface Possible {
  readonly oldest: Instant
  readonly newest: Instant
}

/**
 * The histories of many resources, folded from backups by any road, in any order and any parts, to the same. Nearly all of it
 * lies beside the heap; a history is put together when somebody asks, sorted by service and resource.
 */
export class Histories implements PartHistories {
  readonly #facts = new FactsShelf()
  readonly #holders = new HolderShelf()
  readonly #table = new NumberTable(18)
  readonly #names = new ResourceNames(this.#table)
  readonly #prints = new ResourcePrints(this.#table)
  readonly #nextExpiryAt = this.#table.column()
  /** Of orders in which all are of one rank. */
  readonly #noRank = this.#table.column()
  readonly #witness = this.#firstBy(compareWitnesses, kindRank, this.#table.column())
  readonly #own = this.#firstBy(compareAges, () => 0, this.#noRank)
  readonly #copies = this.#firstBy(compareAges, () => 0, this.#noRank)
  readonly #unusable = [this.#witness]
  readonly #usableOwn = [this.#witness, this.#own]
  readonly #usableCopy = [this.#witness, this.#copies]
  readonly #holder = this.#table.column()
  readonly #copyRegions = this.#table.column()
  readonly #regionLists: (readonly string[])[] = [[]]
  // Of few resources there is anything to remember here.
  readonly #possiblyOwn = new Map<number, Possible>()
  readonly #possiblyCopies = new Map<number, Possible>()

  /** Adds a backup of the resource, created at or before `asOf`, and known by its fingerprint. */
  addBackup(resourceId: string, backup: Backup, print: number, asOf: Instant): void {
    const index = this.#names.numberOf(backup.service, resourceId)
    const usable = usability(backup, asOf)
    const isCopy = backup.imageType === 'replication'
    this.#prints.add(index, print + (usable === 'usable' ? TAGS.usable : 0) + (isCopy ? TAGS.copy : 0))
    if (isCopy) this.#addCopyRegion(index, backup.region)
    if (usable !== 'usable') this.#offer(index, resourceId, backup, this.#unusable)
    else {
      this.#offer(index, resourceId, backup, isCopy ? this.#usableCopy : this.#usableOwn)
      if (typeof backup.expiredAt === 'number') this.#addExpiry(index, backup.expiredAt)
    }
    if (usable !== 'unknown') return
    // What may be the one or the other kind may be a recovery point of both.
    const possible = { oldest: backup.createdAt, newest: backup.createdAt }
    if (!isCopy) addPossible(this.#possiblyOwn, index, possible)
    if (backup.imageType !== 'backup') addPossible(this.#possiblyCopies, index, possible)
  }

  /** Adds what a vault, or the list of instances, says of a resource. */
  addResource(resource: Resource): void {
    const index = this.#names.numberOf(resource.service, resource.id)
    const place = this.#holder.at(index)
    if (place > 0 && compareHolders(holderOf(resource), this.#holders.holderAt(place, resource.id)) >= 0)
      return
    this.#holder.set(index, this.#holders.put(resource, place))
  }

  /** Adds another history of the same resource. */
  add(history: WholeHistory): void {
    const { service, resourceId, holder, witness, own, copies } = history
    const index = this.#names.numberOf(service, resourceId)
    if (holder !== undefined) this.addResource(holder)
    if (witness !== undefined) this.#offer(index, resourceId, witness, [this.#witness])
    if (own.newest !== undefined) this.#offer(index, resourceId, own.newest, [this.#own])
    if (copies.newest !== undefined) this.#offer(index, resourceId, copies.newest, [this.#copies])
    addPossible(this.#possiblyOwn, index, possibleIn(own))
    addPossible(this.#possiblyCopies, index, possibleIn(copies))
    if (history.nextExpiryAt !== undefined) this.#addExpiry(index, history.nextExpiryAt)
    for (const region of history.copyRegions) this.#addCopyRegion(index, region)
    for (const print of history.prints) this.#prints.add(index, print)
  }

  *[Symbol.iterator](): Iterator<WholeHistory> {
    for (const service of SERVICES)
      for (const index of this.#names.sorted(service))
        yield { ...this.#historyAt(index, service), prints: this.#prints.list(index) }
  }

  *summed(): Iterable<History> {
    for (const service of SERVICES)
      for (const index of this.#names.sorted(service))
        yield { ...this.#historyAt(index, service), counts: this.#prints.counts(index) }
  }

  #firstBy(compare: First['compare'], rankOf: First['rankOf'], rank: Column): First {
    return { place: this.#table.column(), rank, createdAt: this.#table.column(), rankOf, compare }
  }

  /** Puts the facts down, once, where they come first: most backups are older than one seen before. */
  #offer(index: number, resourceId: string, facts: BackupFacts, orders: readonly First[]): void {
    if (!this.#winsAny(index, resourceId, facts, orders)) return
    const won = orders.filter((order) => this.#wins(index, resourceId, facts, order))
    const given = won.map(({ place }) => place.at(index))
    for (const { place } of won) place.set(index, 0)
    const place = this.#facts.put(
      facts,
      given.find((free) => !this.#isHeld(index, free)),
    )
    for (const order of won) {
      order.place.set(index, place)
      order.rank.set(index, order.rankOf(facts))
      order.createdAt.set(index, facts.createdAt)
    }
  }

  /** Most win nothing, and leave nothing behind. */
  #winsAny(index: number, resourceId: string, facts: BackupFacts, orders: readonly First[]): boolean {
    for (const order of orders) if (this.#wins(index, resourceId, facts, order)) return true
    return false
  }

  #isHeld(index: number, held: number): boolean {
    return [this.#witness, this.#own, this.#copies].some(({ place }) => place.at(index) === held)
  }

  #wins(index: number, resourceId: string, facts: BackupFacts, order: First): boolean {
    const place = order.place.at(index)
    if (place === 0) return true
    const better = order.rank.at(index) - order.rankOf(facts) || facts.createdAt - order.createdAt.at(index)
    if (better !== 0) return better > 0
    return order.compare(factsOf(facts, resourceId), this.#facts.factsAt(place, resourceId)) < 0
  }

  #addExpiry(index: number, expiredAt: Instant): void {
    const known = this.#nextExpiryAt.at(index)
    if (known === 0 || expiredAt < known) this.#nextExpiryAt.set(index, expiredAt)
  }

  #addCopyRegion(index: number, region: string): void {
    const known = this.#regionLists[this.#copyRegions.at(index)] ?? []
    if (known.includes(region)) return
    const regions = distinctTexts([...known, region])
    const same = this.#regionLists.findIndex((list) => JSON.stringify(list) === JSON.stringify(regions))
    this.#copyRegions.set(index, same === -1 ? this.#regionLists.push(regions) - 1 : same)
  }

  #historyAt(index: number, service: Service): Omit<History, 'counts'> {
    const resourceId = this.#names.idOf(index)
    const holder = this.#holder.at(index)
    const nextExpiryAt = this.#nextExpiryAt.at(index)
    const witness = this.#witness.place.at(index)
    const own = this.#own.place.at(index)
    const copies = this.#copies.place.at(index)
    const known = this.#factsAt(witness, resourceId)
    return {
      service,
      resourceId,
      holder: holder === 0 ? undefined : this.#holders.holderAt(holder, resourceId),
      witness: known,
      // The same backup nearly always.
      own: recoveryPoints(
        own === witness ? known : this.#factsAt(own, resourceId),
        this.#possiblyOwn.get(index),
      ),
      copies: recoveryPoints(
        copies === witness ? known : this.#factsAt(copies, resourceId),
        this.#possiblyCopies.get(index),
      ),
      nextExpiryAt: nextExpiryAt === 0 ? undefined : (nextExpiryAt as Instant),
      copyRegions: this.#regionLists[this.#copyRegions.at(index)] ?? [],
    }
  }

  #factsAt(place: number, resourceId: string): BackupFacts | undefined {
    return place > 0 ? this.#facts.factsAt(place, resourceId) : undefined
  }
}

function recoveryPoints(newest: BackupFacts | undefined, possible: Possible | undefined): RecoveryPoints {
  return { newest, oldestPossible: possible?.oldest, newestPossible: possible?.newest }
}

function possibleIn({
  oldestPossible: oldest,
  newestPossible: newest,
}: RecoveryPoints): Possible | undefined {
  return oldest === undefined || newest === undefined ? undefined : { oldest, newest }
}

function addPossible(all: Map<number, Possible>, index: number, possible: Possible | undefined): void {
  if (possible === undefined) return
  const { oldest, newest } = all.get(index) ?? possible
  all.set(index, {
    oldest: possible.oldest < oldest ? possible.oldest : oldest,
    newest: possible.newest > newest ? possible.newest : newest,
  })
}
