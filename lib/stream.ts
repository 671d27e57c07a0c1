/** The items of something that is held already, as a stream. */
export async function* streamed<T>(items: Iterable<T>): AsyncIterable<T> {
  yield* items
}

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
