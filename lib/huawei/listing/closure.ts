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

/** Checks the distinct rows against the counts up to the horizon: nothing counted at the end may be unseen. */
export function checkCounts<Row>(session: Session<Row>, { before, after }: Bounds): void {
  if (before === undefined || after === undefined) {
    session.doubt(
      'The API did not count its backups before and after, so nothing shows that the list is whole.',
    )
    return
  }
  const { least, most } = seenUpToHorizon(session)
  const counted = `${before} were counted before, ${after} after`
  if (most < after) session.doubt(`Only ${most} distinct backups were listed up to the horizon; ${counted}.`)
  if (least - session.register.recent > before)
    session.doubt(`${least} distinct backups were listed up to the horizon; ${counted}.`)
  else if (least > before)
    session.note(`${least - before} backups became visible during the run, which had been created before it.`)
}

/** The same for a list read without filters, where rows beyond the horizon are counted too. */
export function checkUnfiltered<Row>(
  session: Session<Row>,
  { before, after }: Bounds,
  isRising: boolean,
): void {
  if (before === undefined || after === undefined) {
    session.doubt(
      'The API did not count its backups before and after, so nothing shows that the list is whole.',
    )
    return
  }
  const { distinct, later, recent } = session.register
  const counted = `${before} were counted before, ${after} after`
  if (distinct - recent > before) session.doubt(`${distinct} distinct backups were listed; ${counted}.`)
  // Without an order only a list that stood still can be shown to be whole.
  if (!isRising && (before !== after || distinct + later !== after))
    session.doubt(
      `The API neither filters nor sorts as asked: ${distinct + later} distinct backups; ${counted}.`,
    )
}
