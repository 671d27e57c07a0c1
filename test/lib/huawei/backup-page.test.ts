import { describe, expect, it } from 'vitest'
import { cbrPageRequest, dcsPageRequest, readCbrPage, readDcsPage } from '../../../lib/huawei/backup-page.ts'
import { respond } from '../../support/responses.ts'

const ADDRESS = { origin: 'https://cbr.example.com', projectId: 'project' }
const rowsOf = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `b${index}` }))

/** Where the page behind that of so many rows begins, by what Huawei calls their total; undefined where there is none. */
function nextOfCbr(rows: number, count: unknown): string | undefined {
  const request = cbrPageRequest(ADDRESS, [
    ['limit', '10'],
    ['offset', '20'],
  ])
  return readCbrPage(request, respond(200, { backups: rowsOf(rows), count })).next?.value
}

function nextOfDcs(rows: number, total: unknown): string | undefined {
  const request = dcsPageRequest(ADDRESS, 'instance', [
    ['limit', '10'],
    ['offset', '20'],
  ])
  return readDcsPage(request, respond(200, { backup_record_response: rowsOf(rows), total_num: total })).next
    ?.value
}

describe('a page', () => {
  it('is the last one where its end is that of the list', () => {
    expect(nextOfCbr(10, 30)).toBeUndefined()
    expect(nextOfCbr(10, 31)).toBe('30')
    expect(nextOfDcs(10, 30)).toBeUndefined()
    expect(nextOfDcs(10, 31)).toBe('30')
  })

  it('is not the last one where Huawei counts fewer than came, or does not count', () => {
    expect(nextOfCbr(10, 29)).toBe('30')
    expect(nextOfCbr(5, undefined)).toBe('25')
    expect(nextOfDcs(10, 29)).toBe('30')
    expect(nextOfDcs(5, 24)).toBe('25')
    expect(nextOfDcs(5, 2)).toBe('25')
    expect(nextOfDcs(5, undefined)).toBe('25')
  })

  it('is the last one where it is empty, whatever Huawei counts', () => {
    for (const total of [0, 20, 1000, undefined]) {
      expect(nextOfCbr(0, total)).toBeUndefined()
      expect(nextOfDcs(0, total)).toBeUndefined()
    }
  })

  it('of DCS whose total counts its rows is the last one where it is not full', () => {
    expect(nextOfDcs(10, 10)).toBe('30')
    expect(nextOfDcs(5, 5)).toBeUndefined()
  })
})
