import { describe, expect, it } from 'vitest'
import type { Summary } from '../../../../lib/audit/record.ts'
import { answer } from '../../../../lib/report/html/answer.ts'
import { record, resource } from '../../../support/sample-record.ts'

const none = { missing: 0, stale: 0, unknown: 0, impossible: 0, ready: 0 }

function summary(
  resources: number,
  byControl: Record<string, number> = {},
  own: Partial<Summary> = {},
): Summary {
  const rows = Array.from({ length: resources }, () => resource())
  const { summary: plain } = record([], rows, own)
  return { ...plain, findings: { ...plain.findings, by_control: byControl } }
}

describe('the answer', () => {
  it('is yes only where every resource has a usable recovery point', () => {
    expect(answer(summary(212), { ...none, ready: 212 })).toEqual({
      tone: 'yes',
      headline: 'Yes.',
      sentence: 'All 212 resources have a usable recovery point.',
      reasons: [],
      also: [],
    })
  })

  it('is no where one has none, and counts', () => {
    const { tone, sentence, also } = answer(
      summary(212, { 'recovery-point-missing': 3, 'recovery-point-stale': 1 }),
      { ...none, missing: 3, stale: 1, ready: 208 },
    )
    expect(tone).toBe('no')
    expect(sentence).toBe('3 of 212 resources have no usable recovery point.')
    expect(also).toEqual(['1 resource could be restored only to a point older than the policy allows.'])
  })

  it('is unknown, with the reasons, where the audit is incomplete, whatever was found', () => {
    const incomplete = { verdict: 'incomplete', incomplete_because: ['page 7 failed'] } as const
    const { tone, headline, reasons, also } = answer(
      summary(212, { 'recovery-point-missing': 1 }, incomplete),
      { ...none, missing: 1, ready: 211 },
    )
    expect([tone, headline, reasons]).toEqual(['unknown', 'We do not know.', ['page 7 failed']])
    expect(also[0]).toBe('What was read suffices to say: 1 of 212 resources has no usable recovery point.')
    expect(answer(summary(9, {}, incomplete), { ...none, ready: 9 }).tone).toBe('unknown')
  })

  it('is unknown where Huawei did not say enough of one', () => {
    const { tone, sentence } = answer(summary(9), { ...none, unknown: 1, ready: 8 })
    expect([tone, sentence]).toEqual(['unknown', 'Huawei Cloud did not say enough of 1 of 9 resources.'])
  })

  it('is unknown where a vault does not say what it holds, which has no row', () => {
    const { unknown } = summary(9)
    const blind = { unknown: { ...unknown, total: 1, by_control: { 'recovery-point-missing': 1 } } }
    for (const resources of [9, 0]) {
      const { tone, sentence } = answer(summary(resources, {}, blind), { ...none, ready: resources })
      expect([tone, sentence]).toEqual([
        'unknown',
        'Huawei Cloud did not say of every vault what it holds, or of every backup what it is of.',
      ])
    }
  })

  it('is not yes where there is nothing, and claims nothing of what cannot be backed up', () => {
    expect(answer(summary(0), none).headline).toBe('There is nothing to restore.')
    const { sentence, also } = answer(summary(9), { ...none, impossible: 2, ready: 7 })
    expect(sentence).toBe('All 7 resources that can be backed up have a usable recovery point.')
    expect(also).toEqual(['2 resources cannot be backed up at all, and have no recovery point.'])
  })
})
