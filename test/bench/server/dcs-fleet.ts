import { DAY_US, PROJECT_ID, uuidOf } from './facts.ts'

/** DCS instances and their backup records, told from their numbers; every instance has as many, one a day. */
export class DcsFleet {
  readonly instances: number
  readonly recordsEach: number
  readonly #newestMs: number

  constructor(instances: number, recordsEach: number, nowMs: number) {
    this.instances = instances
    this.recordsEach = recordsEach
    this.#newestMs = nowMs - 3_600_000
  }

  writeInstance(index: number): string {
    const id = uuidOf('dc', index)
    const createdAt = new Date(this.#newestMs - 400 * (DAY_US / 1000)).toISOString()
    return `{"publicip_id":null,"vpc_name":"vpc-prod","charging_mode":0,"enterprise_project_name":"default","vpc_id":"${uuidOf('0e', 1)}","subnet_id":"${uuidOf('0f', 1)}","subnet_name":"subnet-prod","subnet_cidr":"192.168.0.0/16","security_group_name":null,"user_name":"backup-admin","created_at":"${createdAt}","updated_at":"${createdAt}","enable_ssl":false,"max_memory":8192,"publicip_address":null,"capacity":8,"order_id":null,"maintain_begin":"02:00:00","engine":"Redis","maintain_end":"06:00:00","capacity_minor":null,"service_upgrade":false,"no_password_access":"false","service_task_id":"","ip":"192.168.0.7","used_memory":800,"access_user":null,"instance_id":"${id}","enable_publicip":false,"port":6379,"user_id":"${PROJECT_ID}","domain_name":"redis-${id}.dcs.example.com","name":"dcs-${index}","spec_code":"redis.ha.xu1.large.r2.8","cache_mode":"ha","engine_version":"5.0","status":"RUNNING","security_group_id":"securityGroupId","enterprise_project_id":"0","tags":[],"az_codes":["cn-north-4a","cn-north-4b"],"description":null,"cpu_type":"x86_64"}`
  }

  /** Records by number, all those of one instance in a row with the newest first; seven of a hundred have failed. */
  writeRecord(index: number): string {
    const instance = Math.floor(index / this.recordsEach)
    const daysAgo = index % this.recordsEach
    const createdAt = new Date(this.#newestMs - daysAgo * (DAY_US / 1000)).toISOString()
    const hasFailed = (index * 37) % 100 < 7
    const [status, errorCode, restorable] = hasFailed
      ? ['failed', '"dcs.08.0008"', 'FALSE']
      : ['succeed', 'null', 'TRUE']
    return `{"period":"22:00-23:00","backup_type":"auto","created_at":"${createdAt}","remark":null,"is_support_restore":"${restorable}","backup_id":"${uuidOf('bc', index)}","backup_name":"backup_${index}","instance_id":"${uuidOf('dc', instance)}","size":1048576,"updated_at":"${createdAt}","progress":"100.00","error_code":${errorCode},"status":"${status}","execution_at":"${createdAt}","backup_format":"rdb"}`
  }
}
