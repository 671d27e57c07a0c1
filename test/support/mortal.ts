import type { Step } from './breaking-store.ts'

/** A process that is killed at one step: that step and all later ones never come back. */
export interface Mortal {
  readonly step: Step
  /** Resolves when it is killed. */
  readonly killed: Promise<'killed'>
  /** The steps that were begun. */
  readonly steps: () => number
}

/** A process that is killed at step `at` (from 1); `when` says whether that step still takes effect. */
export function createMortal(at: number, when: 'before' | 'after'): Mortal {
  const { promise: killed, resolve: kill } = Promise.withResolvers<'killed'>()
  const never = new Promise<never>(() => {})
  let begun = 0
  return {
    killed,
    steps: () => begun,
    step: async (act) => {
      begun += 1
      const isLast = begun === at
      if (isLast && when === 'before') kill('killed')
      if (begun > at || (isLast && when === 'before')) return await never
      const result = await act()
      if (!isLast) return result
      kill('killed')
      return await never
    },
  }
}
