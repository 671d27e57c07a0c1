import type { Wire } from './fleet.ts'

/** One attempt to copy a backup elsewhere. */
export interface ReplicationFacts {
  readonly id: string
  readonly status: 'replicating' | 'success' | 'fail' | 'skip' | 'waiting_replicate'
  readonly createdAt: string
  readonly sourceBackupId: string
  readonly sourceCheckpointId: string
  readonly sourceProjectId: string
  readonly sourceRegion: string
  readonly vaultId: string
  readonly destination: Destination
  readonly copyId: string | null
  readonly copyCheckpointId: string | null
  readonly failure?: { readonly code: string; readonly reason: string }
  readonly automatic: boolean
}

/** Where copies go. */
export interface Destination {
  readonly region: string
  readonly projectId: string
  readonly vaultId: string
}

/** A replication record with the keys of the documents, `destinatio_vault_id` spelled as they spell it. */
export function writeReplicationRecord(facts: ReplicationFacts): Wire {
  return {
    id: facts.id,
    status: facts.status,
    created_at: facts.createdAt,
    source_backup_id: facts.sourceBackupId,
    source_checkpoint_id: facts.sourceCheckpointId,
    source_project_id: facts.sourceProjectId,
    source_region: facts.sourceRegion,
    vault_id: facts.vaultId,
    destination_backup_id: facts.copyId,
    destination_checkpoint_id: facts.copyCheckpointId,
    destination_project_id: facts.destination.projectId,
    destination_region: facts.destination.region,
    destination_vault_id: facts.destination.vaultId,
    extra_info: facts.status === 'success' ? successInfo(facts) : extraInfo(facts),
  }
}

function extraInfo({ status, failure, automatic, destination }: ReplicationFacts): Wire {
  return {
    progress: status === 'success' ? 100 : 0,
    fail_code: failure?.code ?? '',
    fail_reason: failure?.reason ?? '',
    auto_trigger: automatic,
    destinatio_vault_id: destination.vaultId,
  }
}

// Success looks the same in all records of a destination: one frozen object serves them, as stories keep millions.
const successes = new WeakMap<Destination, Wire>()

function successInfo(facts: ReplicationFacts): Wire {
  if (!facts.automatic) return extraInfo(facts)
  const shared = successes.get(facts.destination) ?? Object.freeze(extraInfo(facts))
  successes.set(facts.destination, shared)
  return shared
}
