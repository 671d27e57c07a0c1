import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Target } from '../../../lib/backup.ts'
import { keepOfVault, toHoldings, toVault } from '../../../lib/huawei/cbr-vault.ts'

const TARGET: Target = { service: 'cbr', region: 'cn-north-4', projectId: 'project-1' }

const odd = fc.constantFrom(undefined, null, 0, '', [], {}, 'text')
const resource = fc.record(
  {
    id: fc.oneof(fc.constant('server-1'), odd),
    name: fc.oneof(fc.constant('web-01'), odd),
    type: fc.oneof(fc.constant('OS::Nova::Server'), odd),
    protect_status: fc.oneof(fc.constant('removing'), odd),
    extra_info: fc.constant({ exclude_volumes: [] }),
  },
  { requiredKeys: [] },
)
const vault = fc.record(
  {
    id: fc.oneof(fc.constant('vault-1'), odd),
    name: fc.oneof(fc.constant('vault-production'), odd),
    enterprise_project_id: fc.oneof(fc.constant('0'), odd),
    resources: fc.oneof(fc.array(fc.oneof(resource, odd), { maxLength: 3 }), odd),
    billing: fc.constant({ size: 100 }),
  },
  { requiredKeys: [] },
)

describe('what is kept of a vault', () => {
  it('reads the same as the whole row, however odd it is', () => {
    fc.assert(
      fc.property(fc.oneof(vault, odd), (row) => {
        expect(readingOf(keepOfVault(row))).toEqual(readingOf(row))
      }),
      { numRuns: 1000 },
    )
  })

  it('reads the same where a value is nested deeper than can be written', () => {
    const type: unknown = Array.from({ length: 10_000 }).reduce((inner) => [inner], 'deep')
    const row = { id: 'vault-1', resources: [{ id: 'server-1', name: 'web-01', type }] }
    expect(readingOf(keepOfVault(row))).toEqual(readingOf(row))
  })

  it('is no more than what is read', () => {
    const server = { id: 'server-1', name: 'web-01', type: 'OS::Nova::Server', protect_status: 'available' }
    const vault = { id: 'vault-1', name: 'vault', enterprise_project_id: '0' }
    const row = { ...vault, billing: { size: 100 }, resources: [{ ...server, extra_info: {} }] }
    const resources = Buffer.from(JSON.stringify([server]))
    expect(keepOfVault(row)).toEqual({ ...vault, resources })
  })
})

function readingOf(row: unknown) {
  const reading = toVault(row, () => true)
  return { ...reading, ...(reading.vault && { holdings: toHoldings(row, TARGET, reading.vault) }) }
}
