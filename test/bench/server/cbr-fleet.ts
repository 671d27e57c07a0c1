import { DAY_US, PROJECT_ID, stampOf, uuidOf } from './facts.ts'

/** One a day. */
const BACKUPS_PER_RESOURCE = 12
const RESOURCES_PER_VAULT = 100

/** Backups that are told from their number, the oldest first, and the vaults that hold them; nothing of them is kept. */
export class CbrFleet {
  readonly backups: number
  readonly oldestUs: number
  readonly newestUs: number
  readonly stepUs: number
  readonly resources: number
  readonly vaults: number
  readonly #keptUntil: string

  constructor(backups: number, nowMs: number) {
    this.backups = backups
    this.newestUs = Math.floor(nowMs / 1000) * 1_000_000 - 3_600_000_000
    this.stepUs = Math.floor((BACKUPS_PER_RESOURCE * DAY_US) / Math.max(1, backups))
    this.oldestUs = this.newestUs - this.stepUs * (backups - 1)
    this.resources = Math.ceil(backups / BACKUPS_PER_RESOURCE)
    this.vaults = Math.ceil(this.resources / RESOURCES_PER_VAULT)
    this.#keptUntil = stampOf(this.newestUs + 30 * DAY_US)
  }

  /** Of a hundred backups two have failed, two have outlived their expiry and three lack a copy. */
  writeBackup(index: number): string {
    const createdUs = this.oldestUs + index * this.stepUs
    const resource = index % this.resources
    const vaultId = uuidOf('7a', resource % this.vaults)
    const remoteVaultId = uuidOf('7b', resource % this.vaults)
    const [id, checkpointId] = [uuidOf('b0', index), uuidOf('c0', index)]
    const createdAt = stampOf(createdUs)
    const kind = (index * 37) % 100
    const expiredAt = kind < 2 ? stampOf(createdUs + 60_000_000) : this.#keptUntil
    const status = kind === 2 || kind === 3 ? 'error' : 'available'
    const copy = kind > 3 && kind < 7 ? 'fail' : 'success'
    return `{"checkpoint_id":"${checkpointId}","created_at":"${createdAt}","description":"","expired_at":"${expiredAt}","extend_info":{"auto_trigger":true,"bootable":null,"os_images_data":null,"progress":null,"snapshot_id":null,"support_lld":true,"supported_restore_mode":"backup","system_disk":false,"is_multi_az":false,"encrypted_algorithm":null,"is_dec":false,"app_consistency":{"app_consistency":"0","app_consistency_status":"0","app_consistency_error_code":"0","app_consistency_error_message":""},"contain_system_disk":true,"encrypted":false,"architecture":"x86_64"},"id":"${id}","image_type":"backup","incremental":true,"name":"autobk_${index}_resource-${resource}","parent_id":null,"project_id":"${PROJECT_ID}","protected_at":"${createdAt}","provider_id":"0daac4c5-6707-4851-97ba-169e36266b66","resource_az":"cn-north-4a","resource_id":"${uuidOf('ee', resource)}","resource_name":"resource-${resource}","scheduled_operation_id":null,"resource_size":40,"resource_type":"OS::Nova::Server","status":"${status}","updated_at":"${createdAt}","vault_id":"${vaultId}","version":3,"children":[],"replication_records":[{"id":"${uuidOf('d0', index)}","status":"${copy}","created_at":"${createdAt}","source_backup_id":"${id}","source_checkpoint_id":"${checkpointId}","source_project_id":"${PROJECT_ID}","source_region":"cn-north-4","vault_id":"${vaultId}","destination_backup_id":"${uuidOf('d1', index)}","destination_checkpoint_id":"${uuidOf('d2', index)}","destination_project_id":"fedcba9876543210fedcba9876543210","destination_region":"ap-southeast-1","destination_vault_id":"${remoteVaultId}","extra_info":{"progress":100,"fail_code":"","fail_reason":"","auto_trigger":true,"destinatio_vault_id":"${remoteVaultId}"}}]}`
  }

  writeVault(index: number): string {
    const held: string[] = []
    for (let resource = index; resource < this.resources; resource += this.vaults)
      held.push(
        `{"id":"${uuidOf('ee', resource)}","name":"resource-${resource}","type":"OS::Nova::Server","protect_status":"available","size":40,"extra_info":{"exclude_volumes":[]}}`,
      )
    return `{"id":"${uuidOf('7a', index)}","name":"vault-${index}","enterprise_project_id":"0","resources":[${held.join(',')}]}`
  }
}
