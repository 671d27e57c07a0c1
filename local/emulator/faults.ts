import type { Dice } from './dice.ts'
import { type AnswerName, type EffectName, isAnswer, type PlantedFault } from './fault-spec.ts'

/** How faults bend the answers of lists and of work that is started. */
export interface Quirks {
  readonly limitCap: number | undefined
  readonly echoesCap: boolean
  /** Added to the total, or `page`: the number of rows sent. */
  readonly count: number | 'page'
  readonly ignoresSort: boolean
  readonly ignoresFilter: (name: string) => boolean
  readonly unstableTies: boolean
  readonly invisibleUs: number
  readonly fails: boolean
  /** How many resources a checkpoint leaves out. */
  readonly skips: number
  readonly reshape: (rows: readonly string[]) => readonly string[]
}

/** What the faults planted for one request ask for. */
export interface Struck {
  /** Faults that replace or spoil the answer, in the order in which they were planted. */
  readonly answers: readonly PlantedFault<AnswerName>[]
  readonly latencyMs: number
  readonly quirks: Quirks
}

/** Which request is asked about. */
export interface Target {
  readonly operation: string
  readonly path: string
  readonly projectId: string | undefined
  readonly projectName: string | undefined
}

/** Chooses the faults that strike a request; keeps count of what has struck already. */
export type Strike = (target: Target) => Struck

/** A chooser over planted faults; chance comes from the dice, so a run can be repeated. */
export function createStrike(faults: readonly PlantedFault[], dice: Dice): Strike {
  const live = faults.map((fault) => ({ fault, seen: 0, struck: 0, previous: undefined as Rows | undefined }))
  return (target) => {
    const matching = live.filter(({ fault }) => matches(fault, target))
    const striking = matching.filter((entry) => {
      const { times, after, rate } = entry.fault.modifiers
      if (entry.seen++ < Number(after ?? 0)) return false
      if (times !== undefined && entry.struck >= Number(times)) return false
      if (rate !== undefined && !dice.chance(Number(rate))) return false
      entry.struck++
      return true
    })
    const active = striking.map(({ fault }) => fault)
    const reshape = (rows: Rows) =>
      matching.reduce((sent, entry) => {
        const { previous } = entry
        entry.previous = sent
        return striking.includes(entry) ? reshapeRows(entry.fault.effect, sent, previous) : sent
      }, rows)
    return {
      answers: active.filter(isAnswer),
      latencyMs: sum(active, 'latency'),
      quirks: { ...bend(active), reshape },
    }
  }
}

type Rows = readonly string[]

function matches({ operation, modifiers }: PlantedFault, target: Target): boolean {
  const { project, path } = modifiers
  if (operation.endsWith('*')) {
    if (!target.operation.startsWith(operation.slice(0, -1))) return false
  } else if (operation !== target.operation) return false
  if (project !== undefined && project !== target.projectId && project !== target.projectName) return false
  return path === undefined || target.path.includes(path)
}

function reshapeRows(effect: EffectName, rows: Rows, previous: Rows | undefined): Rows {
  if (previous === undefined) return rows
  if (effect === 'duplicate-page') return [...previous.slice(-10), ...rows]
  return effect === 'stale-page' ? previous : rows
}

function bend(active: readonly PlantedFault[]): Omit<Quirks, 'reshape'> {
  const of = (name: EffectName) => active.filter(({ effect }) => effect === name)
  const caps = of('limit').map(({ value }) => Number(value))
  const ignored = of('ignore-filter').map(({ value }) => value)
  return {
    limitCap: caps.length === 0 ? undefined : Math.min(...caps),
    echoesCap: of('limit').some(({ modifiers }) => modifiers.echo !== undefined),
    count: of('count').some(({ value }) => value === 'page') ? 'page' : sum(active, 'count'),
    ignoresSort: of('ignore-sort').length > 0,
    ignoresFilter: (name) => ignored.includes('') || ignored.includes(name),
    unstableTies: of('unstable-ties').length > 0,
    invisibleUs: sum(active, 'invisible') * 1_000_000,
    fails: of('fail').length > 0,
    skips: sum(active, 'skip'),
  }
}

function sum(active: readonly PlantedFault[], name: EffectName): number {
  return active.filter(({ effect }) => effect === name).reduce((total, { value }) => total + Number(value), 0)
}
