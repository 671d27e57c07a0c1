import { defaultPolicy, type Policy } from '../../../lib/audit/policy.ts'
import type { Backup, Observation, Replication, Resource, Vault } from '../../../lib/backup.ts'
import { parseTime } from '../../../lib/parse-time.ts'
import type { Instant } from '../../../lib/time.ts'

/** The moment at which every sample is judged. */
export const AS_OF = at('2026-11-20T12:00:00.000000')

export function at(text: string): Instant {
  const instant = parseTime(text)
  if (instant === undefined) throw new Error(`Cannot read the time "${text}"`)
  return instant
}

/** A moment so many hours, and so many microseconds more, before `AS_OF`. */
export function hoursAgo(hours: number, us = 0): Instant {
  return (AS_OF - hours * 3_600_000_000 - us) as Instant
}

export function terms(policy: Policy = defaultPolicy) {
  return { asOf: AS_OF, policy }
}

export const VAULT: Vault = { id: 'vault-1', name: 'gold', enterpriseProjectId: 'ep-1', replicates: true }

/** A CBR backup with which everything is well, and what is to be different about it. */
export function cbrBackup(changes: Partial<Backup> = {}): Backup {
  return {
    service: 'cbr',
    region: 'cn-north-4',
    projectId: 'project-1',
    id: 'backup-1',
    parentId: undefined,
    name: 'nightly',
    status: 'available',
    imageType: 'backup',
    createdAt: hoursAgo(25),
    updatedAt: hoursAgo(25),
    expiredAt: hoursAgo(-240),
    resourceId: 'server-1',
    resourceName: 'web-1',
    resourceType: 'OS::Nova::Server',
    vaultId: 'vault-1',
    vault: VAULT,
    enterpriseProjectId: undefined,
    sizeBytes: 50 * 2 ** 30,
    incremental: true,
    replications: [replication({})],
    restorable: true,
    errorCode: undefined,
    children: [],
    ...changes,
  }
}

/** A DCS record with which everything is well. */
export function dcsBackup(changes: Partial<Backup> = {}): Backup {
  return cbrBackup({
    service: 'dcs',
    id: 'record-1',
    status: 'succeed',
    expiredAt: undefined,
    resourceId: 'redis-1',
    resourceName: undefined,
    resourceType: undefined,
    vaultId: undefined,
    vault: undefined,
    replications: [],
    ...changes,
  })
}

export function replication(changes: Partial<Replication>): Replication {
  return {
    id: 'r1',
    status: 'success',
    createdAt: hoursAgo(24),
    destinationRegion: 'cn-east-3',
    failCode: undefined,
    failReason: undefined,
    ...changes,
  }
}

export function resource(changes: Partial<Resource> = {}): Resource {
  return {
    service: 'cbr',
    region: 'cn-north-4',
    projectId: 'project-1',
    id: 'server-1',
    name: 'web-1',
    type: 'OS::Nova::Server',
    vault: VAULT,
    enterpriseProjectId: undefined,
    canBeBackedUp: true,
    held: true,
    ...changes,
  }
}

export function seen(thing: Backup | Resource): Observation {
  return 'held' in thing ? { kind: 'resource', resource: thing } : { kind: 'backup', backup: thing }
}
