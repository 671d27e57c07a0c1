import { setTimeout } from 'node:timers/promises'

/** Waits so many milliseconds; rejects as soon as the signal aborts. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>

/** The real wait. */
export const pause: Sleep = (ms, signal) => setTimeout(ms, undefined, signal === undefined ? {} : { signal })
