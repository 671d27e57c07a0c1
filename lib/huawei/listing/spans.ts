import { OutOfTime } from '../../out-of-time.ts'
import type { Batch } from './batch.ts'
import { readChain } from './chain.ts'
import { merge } from './merge.ts'
import type { Session } from './session.ts'
import type { Span } from './span.ts'
import type { Window } from './window.ts'

type Rows<Row, Result = void> = AsyncGenerator<Batch<Row>, Result>

/** Reads the windows that are handed out, several at a time. Those that time cut off are told, with what of them is left to read. */
export function readSpans<Row>(
  session: Session<Row>,
  next: () => Span | undefined,
  onCutOff: (span: Span) => void = () => {},
): Rows<Row> {
  return merge(session.concurrency, () => {
    const span = session.isInterrupted ? undefined : next()
    return span && attempt(session, span, readChain(session, span), () => onCutOff(span))
  })
}

/** Hands out windows that are to be read once more. */
export function handOut(windows: readonly Window[], mayBeEmpty: boolean): () => Span | undefined {
  const left = [...windows]
  return () => {
    const window = left.shift()
    return window && { ...window, left: undefined, mayBeEmpty }
  }
}

/**
 * Reads what can be read; what is lost for good is written down with its window, and the rest goes on. Where time runs out it ends
 * early: what was read by then is still handed over.
 */
export async function* attempt<Row, Result>(
  session: Session<Row>,
  window: Window,
  rows: Rows<Row, Result>,
  onCutOff: () => void = () => {},
): Rows<Row, Result | undefined> {
  try {
    return yield* rows
  } catch (error) {
    if (error instanceof OutOfTime) {
      session.isInterrupted = true
      onCutOff()
    } else session.lose(window, error)
    return undefined
  }
}
