import { OutOfTime } from '../../out-of-time.ts'
import type { Batch } from './batch.ts'
import { readChain } from './chain.ts'
import { merge } from './merge.ts'
import type { Session } from './session.ts'
import type { Span, Window } from './span.ts'

type Rows<Row, Result = void> = AsyncGenerator<Batch<Row>, Result>

/** Who is told of windows while they are read, and what is read beside them. */
export interface SpanHooks<Row> {
  /** Time cut it off; what of it is left to read stands in it. */
  readonly onCutOff?: (span: Span) => void
  readonly onEnd?: (span: Span) => void
  /** Asked whenever no window is left to be handed out. */
  readonly beside?: () => Rows<Row> | undefined
}

/** Reads the windows that are handed out, several at a time. */
export function readSpans<Row>(
  session: Session<Row>,
  next: () => Span | undefined,
  { onCutOff = () => {}, onEnd = () => {}, beside = () => undefined }: SpanHooks<Row> = {},
): Rows<Row> {
  return merge(session.concurrency, () => {
    if (session.isInterrupted) return undefined
    const span = next()
    if (span === undefined) return beside()
    return attempt(
      session,
      span,
      toldOf(readChain(session, span), () => onEnd(span)),
      () => onCutOff(span),
    )
  })
}

/** The same rows; tells when all of them were read. */
async function* toldOf<Row>(rows: Rows<Row>, onEnd: () => void): Rows<Row> {
  yield* rows
  onEnd()
}

/** Hands out windows that are to be read once more. */
export function handOut(
  windows: readonly (Window & Partial<Pick<Span, 'left'>>)[],
  mayBeEmpty: boolean,
): () => Span | undefined {
  const left = [...windows]
  return () => {
    const window = left.shift()
    return window && { left: undefined, ...window, mayBeEmpty }
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
