/** What a code of Huawei means to the one who meets it, and what to do next; both without a full stop. */
export interface Explanation {
  readonly means: string
  readonly next: string
}

const KEYS =
  'check HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK (with temporary keys HUAWEICLOUD_SDK_SECURITY_TOKEN too), or the IAM user'
/** What to check where a login is refused. */
export const LOGIN = 'check HUAWEICLOUD_USERNAME, HUAWEICLOUD_PASSWORD and HUAWEICLOUD_DOMAIN_NAME'
/** What a user lacks to whom a service says no. */
export const RIGHTS = {
  cbr: 'give this user the IAM permission for the action (cbr:*:list and cbr:*:get, for checkpoints cbr:vaults:backup)',
  dcs: 'give this user the IAM permission for the action (DCS ReadOnlyAccess)',
  iam: 'give this user the IAM permission for the action (IAM ReadOnlyAccess), or name the project: REGION:PROJECT_ID',
} as const
const WAIT = 'try again in a few minutes'
const REPORT = 'try again later, and give Huawei support the request id if it stays'
const VAULT = 'check the vault id, and that region and project are those of the vault'
const INSTANCE = 'check the instance id, and that region and project are those of the instance'
const RESOURCE = 'check the resource id; it may have been deleted'
const OTHER = 'leave it out of the request, and back it up by other means'
const PROJECT = 'check the project id of the target: it belongs to one region'

