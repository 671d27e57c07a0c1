import { describe, expect, it } from 'vitest'
import { rowsByOffset } from '../../../lib/huawei/rows-by-offset.ts'
import { allOf } from '../../support/sample-record.ts'

const rows = Array.from({ length: 7 }, (_, index) => ({ id: `row-${index}` }))

describe('rows by offset', () => {
  it('are all of them, whatever the length of a page', async () => {
    const readPage = async (offset: number) => rows.slice(offset, offset + 3)
    expect(await allOf(rowsByOffset(readPage))).toEqual(rows)
  })

  it('are not taken for all where the API does not go on', async () => {
    const readPage = async () => rows.slice(0, 3)
    await expect(allOf(rowsByOffset(readPage))).rejects.toThrow('at 3 it begins again')
  })
})
