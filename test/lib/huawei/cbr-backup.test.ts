import { describe, expect, it } from 'vitest'
import type { Vault } from '../../../lib/backup.ts'
import { BACKUP_PROJECTION, toBackup } from '../../../lib/huawei/cbr-backup.ts'

const TARGET = { service: 'cbr', region: 'cn-north-4', projectId: '0'.repeat(32) } as const
const TIME = '2026-11-29T01:02:03.000000'
const vaultOf = (id: string): Vault => ({
  id,
  name: undefined,
  enterpriseProjectId: undefined,
  replicates: 'unknown',
})

const CHILD = {
  id: 'b1',
  status: 'available',
  created_at: TIME,
  vault_id: 'v1',
  extend_info: { incremental: true, progress: 100 },
  replication_records: [{ id: 'r1', status: 'fail', extra_info: { fail_code: 'x', fail_reason: 'y' } }],
}
/** No id, and no name. */
const NOBODY = { created_at: TIME, status: 'available' }

/** Under which keys somebody looked, and of what stands there the same. */
interface Looks {
  [key: string]: Looks
}

/** The value, which notes down under which keys somebody looked. */
function watched<Value>(value: Value, looks: Looks): Value {
  if (typeof value !== 'object' || value === null) return value
  return new Proxy(value, {
    get: (object, key, receiver) => {
      const inner = Reflect.get(object, key, receiver)
      if (Array.isArray(object) || typeof key !== 'string') return watched(inner, looks)
      looks[key] ??= {}
      return watched(inner, looks[key])
    },
  })
}

describe('toBackup', () => {
  it('looks at nothing in a row but what is kept of it', () => {
    const looks: Looks = {}
    for (const row of [{ ...CHILD, children: [CHILD, NOBODY] }, NOBODY])
      toBackup(watched(row, looks), TARGET, vaultOf)
    expect(looks).toEqual(BACKUP_PROJECTION)
  })
})
