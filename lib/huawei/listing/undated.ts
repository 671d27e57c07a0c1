import { readBackward } from './backward.ts'
import { EVER, type Probe, probe } from './probe.ts'
import type { Session } from './session.ts'

const MAX_COMPARISONS = 6

/**
 * Finds the rows that every time filter hides because they have no creation time. They stand at one end of the
 * unfiltered list, where the probes met them; should they stand elsewhere, the counts with and without a filter
 * differ, and go on differing however the collection moves.
 */
export async function* readUndated<Row>(
  session: Session<Row>,
  ends: { readonly asc: Probe; readonly desc: Probe; readonly upToHorizon: number | undefined },
): AsyncGenerator<readonly Row[]> {
  if (ends.asc.isUndated) yield* readEnd(session, 'asc')
  if (ends.desc.isUndated) yield* readEnd(session, 'desc')
  if (ends.desc.count === ends.upToHorizon) return
  if ((await countHidden(session, ends.desc.count)) <= 0) return
  const seen = session.register.distinct
  yield* readBackward(session, [], 'created_at:asc')
  const hidden = await countHidden(session, undefined)
  const found = session.register.distinct - seen
  if (hidden > found)
    session.doubt(
      `The API counts ${hidden - found} backups that no time filter shows, and no listing without one found them.`,
    )
}

/** Rows without a time, from one end of the unfiltered list to the first row that has one. */
async function* readEnd<Row>(
  session: Session<Row>,
  direction: 'asc' | 'desc',
): AsyncGenerator<readonly Row[]> {
  for (let offset = 0; ; ) {
    const page = await session.ask([
      ['sort', `created_at:${direction}`],
      ['offset', String(offset)],
    ])
    const { fresh, news } = session.take(page)
    yield fresh
    if (news === 0 || page.times.length > 0) return
    offset += page.rows.length
  }
}

/** How many rows, beyond the undated ones found, the time filters hide at least; 0 as soon as one comparison says so. */
async function countHidden<Row>(session: Session<Row>, unfiltered: number | undefined): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  let all = unfiltered
  for (let round = 0; round < MAX_COMPARISONS && least > 0; round += 1) {
    const dated = (await probe(session, 'desc', EVER))?.count
    if (dated === undefined) return 0
    // A count taken before and one taken after: where the list only grows or only shrinks, one of them shows it.
    if (all !== undefined) least = Math.min(least, all - dated - session.register.undated)
    if (least <= 0) return 0
    all = (await probe(session, 'desc'))?.count
    if (all !== undefined) least = Math.min(least, all - dated - session.register.undated)
  }
  return Math.max(0, least)
}
