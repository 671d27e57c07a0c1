import { type Service, STATUSES } from '../backup.ts'

/** The statuses of a replication record. */
export const REPLICATION_STATUSES = ['replicating', 'success', 'fail', 'skip', 'waiting_replicate'] as const

const DOCUMENTED: Readonly<Record<Service, ReadonlySet<string>>> = {
  cbr: new Set(STATUSES.cbr),
  dcs: new Set(STATUSES.dcs),
}

/** Whether we know what a status means; one that we do not is data, not an error. Whatever CBR waits for, it waits. */
export function isDocumented(service: Service, status: string): boolean {
  return DOCUMENTED[service].has(status) || (service === 'cbr' && status.startsWith('waiting_'))
}
