import type { Span, Window } from './span.ts'

/** Shorter than this a window is not worth splitting, for two requests overlap by three seconds. */
export const MIN_SPLIT_SECONDS = 60

/** What is to be read, and how it may be shared out. */
export interface Work {
  readonly whole: Window
  /** The seconds of the oldest and the newest row, where they are known. */
  readonly oldest: number | undefined
  readonly newest: number | undefined
  readonly pages: number
  readonly pageSize: number
  readonly concurrency: number
  /** Whether nothing at all may be there. */
  readonly mayBeEmpty: boolean
}

/**
 * Equal parts of the time between the oldest and the newest row; the outer ones reach as far as the whole does. The newest goes
 * first: what it tells last is read once more, while the others end.
 */
export function cut({ whole, oldest, newest, mayBeEmpty }: Work, parts: number): Span[] {
  const edge = (part: number) => Math.floor((oldest ?? 0) + (((newest ?? 0) - (oldest ?? 0)) / parts) * part)
  const isCuttable =
    oldest !== undefined && newest !== undefined && newest - oldest >= parts * MIN_SPLIT_SECONDS
  if (!isCuttable) return [{ ...whole, left: undefined, mayBeEmpty }]
  return Array.from({ length: parts }, (_, part) => ({
    from: part === 0 ? whole.from : edge(part) + 1,
    to: part === parts - 1 ? whole.to : edge(part + 1),
    left: undefined,
    mayBeEmpty: false,
  })).reverse()
}
