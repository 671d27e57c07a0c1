import { describe, expect, it } from 'vitest'
import { readReplicatingVaults, replicatesAmong } from '../../../lib/huawei/cbr-policy.ts'

const readReplicates = (rows: readonly unknown[], isWhole: boolean) =>
  replicatesAmong(readReplicatingVaults(rows, isWhole))

const policy = (fields: object) => ({
  id: 'p',
  enabled: true,
  associated_vaults: [{ vault_id: 'v1' }],
  ...fields,
})

describe('whether a vault replicates', () => {
  it('is sure where every policy was read and none is odd', () => {
    const replicates = readReplicates(
      [policy({}), policy({ enabled: false, associated_vaults: [{ vault_id: 'v2' }] })],
      true,
    )
    expect([replicates('v1'), replicates('v2'), replicates('v3')]).toEqual([true, false, false])
  })

  it('takes no notice of policies of another operation, which a server may send unasked', () => {
    const backups = policy({ operation_type: 'backup', associated_vaults: [{ vault_id: 'v2' }] })
    const replicates = readReplicates([policy({ operation_type: 'replication' }), backups], true)
    expect([replicates('v1'), replicates('v2')]).toEqual([true, false])
  })

  it.each([
    ['enabled is missing', policy({ enabled: undefined })],
    ['enabled is a text', policy({ enabled: 'true' })],
    ['the vaults are no list', policy({ associated_vaults: null })],
    ['a vault has no id', policy({ associated_vaults: [{}] })],
    ['a policy is no object', 7],
    [
      'an operation is not known',
      policy({ operation_type: 'copy', associated_vaults: [{ vault_id: 'v9' }] }),
    ],
  ])('is unknown for vaults that no policy names where %s', (_, odd) => {
    const replicates = readReplicates([policy({}), odd], true)
    expect([replicates('v1'), replicates('v9')]).toEqual([true, 'unknown'])
  })

  it('is unknown for vaults that no policy names where the list is not proved whole', () => {
    expect(readReplicates([], false)('v1')).toBe('unknown')
  })
})
