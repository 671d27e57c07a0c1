import type { Observation, Target, Unknown, Vault } from '../backup.ts'
import type { Scan, ScanProgress, Source } from '../scan.ts'
import type { Instant } from '../time.ts'
import { ask } from './answer.ts'
import { toBackup } from './cbr-backup.ts'
import { replicatingVaults } from './cbr-policy.ts'
import { toVault } from './cbr-vault.ts'
import { asWire, requiredTime, text } from './fields.ts'
import type { Send } from './http.ts'
import { listAll, type Page, type PageQuery } from './list-all.ts'
import { listPages } from './list-pages.ts'
import { scanning } from './scanning.ts'

/** What reading the CBR of one project takes. */
export interface CbrOptions {
  readonly target: Target
  /** Where CBR of that region is: scheme, host and port. */
  readonly origin: string
  readonly send: Send
  /** List calls under way at once. */
  readonly concurrency: number
  /** Whether to find out which vaults replicate: one call more, needed by `replication.required: auto` alone. */
  readonly readsReplicationPolicies: boolean
}
