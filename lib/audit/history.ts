import type { Backup, BackupFacts, Resource, Service } from '../backup.ts'
import type { Instant } from '../time.ts'
import { distinctPrints, TAGS } from './fingerprint.ts'
import { distinctTexts } from './order.ts'
import { compareAges, compareHolders, compareWitnesses } from './precedence.ts'
import { usability } from './usability.ts'

/** The recovery points of one kind, as far as a verdict needs them. */
export interface RecoveryPoints {
  /** The newest usable one. */
  readonly newest: BackupFacts | undefined
  /** When the oldest and the newest were created of those whose usability cannot be told. */
  readonly oldestPossible: Instant | undefined
  readonly newestPossible: Instant | undefined
}

/** What the backups of one resource say together. Backups by any road, in any order and any parts fold to the same. */
export interface History {
  readonly service: Service
  readonly resourceId: string
  /** The resource as its vault lists it (DCS: the instance); undefined where only backups tell of it. */
  readonly holder: Resource | undefined
  /** The backup that says where the resource lives when no vault does. */
  readonly witness: BackupFacts | undefined
  readonly own: RecoveryPoints
  readonly copies: RecoveryPoints
  /** When the first of the usable ones expires. */
  readonly nextExpiryAt: Instant | undefined
  /** Where copies are listed, sorted. */
  readonly copyRegions: readonly string[]
  /** The fingerprint of every backup, sorted, tagged with what it counts as. */
  readonly prints: readonly number[]
}

type Folding<Shape> = { -readonly [Key in keyof Shape]: Shape[Key] }

/** A history that is still being written; `settled` makes a history of it. */
export interface OpenHistory extends Folding<Omit<History, 'own' | 'copies' | 'prints'>> {
  readonly own: Folding<RecoveryPoints>
  readonly copies: Folding<RecoveryPoints>
  prints: number[]
}

const NOWHERE: readonly string[] = []

/** A history of which nothing is known yet. */
export function openHistory(service: Service, resourceId: string): OpenHistory {
  return {
    service,
    resourceId,
    holder: undefined,
    witness: undefined,
    own: { newest: undefined, oldestPossible: undefined, newestPossible: undefined },
    copies: { newest: undefined, oldestPossible: undefined, newestPossible: undefined },
    nextExpiryAt: undefined,
    copyRegions: NOWHERE,
    prints: [],
  }
}

/** Adds a backup, created at or before `asOf`, and known by its fingerprint. */
export function foldBackup(history: OpenHistory, backup: Backup, print: number, asOf: Instant): void {
  const usable = usability(backup, asOf)
  const isCopy = backup.imageType === 'replication'
  history.prints.push(print + (usable === 'usable' ? TAGS.usable : 0) + (isCopy ? TAGS.copy : 0))
  // Most backups are older than one that was seen before: nothing is made of them.
  let facts = isOutdone(backup, history.witness) ? undefined : factsOf(backup, history.resourceId)
  if (facts !== undefined) history.witness = better(history.witness, facts, compareWitnesses)
  if (isCopy) addCopyRegion(history, backup.region)
  switch (usable) {
    case 'unusable':
      return
    case 'usable': {
      const points = isCopy ? history.copies : history.own
      if (!isOutdone(backup, points.newest)) {
        facts ??= factsOf(backup, history.resourceId)
        points.newest = better(points.newest, facts, compareAges)
      }
      if (typeof backup.expiredAt === 'number')
        history.nextExpiryAt = least(history.nextExpiryAt, backup.expiredAt)
      return
    }
    case 'unknown':
      // What may be the one or the other kind may be a recovery point of both.
      if (!isCopy) foldPossible(history.own, backup.createdAt, backup.createdAt)
      if (backup.imageType !== 'backup') foldPossible(history.copies, backup.createdAt, backup.createdAt)
      return
  }
}

/** Adds what a vault, or the list of instances, says of the resource. */
export function foldResource(history: OpenHistory, resource: Resource): void {
  history.holder = better(history.holder, resource, compareHolders)
}

/** Adds another history of the same resource. */
export function foldHistory(history: OpenHistory, other: History): void {
  if (other.holder !== undefined) foldResource(history, other.holder)
  if (other.witness !== undefined) history.witness = better(history.witness, other.witness, compareWitnesses)
  foldPoints(history.own, other.own)
  foldPoints(history.copies, other.copies)
  if (other.nextExpiryAt !== undefined) history.nextExpiryAt = least(history.nextExpiryAt, other.nextExpiryAt)
  for (const region of other.copyRegions) addCopyRegion(history, region)
  for (const print of other.prints) history.prints.push(print)
}

/** The history put in order: equal for equal backups, whatever their order. It is the same object, for there are many. */
export function settled(history: OpenHistory): History {
  history.prints = distinctPrints(history.prints)
  return history
}

/** Two histories of one resource as one; associative and commutative. */
export function mergeHistories(a: History, b: History): History {
  const merged = openHistory(a.service, a.resourceId)
  foldHistory(merged, a)
  foldHistory(merged, b)
  return settled(merged)
}

/** The recovery point whose age counts: the newest usable backup that is no copy, else the newest usable copy. */
export function lastUsable(history: History): BackupFacts | undefined {
  return history.own.newest ?? history.copies.newest
}

/** How many of its backups carry a tag. */
export function countTagged(history: History, tag: number): number {
  return history.prints.reduce((count, print) => count + ((print % 4) & tag ? 1 : 0), 0)
}

/** Whether a backup surely comes after a known one, in both orders: it is of the same kind, and older. */
function isOutdone({ createdAt, imageType }: Backup, known: BackupFacts | undefined): boolean {
  return known !== undefined && createdAt < known.createdAt && imageType === known.imageType
}

/** Written out, as this is done for many backups. */
function factsOf(backup: Backup, resourceId: string): BackupFacts {
  return {
    service: backup.service,
    region: backup.region,
    projectId: backup.projectId,
    id: backup.id,
    parentId: backup.parentId,
    name: backup.name,
    status: backup.status,
    imageType: backup.imageType,
    createdAt: backup.createdAt,
    updatedAt: backup.updatedAt,
    expiredAt: backup.expiredAt,
    resourceId,
    resourceName: backup.resourceName,
    resourceType: backup.resourceType,
    vaultId: backup.vaultId,
    vault: backup.vault,
    enterpriseProjectId: backup.enterpriseProjectId,
    sizeBytes: backup.sizeBytes,
    incremental: backup.incremental,
    restorable: backup.restorable,
    errorCode: backup.errorCode,
  }
}

function addCopyRegion(history: OpenHistory, region: string): void {
  if (!history.copyRegions.includes(region))
    history.copyRegions = distinctTexts([...history.copyRegions, region])
}

function foldPoints(points: Folding<RecoveryPoints>, other: RecoveryPoints): void {
  if (other.newest !== undefined) points.newest = better(points.newest, other.newest, compareAges)
  if (other.oldestPossible !== undefined && other.newestPossible !== undefined)
    foldPossible(points, other.oldestPossible, other.newestPossible)
}

function foldPossible(points: Folding<RecoveryPoints>, oldest: Instant, newest: Instant): void {
  points.oldestPossible = least(points.oldestPossible, oldest)
  if (points.newestPossible === undefined || newest > points.newestPossible) points.newestPossible = newest
}

function least(known: Instant | undefined, other: Instant): Instant {
  return known === undefined || other < known ? other : known
}

function better<Thing>(
  known: Thing | undefined,
  other: Thing,
  compare: (a: Thing, b: Thing) => number,
): Thing {
  return known === undefined || compare(other, known) < 0 ? other : known
}
