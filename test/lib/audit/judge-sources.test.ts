import { describe, expect, it } from 'vitest'
import { createAudit } from '../../../lib/audit/audit.ts'
import { conclude } from '../../../lib/audit/conclude.ts'
import { CONTROLS } from '../../../lib/audit/controls/index.ts'
import { judgeSources } from '../../../lib/audit/judge-sources.ts'
import { mergeFindings } from '../../../lib/audit/merge-findings.ts'
import { defaultPolicy } from '../../../lib/audit/policy.ts'
import type { Finding } from '../../../lib/audit/record.ts'
import type { Observation, Target } from '../../../lib/backup.ts'
import type { Source } from '../../../lib/scan.ts'
import { allOf } from '../../support/sample-record.ts'
import { findingsOf } from './findings-of.ts'
import { AS_OF, cbrBackup } from './samples.ts'

const TERMS = { auditId: 'audit-1', asOf: AS_OF, policy: defaultPolicy, controls: CONTROLS }
const HOOKS = { onProgress: () => {}, onScanned: () => {} }

describe('judging sources', () => {
  it('sets findings aside before they are too many to hold, and loses none of them', async () => {
    const pages = ['north', 'south'].map((region) => failedPages(region, 16))
    const runs: (readonly Finding[])[] = []
    const { part, outcomes } = await judgeSources(pages.map(sourceOf), TERMS, HOOKS, async (lines) => {
      runs.push(Array.from(lines, (line) => JSON.parse(line)))
    })
    expect(outcomes.map(({ report }) => report.region)).toEqual(['north', 'south'])
    const lengths = runs.map(({ length }) => length)
    expect(Math.max(...lengths)).toBeLessThan(12_000)
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(32_000)
    expect([...part.findings]).toEqual([])

    const audit = createAudit(TERMS)
    for (const page of pages.flat()) audit.observe(page)
    const whole = conclude(audit.part(), {
      ...TERMS,
      brokeOff: () => false,
      unreadOutside: () => undefined,
      isUnreadIn: () => false,
    })
    const rest = conclude(part, {
      ...TERMS,
      brokeOff: () => false,
      unreadOutside: () => undefined,
      isUnreadIn: () => false,
    })
    const joined = await allOf(mergeFindings([...rest.findings, ...runs]))
    expect(JSON.stringify(joined)).toBe(JSON.stringify(findingsOf(whole)))
  })

  it('reads on while findings are set aside, until there are too many again, of which it then takes fewer', async () => {
    const source = sourceOf(failedPages('north', 40))
    let observed = 0
    const seen: number[] = []
    const counting: Source = {
      ...source,
      scan: (...about) => {
        const scan = source.scan(...about)
        const pages = async function* () {
          for await (const page of scan) {
            observed += 1
            yield page
          }
        }
        return { [Symbol.asyncIterator]: pages, outcome: scan.outcome }
      },
    }
    await judgeSources([counting], TERMS, HOOKS, async () => {
      seen.push(observed)
      await new Promise((resolve) => setTimeout(resolve, 50))
      seen.push(observed)
    })
    expect(seen).toEqual([9, 16, 16, 23, 23, 30, 30, 37, 37, 40, 40, 40])
  })

  it('fails where findings cannot be set aside', async () => {
    const full = async () => {
      throw new Error('the disk is full')
    }
    for (const pages of [9, 16])
      await expect(judgeSources([sourceOf(failedPages('north', pages))], TERMS, HOOKS, full)).rejects.toThrow(
        'the disk is full',
      )
  })
})

/** Pages of a thousand backups that have failed. */
function failedPages(region: string, pages: number): readonly (readonly Observation[])[] {
  return Array.from({ length: pages }, (_, page) =>
    Array.from({ length: 1000 }, (_, row) => {
      const id = `${region}-${page}-${row}`
      return { kind: 'backup', backup: cbrBackup({ region, id, resourceId: region, status: 'error' }) }
    }),
  )
}

function sourceOf(pages: readonly (readonly Observation[])[]): Source {
  const [first] = pages.flat()
  const region = first?.kind === 'backup' ? first.backup.region : ''
  const target: Target = { service: 'cbr', region, projectId: 'project-1' }
  return {
    target,
    scan: () => ({
      async *[Symbol.asyncIterator]() {
        yield* pages
      },
      outcome: () => ({
        report: {
          region,
          project_id: 'project-1',
          service: 'cbr',
          listed: 0,
          distinct: 0,
          duplicates: 0,
          count_before: 0,
          count_after: 0,
          requests: 0,
          verdict: 'complete',
          note: null,
        },
        incompleteBecause: [],
        unread: [],
        fault: undefined,
      }),
    }),
  }
}
