import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../lib/audit/record.ts'
import { openSpilledFindings } from '../../../lib/report/spilled-findings.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { allOf, finding } from '../../support/sample-record.ts'
import { streamed } from '../../support/streamed.ts'

const RUNS = [
  [finding({ finding_id: '01' }), finding({ finding_id: '03', resource_name: 'Größe 备份\u2028"' })],
  [finding({ finding_id: '02', muted: true, mute_reason: 'known' })],
]

describe('findings kept aside', () => {
  it('come back as they were, run by run, as often as they are asked for', async () => {
    const aside = openSpilledFindings(createMemoryStore(), 'audit-1', 'run1')
    for (const run of RUNS) await aside.add(linesOf(run))
    for (const _again of [1, 2])
      expect(await Promise.all(aside.runs().map((run) => allOf(run)))).toEqual(RUNS)
  })

  it('lie under parts/ of their audit under names of their run, and are gone in the end', async () => {
    const store = createMemoryStore()
    const [one, other] = ['run1', 'run2'].map((run) => openSpilledFindings(store, 'audit-1', run))
    for (const run of RUNS) await one?.add(linesOf(run))
    await other?.add(linesOf(RUNS[1]))
    expect([...store.objects.keys()].sort()).toEqual([
      'audit-1/parts/findings-run1-0.ndjson',
      'audit-1/parts/findings-run1-1.ndjson',
      'audit-1/parts/findings-run2-0.ndjson',
    ])
    await one?.remove()
    expect([...store.objects.keys()]).toEqual(['audit-1/parts/findings-run2-0.ndjson'])
  })

  it('are refused where somebody changed them meanwhile', async () => {
    const store = createMemoryStore()
    const aside = openSpilledFindings(store, 'audit-1', 'run1')
    await aside.add(linesOf(RUNS[0]))
    const key = 'audit-1/parts/findings-run1-0.ndjson'
    store.objects.set(key, Buffer.from(store.objects.get(key)?.toString().replace('web-01', 'web-02') ?? ''))
    const [run] = aside.runs()
    await expect(allOf(run ?? streamed([]))).rejects.toThrow('it is damaged')
  })

  it('by several targets at the same time are all kept', async () => {
    const aside = openSpilledFindings(createMemoryStore(), 'audit', 'run')
    await Promise.all(['a', 'b', 'c'].map((finding_id) => aside.add(linesOf([finding({ finding_id })]))))
    const read = await Promise.all(aside.runs().map(allOf))
    expect(
      read
        .flat()
        .map(({ finding_id }) => finding_id)
        .sort(),
    ).toEqual(['a', 'b', 'c'])
  })
})

function linesOf(run: readonly Finding[] = []): string[] {
  return run.map((each) => JSON.stringify(each))
}
