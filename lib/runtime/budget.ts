/** What of the Lambda context is used. */
export interface HttpContext {
  readonly getRemainingTimeInMillis?: () => number
}

/** The gateway gives up after 30 s; the answer must be there by then. */
const CALL_BUDGET_MS = 20_000
/** What it takes to write down and answer once Huawei can no longer be waited for. */
export const RESERVE_MS = 1500

/** How long a call may wait for Huawei. No time left is 0, which is a value; only an absent clock means the whole budget. */
export function budgetMs({ getRemainingTimeInMillis }: HttpContext): number {
  if (getRemainingTimeInMillis === undefined) return CALL_BUDGET_MS
  return Math.max(0, Math.min(CALL_BUDGET_MS, getRemainingTimeInMillis() - RESERVE_MS))
}
