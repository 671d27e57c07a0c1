/**
 * Runs up to `width` generators at once and yields what they yield, as it comes. Each is pulled one step ahead of
 * the consumer, so at most `width` + 1 of their values are held, however slow the consumer is.
 */
export async function* merge<Value>(
  width: number,
  nextSource: () => AsyncGenerator<Value> | undefined,
): AsyncGenerator<Value> {
  const running = new Set<AsyncGenerator<Value>>()
  const arrivals = new Arrivals<Value>()
  const pull = (source: AsyncGenerator<Value>) => {
    running.add(source)
    source.next().then(
      (result) => arrivals.add({ source, result }),
      (error: unknown) => arrivals.add({ source, error }),
    )
  }
  const fill = () => {
    while (running.size < width) {
      const source = nextSource()
      if (source === undefined) return
      pull(source)
    }
  }
  try {
    for (fill(); running.size > 0; fill()) {
      const arrival = await arrivals.next()
      if ('error' in arrival) throw arrival.error
      const { source, result } = arrival
      if (result.done === true) {
        running.delete(source)
      } else {
        pull(source)
        fill()
        yield result.value
      }
    }
  } finally {
    // Not awaited: a source may hang in a request that is aborted only after this generator has ended.
    for (const source of running) source.return(undefined).catch(() => undefined)
  }
}

type Arrival<Value> = { readonly source: AsyncGenerator<Value> } & (
  | { readonly result: IteratorResult<Value> }
  | { readonly error: unknown }
)

/**
 * What has come and was not taken yet, in the order in which it came. No `Promise.race`: whatever is still to come would hold
 * the outcome of every race it took part in, and so all rows that were read since it was asked for.
 */
class Arrivals<Value> {
  readonly #waiting: Arrival<Value>[] = []
  #wake: (() => void) | undefined

  add(arrival: Arrival<Value>): void {
    this.#waiting.push(arrival)
    this.#wake?.()
  }

  async next(): Promise<Arrival<Value>> {
    for (;;) {
      const arrival = this.#waiting.shift()
      if (arrival !== undefined) return arrival
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}
