import { compareTwins } from './held-findings.ts'
import { compareText } from './order.ts'
import type { Finding } from './record.ts'

type Findings = Iterable<Finding> | AsyncIterable<Finding>
type FindingsIterator = Iterator<Finding> | AsyncIterator<Finding>

/**
 * Several streams of findings, each sorted by `finding_id`, as one: sorted, each finding once, in the memory of one
 * finding per stream. With `Audit.takeFindings` an audit can find more than memory holds.
 */
export async function* mergeFindings(streams: readonly Findings[]): AsyncGenerator<Finding> {
  const iterators = streams.map(iteratorOf)
  try {
    const heads = await Promise.all(iterators.map((iterator) => iterator.next()))
    for (;;) {
      const next = leastOf(heads)
      if (next === undefined) return
      for (const [index, head] of heads.entries()) {
        const iterator = iterators[index]
        if (iterator !== undefined && !head.done && head.value.finding_id === next.finding_id)
          heads[index] = await iterator.next()
      }
      yield next
    }
  } finally {
    for (const iterator of iterators) await iterator.return?.()
  }
}

function leastOf(heads: readonly IteratorResult<Finding>[]): Finding | undefined {
  let least: Finding | undefined
  for (const head of heads)
    if (!head.done && (least === undefined || compareFindings(head.value, least) < 0)) least = head.value
  return least
}

function compareFindings(a: Finding, b: Finding): number {
  return compareText(a.finding_id, b.finding_id) || compareTwins(a, b)
}

/** Without a generator around a stream that has an iterator: each layer is as slow as a row is to read. */
function iteratorOf(stream: Findings): FindingsIterator {
  return Symbol.asyncIterator in stream ? stream[Symbol.asyncIterator]() : stream[Symbol.iterator]()
}
