import type { Duration, Instant } from '../time.ts'

/** Which findings somebody has taken responsibility for, why, and until when. All the fields that are set must match. */
export interface Mute {
  readonly findingId?: string
  readonly control?: string
  readonly service?: string
  readonly region?: string
  readonly projectId?: string
  readonly vaultId?: string
  readonly resourceId?: string
  readonly backupId?: string
  readonly owner: string
  readonly reason: string
  readonly until: Instant
}

/** The thresholds of an audit, every default filled in. */
export interface Policy {
  readonly expired: { readonly grace: Duration }
  readonly replication: { readonly grace: Duration; readonly required: 'all' | 'auto' | 'none' }
  readonly stuck: { readonly after: Duration }
  readonly recoveryPoint: { readonly maxAge: Duration }
  readonly mutes: readonly Mute[]
}
