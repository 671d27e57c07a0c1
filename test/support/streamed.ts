/** The items of something that is held already, as a stream. */
export async function* streamed<T>(items: Iterable<T>): AsyncIterable<T> {
  yield* items
}
