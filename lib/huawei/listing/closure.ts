import type { Session } from './session.ts'

/** The counts that the distinct rows must fit between; undefined where the API gave none. */
export interface Bounds {
  readonly before: number | undefined
  readonly after: number | undefined
}

/**
 * The distinct rows that a count up to the horizon may mean: with or without the horizon's own second, because it
 * is undocumented whether `end_time` is inside. Rows without a time that the filters showed may be counted too.
 */
export function seenUpToHorizon<Row>({ register }: Session<Row>): {
  readonly least: number
  readonly most: number
} {
  const least = register.beforeHorizonSecond
  return { least, most: least + register.inHorizonSecond + register.undated }
}

/**
 * Checks the distinct rows against two counts: nothing counted at the end may be unseen, and nothing may be seen that
 * was not counted, but for rows made shortly before the horizon that the later count shows too.
 */
export function checkCounts<Row>(
  session: Session<Row>,
  upToHorizon: Bounds & { readonly latest: number | undefined },
  unfiltered: Bounds,
): void {
  const { least, most } = seenUpToHorizon(session)
  if (!isCounted(upToHorizon) || !isCounted(unfiltered)) {
    session.doubt(UNCOUNTED)
    return
  }
  const { before, after } = upToHorizon
  const counted = `${before} were counted before, ${after} after`
  if (most < after) session.doubt(`Only ${most} distinct backups were listed up to the horizon; ${counted}.`)
  const isLate =
    least <= Math.max(after, upToHorizon.latest ?? 0) && least - session.register.recent <= before
  if (least > before && !isLate)
    session.doubt(`${least} distinct backups were listed up to the horizon; ${counted}.`)
  if (least > before && isLate)
    session.note(`${least - before} backups that had been created before the run became visible during it.`)
  if ((unfiltered.before === 0 && before > 0) || (unfiltered.after === 0 && after > 0))
    session.doubt(`The API counted nothing at all without a filter, but up to the horizon ${counted}.`)
  if (least > Math.max(unfiltered.before, unfiltered.after))
    session.doubt(
      `${least} distinct backups were listed, more than the API counted without a filter (${unfiltered.before} before, ${unfiltered.after} after).`,
    )
}

/** The same for a list read without filters, where rows beyond the horizon are counted too. */
export function checkUnfiltered<Row>(session: Session<Row>, unfiltered: Bounds, isRising: boolean): void {
  if (!isCounted(unfiltered)) {
    session.doubt(UNCOUNTED)
    return
  }
  const { before, after } = unfiltered
  const { distinct, later } = session.register
  const counted = `${before} were counted before, ${after} after`
  if (distinct > Math.max(before, after))
    session.doubt(`${distinct} distinct backups were listed; ${counted}.`)
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
