import type { Learnt } from './learnt.ts'
import type { Page } from './listing.ts'

/** Learns from a page what the API makes of `limit`, and whether its counts can be believed. */
export function learnFrom(
  { rows, count, limit: told }: Page<unknown>,
  learnt: Learnt,
  limit: number,
  offset: number,
): void {
  learnt.longestPage = Math.max(learnt.longestPage, rows.length)
  if (told !== undefined && told < limit) learnt.cutShort = true
  if (count === undefined) return
  if (limit === 1 && count > 1) learnt.countsTell = true
  if (offset === 0 && count < rows.length) learnt.countsLied = true
  if (rows.length > 0 && rows.length < limit && rows.length < count - offset) learnt.cutShort = true
}
