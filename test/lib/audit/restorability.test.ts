import { expect, it } from 'vitest'
import type { Summary } from '../../../lib/audit/record.ts'
import { isImpossible, restorabilityOf } from '../../../lib/audit/restorability.ts'
import { record, resource } from '../../support/sample-record.ts'

const MISSING = 'recovery-point-missing'

function summaryOf(resources: number, own: Partial<Summary>, missing: number, cases: number): Summary {
  const rows = Array.from({ length: resources }, () => resource())
  const { summary } = record([], rows, own)
  return {
    ...summary,
    findings: { ...summary.findings, by_control: { [MISSING]: missing } },
    unknown: { ...summary.unknown, by_control: { [MISSING]: cases } },
  }
}

const none = { impossible: 0, unknown: 0 }
const incomplete = { verdict: 'incomplete', incomplete_because: ['page 7 failed'] } as const

it.each([
  ['every doubt at once', summaryOf(9, incomplete, 3, 2), none, { kind: 'incomplete', missing: 3, cases: 2 }],
  ['one that lacks a point', summaryOf(9, {}, 3, 2), none, { kind: 'lacking', missing: 3 }],
  ['a case not judged', summaryOf(0, {}, 0, 2), none, { kind: 'unknown', cases: 2, resources: 0 }],
  [
    'a resource that nothing is known of',
    summaryOf(9, {}, 0, 0),
    { impossible: 0, unknown: 1 },
    { kind: 'unknown', cases: 0, resources: 1 },
  ],
  ['nothing', summaryOf(0, {}, 0, 0), none, { kind: 'empty' }],
  [
    'none that can be backed up',
    summaryOf(9, {}, 0, 0),
    { impossible: 9, unknown: 0 },
    { kind: 'impossible' },
  ],
  [
    'some that can, each with a point',
    summaryOf(9, {}, 0, 0),
    { impossible: 2, unknown: 0 },
    { kind: 'yes', able: 7, impossible: 2 },
  ],
])('of %s it decides the gravest case', (_, summary, counts, expected) => {
  expect(restorabilityOf(summary, counts)).toEqual(expected)
})

it('is impossible for a resource only where it is said so, and nothing of it could be restored', () => {
  const of = (can: boolean | null, usable: number) => ({ ...resource(), can_be_backed_up: can, usable })
  expect([of(false, 0), of(false, 1), of(null, 0), of(true, 0)].map(isImpossible)).toEqual([
    true,
    false,
    false,
    false,
  ])
})
