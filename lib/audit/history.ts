import type { Backup, Resource } from '../backup.ts'

/** What the backups of one resource say together. */
export interface History {
  readonly resource: Resource | undefined
  readonly newest: Backup | undefined
}
