import type { Rows } from './rows.ts'

/** What is sent, piece by piece. */
export interface Answer {
  readonly status: number
  readonly pieces: readonly Buffer[]
}

/** Answers a request; undefined where the path is none of its own. */
export type Answers = (path: string, query: URLSearchParams) => Answer | undefined

/** A page of a list that knows `offset` and `limit` and nothing else. */
export function listFrom(rows: Rows, rowsKey: string, countKey: string, query: URLSearchParams): Answer {
  const [offset, limit] = [numberOf(query, 'offset', 0), numberOf(query, 'limit', 1000)]
  const sent = Math.max(0, Math.min(limit, rows.count - offset))
  const [head, tail] = [`{"${rowsKey}":[`, `],"${countKey}":${rows.count}}`]
  return { status: 200, pieces: [Buffer.from(head), ...rows.slice(offset, sent), Buffer.from(tail)] }
}

export function numberOf(query: URLSearchParams, name: string, otherwise: number): number {
  return Number(query.get(name) ?? otherwise)
}
