import { askSorted } from './ask-sorted.ts'
import type { Answer } from './listing.ts'
import { nameOf } from './register.ts'
import type { Session } from './session.ts'
import { timeFilter, wholeSecond } from './window.ts'

/** An answer may be a slip. */
const ENOUGH = 2
/** Of the settled rows of a page. */
const GOOD_PART = 0.05
/** Which rows are asked about, as shares of all, the last one first. */
const SHARES = [1, 0.5, 0.75, 0.25]

/** A row that a window of its own second should show. */
export interface Suspect {
  readonly second: number
  readonly name: string
  /** Whether none did. */
  readonly isUnseen: boolean
}

/** Whether no window showed a good part of the settled rows of a page; a few may have become visible very late, or come from a replica that lags behind. */
export function areStrangers<Row>(session: Session<Row>, { rows, keys }: Answer<Row>): boolean {
  let [settled, unseen] = [0, 0]
  for (const [index, key] of keys.entries()) {
    if (key.createdAt === undefined || wholeSecond(key.createdAt) >= session.settledSecond) continue
    settled += 1
    if (!session.register.knows(nameOf(rows[index], key))) unseen += 1
  }
  return unseen >= ENOUGH && unseen > settled * GOOD_PART
}

/** Some rows of the page that the windows should have shown, those that they did not show if there are any: they may be hidden, or visible since. */
export function suspectsOf<Row>(session: Session<Row>, { rows, keys }: Answer<Row>): readonly Suspect[] {
  const inside = keys.flatMap((key, index): readonly Suspect[] => {
    const second = key.createdAt === undefined ? undefined : wholeSecond(key.createdAt)
    const isInside = second !== undefined && second < session.horizonSecond
    const name = nameOf(rows[index], key)
    return isInside ? [{ second, name, isUnseen: !session.register.knows(name) }] : []
  })
  const unseen = inside.filter(({ isUnseen }) => isUnseen)
  const some = unseen.length > 0 ? unseen : inside
  return SHARES.flatMap((share) => some[Math.ceil(some.length * share) - 1] ?? [])
}

/**
 * Whether the filters of a window hide rows that the list without them holds, before they were asked for in their window and behind: two, as
 * an answer may be a slip. Those that are gone meanwhile show nothing.
 */
export async function areHidden<Row>(
  session: Session<Row>,
  suspects: readonly Suspect[],
  { offset, count = 0 }: { readonly offset: number; readonly count: number | undefined },
): Promise<boolean> {
  let [hidden, gone] = [0, 0]
  for (const { second, name, isUnseen } of suspects) {
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
