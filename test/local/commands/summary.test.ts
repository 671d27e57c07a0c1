import { stripVTControlCharacters } from 'node:util'
import { expect, it } from 'vitest'
import type { Summary } from '../../../lib/audit/record.ts'
import { describeSummary } from '../../../local/commands/summary.ts'
import { record, resource } from '../../support/sample-record.ts'

const MISSING = 'recovery-point-missing'

/** The first line of what an audit of so many resources says. */
function answerOf(
  resources: number,
  own: Partial<Summary> = {},
  missing = 0,
  impossible = 0,
): string | undefined {
  const { summary } = record(
    [],
    Array.from({ length: resources }, () => resource()),
    own,
  )
  const findings = { ...summary.findings, by_control: { [MISSING]: missing } }
  const lines = stripVTControlCharacters(
    describeSummary({ summary: { ...summary, findings }, worst: [], impossible }),
  ).split('\n')
  return lines.find((line) => /restore|that could be read/.test(line))
}

const unknownOf = (count: number) => ({
  unknown: { total: count, by_control: { [MISSING]: count }, because: [] },
})

it.each([
  ['Every resource could be restored.', 9, {}, 0],
  ['Every resource could be restored, but for 2 of 9 that cannot be backed up at all.', 9, {}, 0, 2],
  ['Nothing could be restored: no resource here can be backed up at all.', 9, {}, 0, 9],
  ['3 of 9 resources could not be restored.', 9, {}, 3],
  [
    'Whether everything could be restored is not known: in 2 cases Huawei did not say enough.',
    9,
    unknownOf(2),
    0,
  ],
  [
    'Whether everything could be restored is not known: in 1 case Huawei did not say enough.',
    0,
    unknownOf(1),
    0,
  ],
  ['There is nothing to restore: the targets hold not one protected resource.', 0, {}, 0],
  [
    'No resource without a recovery point among the 9 that could be read.',
    9,
    { verdict: 'incomplete' as const, incomplete_because: ['page 7 failed'] },
    0,
  ],
])(
  'an audit says "%s" of %i resources where that is what was shown',
  (sentence, resources, own, missing, impossible = 0) => {
    expect(answerOf(resources, own, missing, impossible)).toBe(sentence)
  },
)

it('says of an audit that was compared with none just that, for it need not be the first', () => {
  const { summary } = record([], [])
  expect(describeSummary({ summary, worst: [], impossible: 0 })).toContain(
    '\nCompared with no earlier audit: every finding is new.\n',
  )
})

it('names beside what could not be restored what cannot be backed up at all', () => {
  const { summary } = record([], [], { resources: 9 })
  const findings = { ...summary.findings, by_control: { [MISSING]: 3 } }
  const text = describeSummary({ summary: { ...summary, findings }, worst: [], impossible: 2 })
  expect(stripVTControlCharacters(text)).toMatch(
    /^3 of 9 resources could not be restored\.\n2 more cannot be backed up at all\.\n/,
  )
})
