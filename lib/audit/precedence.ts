import type { BackupFacts, Resource } from '../backup.ts'
import { compareJson, compareText } from './order.ts'

/** Newest first, then the lowest id. */
export function compareAges(a: BackupFacts, b: BackupFacts): number {
  return (
    b.createdAt - a.createdAt ||
    compareText(a.id, b.id) ||
    compareText(a.region, b.region) ||
    compareText(a.projectId, b.projectId) ||
    compareJson(a, b)
  )
}

/** The first of them by age; undefined where there is none. */
export function newestOf(backups: readonly (BackupFacts | undefined)[]): BackupFacts | undefined {
  return backups.filter((backup) => backup !== undefined).sort(compareAges)[0]
}

/** Backups before copies before what is neither for sure; then the newest. */
export function compareWitnesses(a: BackupFacts, b: BackupFacts): number {
  return kindRank(a) - kindRank(b) || compareAges(a, b)
}

/** The lower, the better a backup tells where its resource lives, whatever its age. */
export function kindRank({ imageType }: Pick<BackupFacts, 'imageType'>): number {
  return imageType === 'backup' ? 0 : imageType === 'replication' ? 1 : 2
}

/** A vault that holds it before one that lets it go; then the lowest vault id. */
export function compareHolders(a: Resource, b: Resource): number {
  return (
    Number(b.held) - Number(a.held) ||
    compareText(a.vault?.id ?? '', b.vault?.id ?? '') ||
    compareText(a.region, b.region) ||
    compareText(a.projectId, b.projectId) ||
    compareJson(a, b)
  )
}
