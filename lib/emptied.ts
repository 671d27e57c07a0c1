/**
 * The same arrays, each emptied when the next one is asked for. A `for await` that waits for the next array still holds the last
 * one: a thousand rows, for so long that the garbage collector would move them to the old generation.
 */
export async function* emptied<T>(arrays: AsyncIterable<T[]>): AsyncGenerator<readonly T[]> {
  for await (const array of arrays) {
    yield array
    array.length = 0
  }
}
