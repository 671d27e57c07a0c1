import { describe, expect, it } from 'vitest'
import type { Vault } from '../../../lib/backup.ts'
import { BACKUP_KEYS, toBackup } from '../../../lib/huawei/cbr-backup.ts'

const TARGET = { service: 'cbr', region: 'cn-north-4', projectId: '0'.repeat(32) } as const
const TIME = '2026-11-29T01:02:03.000000'
const vaultOf = (id: string): Vault => ({
  id,
  name: undefined,
  enterpriseProjectId: undefined,
  replicates: 'unknown',
})

const ROW = {
  id: 'b1',
  status: 'available',
  created_at: TIME,
  vault_id: 'v1',
  extend_info: { incremental: true, progress: 100 },
  replication_records: [{ id: 'r1', status: 'fail', extra_info: { fail_code: 'x', fail_reason: 'y' } }],
  children: [{ id: 'b2', status: 'error', created_at: TIME }, { name: 'nobody' }],
}

/** The value, which notes down under which keys somebody looked. */
function watched<Value>(value: Value, keys: Set<string>): Value {
  if (typeof value !== 'object' || value === null) return value
  return new Proxy(value, {
    get: (object, key, receiver) => {
      if (typeof key === 'string' && !Array.isArray(object)) keys.add(key)
      return watched(Reflect.get(object, key, receiver), keys)
    },
  })
}

describe('toBackup', () => {
  it('looks at nothing in a row but what stands under the keys that are kept of it', () => {
    const keys = new Set<string>()
    for (const row of [ROW, { created_at: TIME, status: 'available' }])
      toBackup(watched(row, keys), TARGET, vaultOf)
    expect([...keys].toSorted()).toEqual([...BACKUP_KEYS].toSorted())
  })
})