const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  'APIGW.0101': { means: 'the gateway knows no such API', next: 'check region and endpoint override' },
  'APIGW.0301': { means: 'the gateway refused the key, token or signature', next: KEYS },
  'APIGW.0308': { means: 'more calls than the gateway allows', next: WAIT },
  'APIG.0308': { means: 'more calls than the gateway allows', next: WAIT },
  'BackupService.0001': {
    means: 'nothing in the request can be backed up',
    next: 'check the resources of the vault',
  },
  'BackupService.0002': { means: 'the resources are being backed up already', next: 'wait for that backup' },
  'BackupService.6000': { means: 'there is no such policy', next: 'check the policy id' },
  'BackupService.6105': { means: 'there is no such vault', next: VAULT },
  'BackupService.6112': {
    means: 'the vault is in a status that forbids it',
    next: 'look at the vault in the console',
  },
  'BackupService.6113': {
    means: 'the status of the vault forbids a backup now',
    next: 'wait until it is available',
  },
  'BackupService.6114': { means: 'the vault is full', next: 'enlarge it or delete backups' },
  'BackupService.6116': {
    means: 'this type of resource is not supported',
    next: 'check the type in the request',
  },
  'BackupService.6124': {
    means: 'this type of vault takes no backups',
    next: 'name a backup vault, not a replication vault',
  },
  'BackupService.6125': { means: 'a backup of this vault is running already', next: 'wait for it' },
  'BackupService.6128': { means: 'this type of vault does not replicate', next: 'name another vault' },
  'BackupService.6134': { means: 'resources are being removed from the vault', next: WAIT },
  'BackupService.6135': {
    means: 'the resource is not in this vault',
    next: 'check vault id and resource id',
  },
  'BackupService.6142': { means: 'every vault is full', next: 'enlarge one or delete backups' },
  'BackupService.6200': { means: 'there is no such backup', next: 'it may have been deleted meanwhile' },
  'BackupService.6215': { means: 'the status of the resource forbids a backup now', next: WAIT },
  'BackupService.6217': { means: 'there is no such checkpoint', next: 'check the checkpoint id' },
  'BackupService.6302': {
    means: 'there is no such resource',
    next: 'check the resource id named in the message',
  },
  'BackupService.6102': {
    means: 'the vault cannot hold this type of resource',
    next: 'name a vault of the right type',
  },
  'BackupService.6126': { means: 'the vault takes no backups of databases', next: 'name another vault' },
  'BackupService.6130': { means: 'the vault is replicating now', next: WAIT },
  'BackupService.6137': {
    means: 'the disks of one server lie in several vaults',
    next: 'put them into one vault',
  },
  'BackupService.6300': {
    means: 'the type of the resource does not fit its provider',
    next: 'check the type in the request',
  },
  'BackupService.7000': { means: 'there is no such disk', next: RESOURCE },
  'BackupService.7001': { means: 'disks of a dedicated storage service cannot be backed up', next: OTHER },
  'BackupService.7002': { means: 'SCSI disks cannot be backed up', next: OTHER },
  'BackupService.7003': { means: 'the status of the disk forbids a backup now', next: WAIT },
  'BackupService.7004': { means: 'this disk cannot be backed up', next: OTHER },
  'BackupService.7007': { means: 'the disk is of too old a model to be backed up', next: OTHER },
  'BackupService.7100': { means: 'there is no such server', next: RESOURCE },
  'BackupService.7101': { means: 'the status of the server forbids a backup now', next: WAIT },
  'BackupService.7102': { means: 'the server is stopped', next: 'start it, or leave it out' },
  'BackupService.7103': { means: 'this server cannot be backed up', next: OTHER },
  'BackupService.7104': { means: 'the server has SCSI disks, which cannot be backed up', next: OTHER },
  'BackupService.7105': { means: 'the disks of the server lie on different storage', next: OTHER },
  'BackupService.7106': { means: 'shared disks cannot be backed up', next: OTHER },
  'BackupService.7107': { means: 'the server has too many shared disks', next: OTHER },
  'BackupService.7108': { means: 'the server has no disks', next: 'check the server in the console' },
  'BackupService.7109': { means: 'bare-metal servers cannot be backed up', next: OTHER },
  'BackupService.7111': {
    means: 'the server has disks of a dedicated storage service, which cannot be backed up',
    next: OTHER,
  },
  'BackupService.7201': { means: 'the disk is attached to no server', next: 'attach it, or leave it out' },
  'BackupService.8300': {
    means: 'the quota of snapshots is used up',
    next: 'delete snapshots or ask Huawei for more',
  },
  'BackupService.8600': { means: 'this user may not do that in CBR', next: RIGHTS.cbr },
  'BackupService.9900': { means: 'CBR refused a parameter', next: 'correct the one its message names' },
  'BackupService.9910': { means: 'an error inside CBR', next: REPORT },
  'BackupService.9998': { means: 'CBR could not authenticate the caller', next: `${KEYS}; else ${REPORT}` },
  'DCS.1001': { means: 'the token is not valid', next: LOGIN },
  'DCS.1002': { means: 'the token has expired', next: LOGIN },
  'DCS.1003': { means: 'no token came with the request', next: LOGIN },
  'DCS.1004': { means: 'the token belongs to another project', next: PROJECT },
  'DCS.2003': { means: 'the role of this user may not do that in DCS', next: RIGHTS.dcs },
  'DCS.2007': { means: 'a policy forbids this user to do that in DCS', next: RIGHTS.dcs },
  'DCS.3002': { means: 'the account is read-only', next: 'check whether the account is in arrears' },
  'DCS.3003': { means: 'the role of this user may not do that in DCS', next: RIGHTS.dcs },
  'DCS.3022': { means: 'there is no such instance', next: INSTANCE },
  'DCS.4002': { means: 'DCS cannot read the project id', next: PROJECT },
  'DCS.4026': { means: 'the status of the instance forbids it now', next: WAIT },
  'DCS.4061': { means: 'DCS cannot read the instance id', next: INSTANCE },
  'DCS.4062': { means: 'DCS refused a parameter', next: 'correct the one its message names' },
  'DCS.4086': {
    means: 'a single-node instance cannot be backed up',
    next: 'make it a master/standby instance',
  },
  'DCS.4096': { means: 'a backup of the instance is running', next: WAIT },
  'DCS.5000': { means: 'an error inside DCS', next: REPORT },
  'DCS.5078': { means: 'DCS could not read its backup records', next: REPORT },
  '111400086': {
    means: 'a single-node instance cannot be backed up',
    next: 'make it a master/standby instance',
  },
  '111400096': { means: 'a backup of the instance is running', next: WAIT },
  '111401001': { means: 'the token is not valid', next: LOGIN },
  '111401002': { means: 'the token has expired', next: LOGIN },
  '111401004': { means: 'the token belongs to another project', next: PROJECT },
  '111403003': { means: 'the role of this user may not do that in DCS', next: RIGHTS.dcs },
  '111404022': { means: 'there is no such instance', next: INSTANCE },
}

/** What a code of Huawei means and what to do about it; undefined for a code that we do not know, which is data as any other. */
export function explain(errorCode: string): Explanation | undefined {
  return Object.hasOwn(EXPLANATIONS, errorCode) ? EXPLANATIONS[errorCode] : undefined
}
