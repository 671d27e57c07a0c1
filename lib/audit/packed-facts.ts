import type { BackupFacts } from '../backup.ts'
import { PackedObjects } from './packed-objects.ts'

type OwnFact = 'id' | 'parentId' | 'name' | 'createdAt' | 'expiredAt' | 'resourceName' | 'sizeBytes'
type SharedFacts = Omit<BackupFacts, OwnFact | 'resourceId'>
type OwnFacts = [
  id: string,
  parentId: BackupFacts['parentId'],
  name: BackupFacts['name'],
  createdAt: BackupFacts['createdAt'],
  expiredAt: BackupFacts['expiredAt'],
  resourceName: BackupFacts['resourceName'],
  sizeBytes: BackupFacts['sizeBytes'],
]

/** What is remembered of backups: all but the resource, which whoever remembers them knows. */
export class PackedFacts extends PackedObjects<BackupFacts, SharedFacts, OwnFacts> {
  constructor() {
    super({
      sharedOf: sharedFactsOf,
      ownOf: ownFactsOf,
      cueOf: ({ vault }) => vault,
      isShared: sharesFacts,
    })
  }

  /** The facts in a place, of a backup of this resource. */
  factsAt(place: number, resourceId: string): BackupFacts {
    const { shared, own } = this.get(place)
    const [id, parentId, name, createdAt, expiredAt, resourceName, sizeBytes] = own
    // Written out, as this is done for every resource: what is added to a copy of something takes twice as long.
    return {
      service: shared.service,
      region: shared.region,
      projectId: shared.projectId,
      status: shared.status,
      imageType: shared.imageType,
      resourceType: shared.resourceType,
      vaultId: shared.vaultId,
      vault: shared.vault,
      enterpriseProjectId: shared.enterpriseProjectId,
      incremental: shared.incremental,
      restorable: shared.restorable,
      errorCode: shared.errorCode,
      id,
      parentId,
      name,
      createdAt,
      expiredAt,
      resourceName,
      sizeBytes,
      resourceId,
    }
  }
}

/** The facts of a backup with their keys in the order in which they are unpacked: last resorts compare JSON, in which that order counts. */
export function factsOf(backup: BackupFacts, resourceId: string): BackupFacts {
  const [id, parentId, name, createdAt, expiredAt, resourceName, sizeBytes] = ownFactsOf(backup)
  return {
    ...sharedFactsOf(backup),
    id,
    parentId,
    name,
    createdAt,
    expiredAt,
    resourceName,
    sizeBytes,
    resourceId,
  }
}

/** Written out, as these three are done for many backups. */
function sharedFactsOf(backup: BackupFacts): SharedFacts {
  return {
    service: backup.service,
    region: backup.region,
    projectId: backup.projectId,
    status: backup.status,
    imageType: backup.imageType,
    resourceType: backup.resourceType,
    vaultId: backup.vaultId,
    vault: backup.vault,
    enterpriseProjectId: backup.enterpriseProjectId,
    incremental: backup.incremental,
    restorable: backup.restorable,
    errorCode: backup.errorCode,
  }
}

function sharesFacts(shared: SharedFacts, facts: SharedFacts): boolean {
  return (
    shared.service === facts.service &&
    shared.region === facts.region &&
    shared.projectId === facts.projectId &&
    shared.status === facts.status &&
    shared.imageType === facts.imageType &&
    shared.resourceType === facts.resourceType &&
    shared.vaultId === facts.vaultId &&
    shared.vault === facts.vault &&
    shared.enterpriseProjectId === facts.enterpriseProjectId &&
    shared.incremental === facts.incremental &&
    shared.restorable === facts.restorable &&
    shared.errorCode === facts.errorCode
  )
}

function ownFactsOf(backup: BackupFacts): OwnFacts {
  return [
    backup.id,
    backup.parentId,
    backup.name,
    backup.createdAt,
    backup.expiredAt,
    backup.resourceName,
    backup.sizeBytes,
  ]
}
