import type { Target } from '../backup.ts'
import type { History } from './history.ts'

/** Where a resource lives and what it is called. */
export interface Home extends Target {
  readonly enterpriseProjectId: string | undefined
  readonly vaultId: string | undefined
  readonly vaultName: string | undefined
  readonly resourceName: string | undefined
  readonly resourceType: string | undefined
}

/** The home of a resource: the vault that holds it, else its newest backup's, else its newest copy's; undefined where nothing tells. */
export function homeOf({ service, holder, witness }: History): Home | undefined {
  const where = holder ?? witness
  if (where === undefined) return undefined
  return {
    service,
    region: where.region,
    projectId: where.projectId,
    enterpriseProjectId: where.enterpriseProjectId ?? where.vault?.enterpriseProjectId,
    vaultId: holder === undefined ? witness?.vaultId : holder.vault?.id,
    vaultName: where.vault?.name,
    resourceName: holder?.name ?? witness?.resourceName,
    resourceType: holder?.type ?? witness?.resourceType,
  }
}
