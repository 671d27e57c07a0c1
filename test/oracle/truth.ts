/** An answer that an API may leave open. */
export type Truth = 'yes' | 'no' | 'unknown'

/** The answer to a plain question. */
export function sure(condition: boolean): Truth {
  return condition ? 'yes' : 'no'
}

/** A conjunction: one "no" settles it, then one "unknown" leaves it open. */
export function all(...conditions: readonly Truth[]): Truth {
  if (conditions.includes('no')) return 'no'
  return conditions.includes('unknown') ? 'unknown' : 'yes'
}

/** The opposite; what is open stays open. */
export function not(condition: Truth): Truth {
  if (condition === 'unknown') return 'unknown'
  return condition === 'yes' ? 'no' : 'yes'
}
