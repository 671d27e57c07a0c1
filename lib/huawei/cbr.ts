import type { Observation, Target, Unknown, Vault } from '../backup.ts'
import { Fault } from '../errors.ts'
import type { Scan, ScanOutcome, ScanProgress, Source } from '../scan.ts'
import type { Instant } from '../time.ts'
import { readAnswer } from './answer.ts'
import { toBackup } from './cbr-backup.ts'
import { toVault } from './cbr-vault.ts'
import { asWire, requiredTime, text } from './fields.ts'
import type { Send } from './http.ts'
import { listAll, type Page } from './list-all.ts'
import { listPages } from './list-pages.ts'

/** What reading the CBR of one project takes. */
export interface CbrOptions {
  readonly target: Target
  /** Where CBR of that region is: scheme, host and port. */
  readonly origin: string
  /** Signs, paces and retries. */
  readonly send: Send
  /** List calls under way at once. */
  readonly concurrency: number
  /** Whether to find out which vaults replicate: one call more, asked for by `replication.required: auto`. */
  readonly readsReplicationPolicies: boolean
}

/** The CBR of one project as a source of observations: first the resources in its vaults, then every backup. */
export function cbrSource(options: CbrOptions): Source {
  return { target: options.target, scan: (asOf, onProgress) => scanCbr(options, asOf, onProgress) }
}
