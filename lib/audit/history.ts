import type { BackupFacts, Resource, Service } from '../backup.ts'
import type { Instant } from '../time.ts'
import { newestOf } from './precedence.ts'

/** The recovery points of one kind, as far as a verdict needs them. */
export interface RecoveryPoints {
  /** The newest usable one. */
  readonly newest: BackupFacts | undefined
  /** When the oldest and the newest were created of those whose usability cannot be told. */
  readonly oldestPossible: Instant | undefined
  readonly newestPossible: Instant | undefined
}

/** Usable backups of which nobody said whether they are copies: `image_type` is missing or odd. */
export interface Kindless {
  readonly newest: BackupFacts
  /** When the oldest of them was created. */
  readonly oldest: Instant
}

/** How many backups a resource has, each counted once. */
export interface BackupCounts {
  readonly backups: number
  readonly usable: number
  readonly copies: number
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
  readonly kindless: Kindless | undefined
  /** When the first of the usable ones expires. */
  readonly nextExpiryAt: Instant | undefined
  /** Where copies are listed, sorted. */
  readonly copyRegions: readonly string[]
  /** Where replication records say that copies were made, sorted. */
  readonly copiedTo: readonly string[]
  readonly counts: BackupCounts
}

/** A history that can be merged with others of the same resource: what two have seen must not be counted twice. */
export interface WholeHistory extends Omit<History, 'counts'> {
  /** The shortened fingerprint of every backup, sorted, tagged with what it counts as. */
  readonly prints: readonly number[]
}

/** The recovery point whose age counts: the newest usable backup that does not say that it is a copy, else the newest usable copy. */
export function lastUsable({ own, copies, kindless }: History): BackupFacts | undefined {
  const newest = kindless === undefined ? own.newest : newestOf([own.newest, kindless.newest])
  return newest ?? copies.newest
}
