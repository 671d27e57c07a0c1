/** Why an attempt is worth repeating. */
export type Trouble = 'transient' | 'timeout' | 'throttled'

/** What a retry budget holds, and what each kind of retry takes from it. */
export interface BudgetOptions {
  readonly tokens?: number
  readonly costs?: Readonly<Record<Trouble, number>>
}

/** Tokens that all calls to a region share: in an outage they run out, and from then on nothing is asked twice. */
export interface RetryBudget {
  readonly tokens: () => number
  /** Takes the price of one retry; false, and nothing is taken, where the rest is less. */
  readonly spend: (trouble: Trouble) => boolean
  /** After a success: gives back the price of its last retry, or one token where it needed none. */
  readonly refund: (lastRetry: Trouble | undefined) => void
}

/** The AWS SDKs' standard mode: 500 tokens, 5 for a retry, 10 after a timeout. A throttled call costs less, as the server is well. */
const COSTS = { transient: 5, timeout: 10, throttled: 2 } as const satisfies Record<Trouble, number>

/** A full budget. */
export function createRetryBudget({ tokens = 500, costs = COSTS }: BudgetOptions = {}): RetryBudget {
  let left = tokens
  return {
    tokens: () => left,
    spend: (trouble) => {
      if (costs[trouble] > left) return false
      left -= costs[trouble]
      return true
    },
    refund: (lastRetry) => {
      left = Math.min(tokens, left + (lastRetry === undefined ? 1 : costs[lastRetry]))
    },
  }
}
