import { readBackward } from './backward.ts'
import type { Batch } from './batch.ts'
import { EVER, type Probe, probe } from './probe.ts'
import type { Session } from './session.ts'

const MAX_COMPARISONS = 6

/**
 * Finds the rows that every time filter hides because they have no creation time. They stand at one end of the
 * unfiltered list, where the probes met them; should they stand elsewhere, the counts with and without a filter
 * differ, and go on differing however the collection moves. Where the list has no order, nothing but equal counts
 * or a whole reading without a filter shows that there are none.
 */
export async function* readUndated<Row>(
  session: Session<Row>,
  ends: { readonly asc: Probe; readonly desc: Probe; readonly upToHorizon: number | undefined },
): AsyncGenerator<Batch<Row>> {
  if (ends.asc.isUndated) yield* readEnd(session, 'asc')
  if (ends.desc.isUndated) yield* readEnd(session, 'desc')
  if (ends.desc.count === ends.upToHorizon) return
  const { least, most } = await countHidden(session, ends.desc.count)
  if (session.sortIgnored ? most <= 0 : least <= 0) return
  const seen = session.register.distinct
  const { isAgreed } = yield* readBackward(session, [], 'created_at:asc')
  const missing = least - (session.register.distinct - seen)
  if (missing > 0 || !isAgreed)
    session.doubt(
      `The API counts backups that no time filter shows (${Math.max(missing, most)} at most), and no listing without a filter was shown to hold them all.`,
    )
}

/** Rows without a time, from one end of the unfiltered list to the first row that has one. */
async function* readEnd<Row>(session: Session<Row>, direction: 'asc' | 'desc'): AsyncGenerator<Batch<Row>> {
  for (let offset = 0; ; ) {
    const page = await session.ask([
      ['sort', `created_at:${direction}`],
      ['offset', String(offset)],
    ])
    const { fresh, news } = session.take(page)
    yield fresh
    if (offset === 0 && page.times.length === page.rows.length)
      session.doubt(
        'A backup without a creation time was seen at the end of the list, and was not there to be read.',
      )
    if (news === 0 || page.times.length > 0) return
    offset += page.rows.length
  }
}

/**
 * How many rows, beyond the undated ones found, the time filters hide, by counts with and without a filter in turn.
 * Movement between two counts blurs them: the least difference and the greatest are what can be said.
 */
async function countHidden<Row>(
  session: Session<Row>,
  unfiltered: number | undefined,
): Promise<{ readonly least: number; readonly most: number }> {
  let [least, most] = [Number.POSITIVE_INFINITY, 0]
  let all = unfiltered
  for (let round = 0; round < MAX_COMPARISONS && least > 0; round += 1) {
    const dated = (await probe(session, 'desc', EVER))?.count
    const next = (await probe(session, 'desc'))?.count
    for (const count of [all, next]) {
      // Where nothing at all is counted, though rows were listed, something slipped.
      if (!count || dated === undefined) continue
      const hidden = count - dated - session.register.undated
      least = Math.min(least, hidden)
      most = Math.max(most, hidden)
    }
    all = next
  }
  return { least: Number.isFinite(least) ? Math.max(0, least) : 0, most }
}
