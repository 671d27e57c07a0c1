/** The same stream, with somebody looking at each item as it passes by. */
export async function* watched<T>(
  items: AsyncIterable<T>,
  ...watchers: readonly ((item: T) => void)[]
): AsyncIterable<T> {
  for await (const item of items) {
    for (const watch of watchers) watch(item)
    yield item
  }
}

/**
 * The same arrays, each emptied when the next one is asked for. Whoever waits in a `for await` still holds what it got last: while
 * the next page is read, long enough for the collector to take a thousand rows for lasting.
 */
export async function* emptied<T>(arrays: AsyncIterable<T[]>): AsyncGenerator<readonly T[]> {
  for await (const array of arrays) {
    yield array
    array.length = 0
  }
}
