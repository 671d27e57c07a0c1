/**
 * The library: typed clients of CBR and DCS for other programs. See docs/library.md.
 */
export { Fault, type FaultCode, type Mistake, type UpstreamAnswer } from './errors.ts'
export type { Project } from './huawei/iam.ts'
export type { CbrBackup } from './huawei/shapes/cbr-backup.ts'
export type { CbrCheckpoint } from './huawei/shapes/cbr-checkpoint.ts'
export type { CbrVault } from './huawei/shapes/cbr-vault.ts'
export type { DcsInstance } from './huawei/shapes/dcs-instance.ts'
export type { DcsRecord } from './huawei/shapes/dcs-record.ts'
export type { Open } from './huawei/shapes/field.ts'
export { mayHaveBeenCarriedOut } from './huawei/transport-failure.ts'
export type { CbrBackupsPage, CbrClient, NewCheckpoint } from './library/cbr-client.ts'
export {
  type Cloud,
  type CloudCredentials,
  type CloudOptions,
  connect,
  type ProjectClients,
} from './library/connect.ts'
export type { DcsClient, DcsRecordsPage } from './library/dcs-client.ts'
export type { AllBackupsQuery } from './library/list-all-backups.ts'
export type { Listing, ListingOutcome } from './library/listing.ts'
export type { CbrBackupsQuery, DcsRecordsQuery } from './library/queries.ts'
export type { UnreadableRow } from './library/rows.ts'
export { toDate } from './library/to-date.ts'
export type { CheckpointEnd, CheckpointSight, WaitOptions } from './library/wait-for-checkpoint.ts'
