import { setImmediate } from 'node:timers/promises'
import type { Sleep } from '../../lib/huawei/pause.ts'

/** Time that passes only while everybody sleeps. */
export interface VirtualClock {
  readonly nowMs: () => number
  readonly sleep: Sleep
  /** How long each sleep was asked to be. */
  readonly slept: readonly number[]
  /** Lets time pass until this is settled. */
  readonly run: <T>(pending: Promise<T>) => Promise<T>
}

/** A clock that starts at a moment of our choice. */
export function createVirtualClock(startMs = 0): VirtualClock {
  let nowMs = startMs
  let sleepers: { readonly at: number; readonly wake: () => void }[] = []
  const slept: number[] = []
  const sleep: Sleep = (ms, signal) =>
    new Promise((resolve, reject) => {
      slept.push(ms)
      const sleeper = { at: nowMs + ms, wake: resolve }
      sleepers.push(sleeper)
      signal?.addEventListener('abort', () => {
        sleepers = sleepers.filter((one) => one !== sleeper)
        reject(signal.reason)
      })
    })
  const run = async <T>(pending: Promise<T>): Promise<T> => {
    let settled = false
    const watched = pending.finally(() => {
      settled = true
    })
    watched.catch(() => {})
    for (;;) {
      await setImmediate()
      if (settled) return watched
      const next = sleepers.toSorted((a, b) => a.at - b.at)[0]
      if (next === undefined) continue
      sleepers = sleepers.filter((one) => one !== next)
      nowMs = Math.max(nowMs, next.at)
      next.wake()
    }
  }
  return { nowMs: () => nowMs, sleep, slept, run }
}
