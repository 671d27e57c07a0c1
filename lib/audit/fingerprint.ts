import type { Service, Target } from '../backup.ts'
import { hash64 } from '../hash64.ts'

/** A fingerprint leaves its two lowest bits to what is to be remembered of a backup. */
export const TAGS = { usable: 1, copy: 2 } as const
const STEP = 4
const SHORT_VALUES = 2 ** 48

/** One number for a target, from which the fingerprints of its backups are made. */
export function seedOf(target: Target): number {
  return hash64(JSON.stringify([target.service, target.region, target.projectId])).high
}

/**
 * A backup in 8 bytes: 51 bits of hash of its target and id, in steps of four. Two backups of a million share
 * one with a chance of 1 in 4000; as only those of one resource are compared, in practice none do.
 */
export function fingerprint(seed: number, id: string): number {
  const { high, low } = hash64(id, seed)
  return ((high >>> 13) * 2 ** 32 + low) * STEP
}

/** Resources of two services may have one id. */
export const RESOURCE_SEEDS = { cbr: 1, dcs: 2 } as const satisfies Record<Service, number>

/** A resource in 8 bytes, as a backup is. */
export function resourceFingerprint(service: Service, resourceId: string): number {
  return fingerprint(RESOURCE_SEEDS[service], resourceId)
}

/**
 * What of a fingerprint is kept where the backups of one resource are compared, or a few children with all backups, in 6 bytes: 46 bits of
 * hash and the tags. Two of ten thousand share that with a chance of 1 in a million, one of ten thousand children one of a million
 * backups with a chance of 1 in 7000.
 */
export function shortened(print: number): number {
  return print - Math.floor(print / SHORT_VALUES) * SHORT_VALUES
}

/** A fingerprint without what was remembered with it. Not by `%`, which takes several times as long for numbers of this size. */
export function withoutTags(print: number): number {
  return Math.floor(print / STEP) * STEP
}

/** Whether a fingerprint carries a tag; of a number of any size `&` sees the lowest 32 bits. */
export function isTagged(print: number, tag: number): boolean {
  return (print & tag) !== 0
}

/** Sorted, each backup once: where it was remembered in two ways, the higher wins, whoever came first. */
export function distinctFingerprints(prints: Iterable<number>): number[] {
  return distinctOf(Float64Array.from(prints).sort())
}

/** Of sorted fingerprints the highest of each backup. */
export function distinctOf(sorted: Float64Array): number[] {
  return Array.from(sorted).filter((_, index) => isDistinct(sorted, index))
}

/** Whether a fingerprint is the highest of its backup among those that are sorted. */
export function isDistinct(sorted: Float64Array, index: number): boolean {
  const next = sorted[index + 1]
  return next === undefined || withoutTags(next) !== withoutTags(sorted[index] ?? Number.NaN)
}
