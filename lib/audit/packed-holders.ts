import type { Resource } from '../backup.ts'
import { PackedObjects } from './packed-objects.ts'

type SharedHolding = Omit<Resource, 'id' | 'name'>

/** What vaults and instances say of resources: all but the id, which whoever remembers them knows. */
export class PackedHolders extends PackedObjects<Resource, SharedHolding, [name: string | undefined]> {
  constructor() {
    super({
      sharedOf: sharedHoldingOf,
      ownOf: ({ name }) => [name],
      cueOf: ({ vault }) => vault,
      isShared: sharesHolding,
    })
  }

  /** What a place holds of this resource. */
  holderAt(place: number, id: string): Resource {
    const { shared, own } = this.get(place)
    return { ...shared, id, name: own[0] }
  }
}

/** What is said of a resource with its keys in the order in which it is unpacked: last resorts compare JSON, in which that order counts. */
export function holderOf(resource: Resource): Resource {
  return { ...sharedHoldingOf(resource), id: resource.id, name: resource.name }
}

function sharedHoldingOf({
  service,
  region,
  projectId,
  type,
  vault,
  enterpriseProjectId,
  ...is
}: Resource): SharedHolding {
  const { canBeBackedUp, held } = is
  return { service, region, projectId, type, vault, enterpriseProjectId, canBeBackedUp, held }
}

function sharesHolding(shared: SharedHolding, resource: SharedHolding): boolean {
  return (
    shared.service === resource.service &&
    shared.region === resource.region &&
    shared.projectId === resource.projectId &&
    shared.type === resource.type &&
    shared.vault === resource.vault &&
    shared.enterpriseProjectId === resource.enterpriseProjectId &&
    shared.canBeBackedUp === resource.canBeBackedUp &&
    shared.held === resource.held
  )
}
