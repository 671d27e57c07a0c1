import type { Limit } from './token-bucket.ts'

/** What the server is to hold; written before it listens. */
export interface FleetOptions {
  /** Of CBR. */
  readonly backups: number
  /** Of DCS. */
  readonly instances: number
  readonly recordsEach: number
  /** Whether pages are zipped for whoever asks for it. */
  readonly isZipped: boolean
}

/** How it answers from now on. */
export interface Manner {
  /** How long each answer is held back. */
  readonly latencyMs: number
  /** What its gateway takes, of all APIs together. */
  readonly limit?: Limit | undefined
}

/** A call as the server saw it, by its own clock. */
export interface SeenCall {
  readonly url: string
  readonly status: number
  readonly atMs: number
  readonly endMs: number
}

/** What the server tells whoever forked it. */
export type ServerMessage =
  | { readonly kind: 'progress'; readonly percent: number }
  | { readonly kind: 'ready'; readonly endpoint: string; readonly projectId: string }
  | { readonly kind: 'calls'; readonly calls: readonly SeenCall[] }
