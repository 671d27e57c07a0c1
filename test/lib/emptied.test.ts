import { describe, expect, it } from 'vitest'
import { emptied } from '../../lib/emptied.ts'

describe('Arrays that are emptied', () => {
  it('are whole while they are looked at, and empty when the next one is asked for', async () => {
    const arrays = [[1, 2], [], [3]]
    const seen: number[][] = []
    for await (const array of emptied(each(arrays))) seen.push([...array])
    expect(seen).toEqual([[1, 2], [], [3]])
    expect(arrays).toEqual([[], [], []])
  })

  it('end what they come from where somebody stops early', async () => {
    const ended: string[] = []
    const source = (async function* () {
      try {
        yield [1]
        yield [2]
      } finally {
        ended.push('the source')
      }
    })()
    for await (const array of emptied(source)) if (array.length > 0) break
    expect(ended).toEqual(['the source'])
  })
})

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}
