/**
 * Runs up to `width` generators at once and yields what they yield, as it comes. Each is pulled one step ahead of
 * the consumer, so at most `width` + 1 of their values are held, however slow the consumer is.
 */
export async function* merge<Value>(
  width: number,
  nextSource: () => AsyncGenerator<Value> | undefined,
): AsyncGenerator<Value> {
  const pulls = new Map<AsyncGenerator<Value>, Promise<Pulled<Value>>>()
  const pull = (source: AsyncGenerator<Value>) => {
    const pulled = source.next().then((result) => ({ source, result }))
    // Only the race looks at it; where the race is over, a rejection must not end the process.
    pulled.catch(() => undefined)
    pulls.set(source, pulled)
  }
  const fill = () => {
    while (pulls.size < width) {
      const source = nextSource()
      if (source === undefined) return
      pull(source)
    }
  }
  try {
    for (fill(); pulls.size > 0; fill()) {
      const { source, result } = await Promise.race(pulls.values())
      if (result.done === true) {
        pulls.delete(source)
      } else {
        pull(source)
        fill()
        yield result.value
      }
    }
  } finally {
    // Not awaited: a source may hang in a request that is aborted only after this generator has ended.
    for (const source of pulls.keys()) source.return(undefined).catch(() => undefined)
  }
}

interface Pulled<Value> {
  readonly source: AsyncGenerator<Value>
  readonly result: IteratorResult<Value>
}
