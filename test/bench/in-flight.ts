import type { SeenCall } from './server/page-server-protocol.ts'
import type { Run } from './take-turns.ts'

/** How many calls at most are told together. */
const GROUPS = [0, 1, 4, 8, Number.POSITIVE_INFINITY] as const

/** For how long how many calls were under way, between the first and the last, and what lay before and behind those. */
export function describeFlight({ calls, wallSeconds }: Run): string {
  const spans = GROUPS.map(() => 0)
  const { firstMs, lastMs } = ends(calls)
  const changes = calls
    .flatMap(({ atMs, endMs }) => [[atMs, 1] as const, [endMs, -1] as const])
    .toSorted(([one], [other]) => one - other)
  let [under, sinceMs] = [0, firstMs]
  for (const [atMs, change] of changes) {
    const group = GROUPS.findIndex((most) => under <= most)
    spans[group] = (spans[group] ?? 0) + atMs - sinceMs
    under += change
    sinceMs = atMs
  }
  const [none, one, few, some, many] = spans.map((ms) => `${(ms / 1000).toFixed(1)} s`)
  const outside = wallSeconds - (lastMs - firstMs) / 1000
  return `none for ${none}, one for ${one}, 2 to 4 for ${few}, 5 to 8 for ${some}, more for ${many}; ${outside.toFixed(1)} s before the first and behind the last`
}

/** When the first call came and the last was answered. */
export function ends(calls: readonly SeenCall[]): { readonly firstMs: number; readonly lastMs: number } {
  return {
    firstMs: Math.min(...calls.map(({ atMs }) => atMs)),
    lastMs: Math.max(...calls.map(({ endMs }) => endMs)),
  }
}
