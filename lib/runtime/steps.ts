/** What a step is told about itself. */
export interface Attempt {
  /** Whether nobody will try again if this one fails. */
  readonly isLast: boolean
}

/** The work of a step; what it returns must be good for JSON. */
export type StepWork<Result> = (attempt: Attempt) => Promise<Result>

/**
 * How a long piece of work is cut into steps. Between steps nothing but their results may decide what comes next:
 * where steps are remembered, the work runs again from its beginning after every kill, and finished steps are not repeated.
 */
export interface Steps {
  readonly step: <Result>(name: string, work: StepWork<Result>) => Promise<Result>
  /** Does for each item what takes one step or several, several items at a time; results in the order of the items. */
  readonly each: <Item, Result>(
    items: readonly Item[],
    nameOf: (item: Item) => string,
    work: (item: Item, steps: Steps) => Promise<Result>,
  ) => Promise<readonly Result[]>
  readonly pause: (name: string, seconds: number) => Promise<void>
  /** How much time the process has left. */
  readonly remainingMs: () => number
}

/** Steps that are remembered by nobody: plain calls, for a process that lives to the end. */
export const inProcess: Steps = {
  step: (_, work) => work({ isLast: true }),
  each: async (items, _, work) => {
    const results = []
    for (const item of items) results.push(await work(item, inProcess))
    return results
  },
  pause: () => Promise.resolve(),
  remainingMs: () => Number.POSITIVE_INFINITY,
}
