import { describe, expect, it } from 'vitest'
import { keepFindingsAside } from '../../../lib/report/findings-aside.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { allOf, finding } from '../../support/sample-record.ts'

describe('findings that are put aside', () => {
  it('by several targets at the same time are all kept, and taken away in the end', async () => {
    const store = createMemoryStore()
    const aside = keepFindingsAside(store, 'audit', 'run')
    const runs = ['a', 'b', 'c'].map((finding_id) => [finding({ finding_id })])
    await Promise.all(runs.map(aside.add))
    const read = await Promise.all(aside.runs().map(allOf))
    expect(
      read
        .flat()
        .map(({ finding_id }) => finding_id)
        .sort(),
    ).toEqual(['a', 'b', 'c'])
    await aside.remove()
    expect(await allOf(store.names('audit/parts/'))).toEqual([])
  })
})
