import { describe, expect, it } from 'vitest'
import { compareAudit } from '../../oracle/compare.ts'
import { expectAudit } from '../../oracle/expect.ts'
import { generateFleet } from '../../oracle/fleet.ts'
import { auditFleet } from '../../support/audit-fleet.ts'

const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1)

describe('an audit over HTTP', () => {
  it.each(SEEDS)('finds in fleet %i what a second, independent implementation finds', async (seed) => {
    const oracle = generateFleet(seed)
    const delivered = await auditFleet(oracle.fleet, oracle.asOf, oracle.policy)
    expect(compareAudit(expectAudit(oracle), delivered)).toEqual([])
    expect(delivered.summary['verdict']).toBe('complete')
  })

  it.each(SEEDS.slice(0, 10))(
    'names and counts what is malformed in fleet %i, and judges the rest alike',
    async (seed) => {
      const oracle = generateFleet(seed, { malformed: true })
      const expected = expectAudit(oracle)
      const delivered = await auditFleet(oracle.fleet, oracle.asOf, oracle.policy)
      expect(compareAudit(expected, delivered)).toEqual([])
      expect(expected.malformed).toBeGreaterThan(0)
      expect(delivered.summary['verdict']).toBe('incomplete')
    },
  )
})
