import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backupErrored } from '../../../lib/audit/controls/backup-errored.ts'
import { type EarlierAudit, withDelta } from '../../../lib/audit/delta.ts'
import { backupFinding } from '../../../lib/audit/finding.ts'
import type { Finding } from '../../../lib/audit/record.ts'
import { cbrBackup, hoursAgo, terms } from './samples.ts'

/** A finding of a one-letter id in a region. */
function finding(id: string, region = 'r'): Finding {
  const failure = { outcome: 'fail', because: '' } as const
  const row = backupFinding(backupErrored, failure, cbrBackup({ region }), { ...terms(), auditId: 'a' })
  return { ...row, finding_id: id }
}

async function* stream<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items
}

/** An earlier audit that found some ids first at its own moment, and did not read some regions. */
function earlier(auditId: string, ids: string, unread: readonly string[] = [], region = 'r'): EarlierAudit {
  return {
    auditId,
    asOf: hoursAgo(24),
    scanned: (each) => !unread.includes(each.region),
    findings: () => stream([...ids].map((id) => ({ ...finding(id, region), first_seen: auditId }))),
  }
}

async function compare(
  now: readonly Finding[],
  audits: readonly EarlierAudit[],
  unread: readonly string[] = [],
) {
  const compared = withDelta(stream(now), audits, ({ region }) => !unread.includes(region))
  const findings: Finding[] = []
  for await (const each of compared.findings) findings.push(each)
  return {
    said: findings.map(({ finding_id, delta, first_seen }) => `${finding_id} ${delta} ${first_seen}`),
    tally: compared.tally(),
  }
}

const NOW = '2026-11-20T12:00:00.000Z'
const of = (ids: string) => [...ids].map((id) => finding(id))

describe('withDelta', () => {
  it('calls everything new where there is no earlier audit', async () => {
    expect(await compare(of('ab'), [])).toEqual({
      said: [`a new ${NOW}`, `b new ${NOW}`],
      tally: { new: 2, persisting: 0, reopened: 0, resolved: 0, not_scanned: 0 },
    })
  })

  it('tells what stayed, came back, came new and went', async () => {
    const { said, tally } = await compare(of('abcd'), [
      earlier('e0', 'aexz'),
      earlier('e1', 'abx'),
      earlier('e2', 'bc'),
    ])
    expect(said).toEqual(['a persisting e0', 'b reopened e1', 'c reopened e2', `d new ${NOW}`])
    expect(tally).toEqual({ new: 1, persisting: 1, reopened: 2, resolved: 3, not_scanned: 0 })
  })

  it('calls persisting what no audit in between looked for', async () => {
    const last = earlier('e2', 'a')
    expect((await compare(of('a'), [earlier('e0', '', ['r']), earlier('e1', '', ['r']), last])).said).toEqual(
      ['a persisting e2'],
    )
    expect((await compare(of('a'), [earlier('e0', '', ['r']), earlier('e1', ''), last])).said).toEqual([
      'a reopened e2',
    ])
    expect((await compare(of('a'), [earlier('e0', ''), earlier('e1', '', ['r']), last])).said).toEqual([
      'a reopened e2',
    ])
  })

  it('calls nothing resolved that was not looked for', async () => {
    const { tally } = await compare(of('b'), [earlier('e0', 'abc'), earlier('e1', 'z')], ['r'])
    expect(tally).toEqual({ new: 0, persisting: 1, reopened: 0, resolved: 0, not_scanned: 2 })
  })

  it('counts all as gone where nothing is found now', async () => {
    expect((await compare([], [earlier('e0', 'abc')])).tally.resolved).toBe(3)
  })

  it('closes the earlier streams when its reader leaves', async () => {
    let open = 1
    async function* endless() {
      try {
        for (let index = 0; ; index += 1) yield finding(String(index).padStart(9, '0'))
      } finally {
        open -= 1
      }
    }
    const audit = { ...earlier('e0', ''), findings: endless }
    for await (const _ of withDelta(stream(of('0')), [audit], () => true).findings) break
    expect(open).toBe(0)
  })

  it('does what a comparison of whole sets would', async () => {
    const ids = fc
      .uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 8 })
      .map((letters) => letters.sort().join(''))
    const audit = fc.tuple(ids, fc.boolean())
    await fc.assert(
      fc.asyncProperty(ids, fc.array(audit, { maxLength: 4 }), async (now, audits) => {
        const before = audits.map(([found, read], index) => earlier(`e${index}`, found, read ? [] : ['r']))
        const { said, tally } = await compare(of(now), before)
        const expected = [...now].map((id) => {
          const index = audits.findIndex(([found]) => found.includes(id))
          if (index < 0) return `${id} new ${NOW}`
          const looked = audits.slice(0, index).some(([, read]) => read)
          return `${id} ${looked ? 'reopened' : 'persisting'} e${index}`
        })
        expect(said).toEqual(expected)
        expect(tally.resolved).toBe([...(audits[0]?.[0] ?? '')].filter((id) => !now.includes(id)).length)
        expect(tally.new + tally.persisting + tally.reopened).toBe(now.length)
      }),
    )
  })
})
