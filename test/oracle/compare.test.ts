import { describe, expect, it } from 'vitest'
import { compareAudit, type DeliveredAudit } from './compare.ts'
import { expectAudit } from './expect.ts'
import type { ExpectedAudit } from './expected.ts'
import { generateFleet } from './fleet.ts'

const expected = expectAudit(generateFleet(3))
const faithful = deliver(expected)
const [first, second] = faithful.findings

describe('compareAudit', () => {
  it('finds nothing in an audit that says what it must, and more, in any order', () => {
    expect(compareAudit(expected, faithful)).toEqual([])
    const reversed = {
      ...faithful,
      findings: faithful.findings.toReversed(),
      resources: faithful.resources.toReversed(),
    }
    expect(compareAudit(expected, reversed)).toEqual([])
  })

  it('names a finding that is lost, made up or repeated', () => {
    const differences = (findings: readonly unknown[]) => compareAudit(expected, { ...faithful, findings })
    expect(differences(faithful.findings.slice(1))).toEqual([
      expect.stringMatching(/^finding backup-\S+ \S+ \S+ [0-9a-f]{32} \S+: expected, not found$/),
      expect.stringMatching(/^count of finding rows: expected \d+, found \d+$/),
    ])
    expect(differences([...faithful.findings, { ...first, backup_id: 'invented' }])[0]).toMatch(
      /invented: not expected/,
    )
    expect(differences([...faithful.findings, first])[0]).toMatch(/: found 2 times$/)
    expect(differences([...faithful.findings, 'text'])[0]).toMatch(/no row but "text".*not expected/)
  })

  it('names every column that differs, an absent one too', () => {
    const keys = Object.keys(expected.findings[0] ?? {}).filter(
      (key) => !['control', 'service', 'region', 'project_id', 'backup_id'].includes(key),
    )
    for (const key of keys) {
      const without = Object.fromEntries(Object.entries(first ?? {}).filter(([name]) => name !== key))
      for (const changed of [{ ...first, [key]: 'changed' }, without]) {
        const differences = compareAudit(expected, {
          ...faithful,
          findings: [changed, ...faithful.findings.slice(1)],
        })
        expect(differences).toEqual([expect.stringContaining(`: ${key}: expected `)])
      }
    }
    expect(keys.length).toBe(21)
  })

  it('compares the rows of resources likewise', () => {
    const [row, ...others] = faithful.resources
    const differences = compareAudit(expected, {
      ...faithful,
      resources: [{ ...row, copies: 99 }, ...others],
    })
    expect(differences).toEqual([expect.stringMatching(/^resource cbr \S+: copies: expected \d+, found 99$/)])
    expect(compareAudit(expected, { ...faithful, resources: others }).length).toBe(2)
  })

  it.each([
    ['as_of', { as_of: 'now' }],
    ['verdict', { verdict: 'incomplete' }],
    ['backups', { backups: 1 }],
    ['resources', { resources: 1 }],
    ['findings.total', { findings: { ...summaryOf(expected).findings, total: 1 } }],
    ['findings.by_control', { findings: { ...summaryOf(expected).findings, by_control: { other: 1 } } }],
    ['findings.by_severity', { findings: { ...summaryOf(expected).findings, by_severity: {} } }],
    ['unknown.total', { unknown: { ...summaryOf(expected).unknown, total: 1 } }],
    ['unknown.by_control', { unknown: { ...summaryOf(expected).unknown, by_control: undefined } }],
  ])('compares %s of the summary', (name, change) => {
    const summary = { ...summaryOf(expected), ...change }
    const differences = compareAudit(expected, { ...faithful, summary })
    expect(differences[0]).toContain(`summary: ${name}`)
    expect(differences.every((one) => one.startsWith(`summary: ${name}`))).toBe(true)
  })

  it('takes a control that is not mentioned for one with nothing found', () => {
    const empty: ExpectedAudit = { ...expected, findings: [] }
    const summary = { ...summaryOf(empty), findings: { total: 0, by_control: {}, by_severity: {} } }
    expect(compareAudit(empty, { ...deliver(empty), summary })).toEqual([])
  })

  it('expects an incomplete audit where records are malformed', () => {
    const differences = compareAudit({ ...expected, malformed: 2 }, faithful)
    expect(differences).toEqual(['summary: verdict: expected "incomplete", found "complete"'])
  })

  it('has two different findings to work on', () => {
    expect(first).not.toEqual(second)
  })
})

function deliver(audit: ExpectedAudit): DeliveredAudit & { findings: object[]; resources: object[] } {
  return {
    findings: audit.findings.map((finding) => ({
      finding_id: 'f',
      because: 'text',
      ...finding,
      remedy: 'text',
    })),
    resources: audit.resources.map((row) => ({ ...row })),
    summary: summaryOf(audit),
  }
}

function summaryOf(audit: ExpectedAudit) {
  const tally = (values: readonly string[]) => {
    const counts: Record<string, number> = {}
    for (const value of values) counts[value] = (counts[value] ?? 0) + 1
    return counts
  }
  return {
    as_of: audit.as_of,
    verdict: 'complete',
    backups: audit.backups,
    resources: audit.resources.length,
    findings: {
      total: audit.findings.length,
      by_control: tally(audit.findings.map((finding) => finding.control)),
      by_severity: tally(audit.findings.map((finding) => finding.severity)),
      muted: 0,
    },
    unknown: { total: Object.values(audit.unknown).reduce((a, b) => a + b, 0), by_control: audit.unknown },
  }
}
