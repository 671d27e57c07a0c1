import { parseTime } from './parse-time.ts'

const STAMP = /^(\d{4})(-\d{2}-\d{2})([T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)(?:Z|[+-]\d{2}:?\d{2})$/i

/** What is wrong with a text that is to be a time with a zone; undefined where nothing is. */
export function mistakeInZonedTime(text: string): string | undefined {
  const [, year = '', day = '', clock = ''] = STAMP.exec(text) ?? []
  if (year === '') return 'it is no time with a zone'
  if (parseTime(text) !== undefined) return undefined
  if (Number(year) < 1000) return 'years from 1000 to 9999 are allowed'
  if (parseTime(year + day) === undefined) return 'there is no such day'
  return parseTime(year + day + clock) === undefined
    ? 'there is no such time of day'
    : 'there is no such zone'
}
