import { compareTwins } from './held-findings.ts'
import { compareText } from './order.ts'
import type { Finding } from './record.ts'

type Findings = Iterable<Finding> | AsyncIterable<Finding>
type FindingsIterator = Iterator<Finding> | AsyncIterator<Finding>

/** The next finding of a stream, and where those after it come from. */
interface Head {
  finding: Finding
  readonly rest: FindingsIterator
}

/**
 * Several streams of findings, each sorted by `finding_id`, as one: sorted, each finding once, in the memory of one
 * finding per stream. With `Audit.takeFindings` an audit can find more than memory holds.
 */
export async function* mergeFindings(streams: readonly Findings[]): AsyncGenerator<Finding> {
  const iterators = streams.map(iteratorOf)
  try {
    const heads = (await Promise.all(iterators.map(headOf))).filter((head) => head !== undefined)
    // A sorted array is a heap.
    heads.sort(compareHeads)
    let last: string | undefined
    for (let head = heads[0]; head !== undefined; head = heads[0]) {
      const { finding, rest } = head
      // Of findings with one id the first is the one that is kept.
      if (finding.finding_id !== last) yield finding
      last = finding.finding_id
      const next = await rest.next()
      if (next.done !== true) head.finding = next.value
      else replaceFirst(heads)
      sink(heads)
    }
  } finally {
    for (const iterator of iterators) await iterator.return?.()
  }
}

async function headOf(iterator: FindingsIterator): Promise<Head | undefined> {
  const first = await iterator.next()
  return first.done === true ? undefined : { finding: first.value, rest: iterator }
}

/** Puts the last head into the place of the first, which has ended. */
function replaceFirst(heads: Head[]): void {
  const last = heads.pop()
  if (last !== undefined && heads.length > 0) heads[0] = last
}

/** Moves the first head down its heap until those below it are not less: with hundreds of streams nine comparisons, not hundreds. */
function sink(heads: Head[]): void {
  const [head] = heads
  if (head === undefined) return
  let at = 0
  for (;;) {
    const left = 2 * at + 1
    const below = isLess(heads[left + 1], heads[left]) ? left + 1 : left
    const child = heads[below]
    if (child === undefined || !isLess(child, head)) break
    heads[at] = child
    at = below
  }
  heads[at] = head
}

function isLess(a: Head | undefined, b: Head | undefined): boolean {
  return a !== undefined && b !== undefined && compareHeads(a, b) < 0
}

function compareHeads({ finding: a }: Head, { finding: b }: Head): number {
  return compareText(a.finding_id, b.finding_id) || compareTwins(a, b)
}

/** Without a generator around a stream that has an iterator: each layer is as slow as a row is to read. */
function iteratorOf(stream: Findings): FindingsIterator {
  return Symbol.asyncIterator in stream ? stream[Symbol.asyncIterator]() : stream[Symbol.iterator]()
}
