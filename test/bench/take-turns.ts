import type { Cost } from './measure.ts'
import { say } from './say.ts'
import type { SeenCall } from './server/page-server-protocol.ts'

/** Somebody who is measured. */
export interface Contender<Id extends string> {
  readonly id: Id
  readonly run: () => Promise<Run>
}

/** A whole process from start to end, and the calls that it made. */
export interface Run extends Cost {
  readonly calls: readonly SeenCall[]
}

export type Results<Id extends string> = ReadonlyMap<Id, readonly Run[]>

/** Runs each so often, in turn, so that what the machine does besides falls on all alike; each round begins with another one. */
export async function takeTurns<Id extends string>(
  about: string,
  contenders: readonly Contender<Id>[],
  runsOf: (id: Id) => number,
): Promise<Results<Id>> {
  const results = new Map<Id, readonly Run[]>(contenders.map(({ id }) => [id, []]))
  const rounds = Math.max(...contenders.map(({ id }) => runsOf(id)))
  for (let round = 0; round < rounds; round += 1)
    for (const { id, run } of rotated(contenders, round)) {
      const earlier = results.get(id) ?? []
      if (earlier.length === runsOf(id)) continue
      const result = await run()
      results.set(id, [...earlier, result])
      const { cpuSeconds, wallSeconds, peakMb } = result
      say(
        `${about}: ${id}, run ${earlier.length + 1} of ${runsOf(id)}: CPU ${cpuSeconds.toFixed(2)} s, wall ${wallSeconds.toFixed(2)} s, ${peakMb.toFixed(0)} MB`,
      )
    }
  return results
}

function rotated<Value>(values: readonly Value[], by: number): readonly Value[] {
  const first = by % values.length
  return [...values.slice(first), ...values.slice(0, first)]
}
