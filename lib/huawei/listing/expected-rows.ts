import { wholeSecond } from '../../time.ts'
import { askSorted } from './ask-sorted.ts'
import type { Answer } from './listing.ts'
import { nameOf } from './register.ts'
import type { Session } from './session.ts'
import { timeFilter } from './window.ts'

/** An answer may be a slip. */
const ENOUGH = 2
/** Of the settled rows of a page. */
const GOOD_PART = 0.05
/** Which rows are asked about, as shares of all, the last one first. */
const SHARES = [1, 0.5, 0.75, 0.25]

/** A row that the windows should have shown. */
export interface Expected {
  readonly second: number
  readonly name: string
  /** Whether none did. */
  readonly isUnseen: boolean
}

/** The rows of a page that lie inside the audit, and have a time; asked before they are taken into the register. */
export function expectedOf<Row>(session: Session<Row>, { rows, keys }: Answer<Row>): readonly Expected[] {
  return keys.flatMap((key, index): readonly Expected[] => {
    const second = key.createdAt === undefined ? undefined : wholeSecond(key.createdAt)
    if (second === undefined || second >= session.horizonSecond) return []
    const name = nameOf(rows[index], key)
    return [{ second, name, isUnseen: !session.register.knows(name) }]
  })
}

/** The seconds of those rows that no window showed. */
export function unseenSecondsOf(rows: readonly Expected[]): readonly number[] {
  return rows.flatMap(({ isUnseen, second }) => (isUnseen ? [second] : []))
}

/** Whether no window showed a good part of the settled ones; a few may have become visible very late, or come from a replica that lags behind. */
export function areStrangers<Row>({ settledSecond }: Session<Row>, rows: readonly Expected[]): boolean {
  const settled = rows.filter(({ second }) => second < settledSecond)
  const unseen = settled.filter(({ isUnseen }) => isUnseen).length
  return unseen >= ENOUGH && unseen > settled.length * GOOD_PART
}

/** Some of the rows to ask about, of those that no window showed if there are any: they may be hidden, or visible since. */
function suspectsAmong(rows: readonly Expected[]): readonly Expected[] {
  const unseen = rows.filter(({ isUnseen }) => isUnseen)
  const some = unseen.length > 0 ? unseen : rows
  return SHARES.flatMap((share) => some[Math.ceil(some.length * share) - 1] ?? [])
}

/**
 * Whether the filters of a window hide rows that the list without them holds, before they were asked for in their window and behind: two, as
 * an answer may be a slip. Those that are gone meanwhile show nothing.
 */
export async function areHidden<Row>(
  session: Session<Row>,
  rows: readonly Expected[],
  { offset, count = 0 }: { readonly offset: number; readonly count: number | undefined },
): Promise<boolean> {
  let [hidden, gone] = [0, 0]
  for (const { second, name, isUnseen } of suspectsAmong(rows)) {
    const window = await askSorted(session, 0, timeFilter({ from: second, to: second }))
    const isShown = holds(session, window, name)
    // What every window shows needs no second example.
    if (isShown && !isUnseen) return false
    if (isShown || window.rows.length >= session.pageSize) continue
    // What was deleted meanwhile has moved it.
    const again = await askSorted(session, Math.max(0, offset - gone))
    gone = Math.max(0, count - (again.count ?? count))
    if (holds(session, again, name)) hidden += 1
    if (hidden === ENOUGH) return true
  }
  return false
}

function holds<Row>(session: Session<Row>, page: Answer<Row>, name: string): boolean {
  return session.namesOf(page).some((other) => other.name === name)
}
