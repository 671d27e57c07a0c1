import type { Flag } from '../../local/flags.ts'
import type { FlagReader } from './flag-reader.ts'

export const RUNS_FLAG: Flag = {
  takes: 'value',
  value: 'N[,WHO=N…]',
  says: 'How often each is run, and some of them otherwise; medians of fewer than 5 say little. Example: 5,sdk-100=1.',
}

/** How often each of the contenders is to be run. */
export function runsOf<Id extends string>(
  flags: FlagReader,
  ids: readonly Id[],
  otherwise = 5,
): (id: Id) => number {
  const allowed = `a whole number from 1, or ${ids[0]}=N with one of ${ids.join(', ')}`
  const words = flags.parse('runs', [['', otherwise] as const], allowed, (word) => {
    const [, id = '', count] = /^(?:([a-z0-9-]+)=)?([1-9]\d{0,3})$/.exec(word) ?? []
    const isKnown = id === '' || ids.some((known) => known === id)
    return count === undefined || !isKnown ? undefined : ([id, Number(count)] as const)
  })
  const runs = new Map<string, number>(words)
  return (id) => runs.get(id) ?? runs.get('') ?? otherwise
}
