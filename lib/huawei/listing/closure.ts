import type { Session } from './session.ts'
import { describe } from './window.ts'

/** So many rows of a page are more than came and went between two requests for one row. */
const MANY = 10

/** The counts that the distinct rows must fit between; undefined where the API gave none. */
export interface Bounds {
  readonly before: number | undefined
  readonly after: number | undefined
}

/**
 * The distinct rows that a count of the settled ones may mean: with or without the last settled second, because it
 * is undocumented whether `end_time` is inside. Rows without a time that the filters showed may be counted too.
 */
export function seenSettled<Row>({ register: { tally } }: Session<Row>): {
  readonly least: number
  readonly most: number
} {
  const least = tally.beforeSettledSecond
  return { least, most: least + tally.inSettledSecond + tally.undated }
}

/**
 * Checks the distinct settled rows against counts of them: nobody joins them, so none may be seen that was not counted
 * at the beginning, and none counted at the end that was not seen. What is younger has no such bounds, for it may still
 * become visible; it is read twice, and each page that ends a reading holds what it counts.
 */
export function checkCounts<Row>(session: Session<Row>, settled: Bounds, unfiltered: Bounds): void {
  // Asked for one row, the API counts one: it counts its pages.
  const { countsTell, longestPage } = session.learnt
  const isOfPages = !countsTell && longestPage >= MANY
  if (isOfPages || !isCounted(settled) || !isCounted(unfiltered)) {
    session.doubt(UNCOUNTED)
    return
  }
  const { least, most } = seenSettled(session)
  const { before, after } = settled
  const created = `distinct backups created ${describe({ from: undefined, to: session.settledSecond })}`
  const counted = `${before} were counted before, ${after} after`
  if (most < after) session.doubt(`Only ${most} ${created} were listed; ${counted}.`)
  if (least > before) session.doubt(`${least} ${created} were listed; ${counted}.`)
  if (unfiltered.before < Math.max(before, least) || unfiltered.after < after)
    session.doubt(
      `The API counted fewer backups without a filter (${unfiltered.before} before, ${unfiltered.after} after) than the ${least} ${created} that were listed; of those ${counted}.`,
    )
}

/** The same for a list read without filters, where rows beyond the horizon are counted too. */
export function checkUnfiltered<Row>(session: Session<Row>, unfiltered: Bounds, isRising: boolean): void {
  if (!isCounted(unfiltered)) {
    session.doubt(UNCOUNTED)
    return
  }
  const { before, after } = unfiltered
  const { distinct, later } = session.register.tally
  const counted = `${before} were counted before, ${after} after`
  if (distinct > Math.max(before, after))
    session.doubt(`${distinct} distinct backups were listed; ${counted}.`)
  // Only where as many were deleted unread as were made behind those that were read: not to be told from rows that are missing.
  else if (isRising && distinct + later < Math.min(before, after))
    session.doubt(`Only ${distinct + later} distinct backups were listed without filters; ${counted}.`)
  // Without an order only a list that stood still can be shown to be whole.
  if (!isRising && (before !== after || distinct + later !== after))
    session.doubt(
      `The API neither filters nor sorts as asked: ${distinct + later} distinct backups; ${counted}.`,
    )
}

const UNCOUNTED =
  'The API did not count its backups before and after, so nothing shows that the list is whole.'

function isCounted(bounds: Bounds): bounds is { readonly before: number; readonly after: number } {
  return bounds.before !== undefined && bounds.after !== undefined
}
