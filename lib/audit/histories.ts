import type { Backup, Resource, Service } from '../backup.ts'
import { SERVICES } from '../backup.ts'
import type { Instant } from '../time.ts'
import { CopyRegions } from './copy-regions.ts'
import { TAGS } from './fingerprint.ts'
import { Foremost } from './foremost.ts'
import type { History, WholeHistory } from './history.ts'
import { KindlessPoints } from './kindless-points.ts'
import { NumberTable } from './number-table.ts'
import { factsOf } from './packed-facts.ts'
import { holderOf, PackedHolders } from './packed-holders.ts'
import type { PartHistories } from './part.ts'
import { PossiblePoints } from './possible.ts'
import { compareHolders } from './precedence.ts'
import { ResourceFingerprints } from './resource-fingerprints.ts'
import { ResourceNames } from './resource-names.ts'
import { usability } from './usability.ts'

/**
 * The histories of many resources, folded from backups by any road, in any order and any parts, to the same. Nearly all of it
 * lies beside the heap; a history is put together when somebody asks, sorted by service and resource.
 */
export class Histories implements PartHistories {
  readonly #holders = new PackedHolders()
  readonly #table = new NumberTable()
  readonly #names = new ResourceNames(this.#table)
  readonly #prints = new ResourceFingerprints(this.#table)
  readonly #nextExpiryAt = this.#table.wideColumn()
  readonly #foremost = new Foremost(this.#table)
  readonly #holder = this.#table.column()
  readonly #copyRegions = new CopyRegions(this.#table)
  readonly #copiedTo = new CopyRegions(this.#table)
  readonly #possiblyOwn = new PossiblePoints()
  readonly #possiblyCopies = new PossiblePoints()
  readonly #kindless = new KindlessPoints()
  readonly #witnessAlone = [this.#foremost.witness]
  readonly #usableOwn = [this.#foremost.witness, this.#foremost.own]
  readonly #usableCopy = [this.#foremost.witness, this.#foremost.copies]

  /** Adds a backup of the resource, created at or before `asOf`, and known by its fingerprint. */
  addBackup(resourceId: string, backup: Backup, print: number, asOf: Instant): void {
    const index = this.#names.numberOf(backup.service, resourceId)
    const usable = usability(backup, asOf)
    const isCopy = backup.imageType === 'replication'
    this.#prints.add(index, print + (usable === 'usable' ? TAGS.usable : 0) + (isCopy ? TAGS.copy : 0))
    if (isCopy) this.#copyRegions.add(index, backup.region)
    this.#noteCopies(index, backup)
    const isKindless = backup.imageType === 'unknown'
    if (usable !== 'usable' || isKindless) this.#foremost.offer(index, resourceId, backup, this.#witnessAlone)
    else this.#foremost.offer(index, resourceId, backup, isCopy ? this.#usableCopy : this.#usableOwn)
    if (usable === 'usable') {
      if (isKindless) this.#kindless.add(index, factsOf(backup, resourceId), backup.createdAt)
      if (typeof backup.expiredAt === 'number') this.#addExpiry(index, backup.expiredAt)
    }
    if (usable !== 'unknown') return
    // What may be the one or the other kind may be a recovery point of both.
    const possible = { oldestPossible: backup.createdAt, newestPossible: backup.createdAt }
    if (!isCopy) this.#possiblyOwn.add(index, possible)
    if (backup.imageType !== 'backup') this.#possiblyCopies.add(index, possible)
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
    const foremost = this.#foremost
    if (holder !== undefined) this.addResource(holder)
    if (witness !== undefined) foremost.offer(index, resourceId, witness, [foremost.witness])
    if (own.newest !== undefined) foremost.offer(index, resourceId, own.newest, [foremost.own])
    if (copies.newest !== undefined) foremost.offer(index, resourceId, copies.newest, [foremost.copies])
    this.#possiblyOwn.add(index, own)
    this.#possiblyCopies.add(index, copies)
    if (history.kindless !== undefined)
      this.#kindless.add(index, history.kindless.newest, history.kindless.oldest)
    if (history.nextExpiryAt !== undefined) this.#addExpiry(index, history.nextExpiryAt)
    for (const region of history.copyRegions) this.#copyRegions.add(index, region)
    for (const region of history.copiedTo) this.#copiedTo.add(index, region)
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

  #noteCopies(index: number, { replications }: Backup): void {
    if (replications === 'unknown') return
    for (const { status, destinationRegion } of replications)
      if (status === 'success' && destinationRegion !== undefined)
        this.#copiedTo.add(index, destinationRegion)
  }

  #addExpiry(index: number, expiredAt: Instant): void {
    const known = this.#nextExpiryAt.at(index)
    if (known === 0 || expiredAt < known) this.#nextExpiryAt.set(index, expiredAt)
  }

  #historyAt(index: number, service: Service): Omit<History, 'counts'> {
    const resourceId = this.#names.idOf(index)
    const holder = this.#holder.at(index)
    const nextExpiryAt = this.#nextExpiryAt.at(index)
    const { witness, own, copies } = this.#foremost.at(index, resourceId)
    return {
      service,
      resourceId,
      holder: holder === 0 ? undefined : this.#holders.holderAt(holder, resourceId),
      witness,
      own: { newest: own, ...this.#possiblyOwn.at(index) },
      copies: { newest: copies, ...this.#possiblyCopies.at(index) },
      kindless: this.#kindless.at(index),
      nextExpiryAt: nextExpiryAt === 0 ? undefined : (nextExpiryAt as Instant),
      copyRegions: this.#copyRegions.at(index),
      copiedTo: this.#copiedTo.at(index),
    }
  }
}
