import { runAudit } from '../audit-command.ts'
import type { FlagReader } from '../flag-reader.ts'
import { printGoals } from '../goal.ts'
import { RUNS_FLAG, runsOf } from '../runs-of.ts'
import type { Section } from '../section.ts'
import type { PageServer } from '../server/start-page-server.ts'
import type { Limit } from '../server/token-bucket.ts'
import { type Contender, takeTurns } from '../take-turns.ts'
import { withPageServer } from '../with-page-server.ts'
import { printThrottled, type Throttled, throttleGoals } from './throttled-table.ts'

const DCS = { instances: 40, recordsEach: 14 }
const USUAL: Limit = { calls: 20, seconds: 1 }
/** More calls than are few, in a window that is longer than the network is slow. */
const SLOW: Limit = { calls: 40, seconds: 10 }
const KINDS = ['cbr', 'both'] as const

/** An audit behind a gateway that takes so many calls in so much time, beside the time that this limit costs anybody. */
export const throttled: Section = {
  name: 'throttled',
  says: 'An audit behind a gateway with a token bucket that answers 429 in Huawei’s words, beside what the bucket allows at best.',
  minutes: 2,
  minutesOfAll: 8,
  flags: {
    backups: { takes: 'value', value: 'N', says: 'How many; 100000 unless told.' },
    limits: {
      takes: 'value',
      value: 'N/S,N/S',
      says: 'Calls in so many seconds, all APIs together; 20/1 unless told, with --all 40/10 too.',
    },
    services: { takes: 'value', value: 'WHO,WHO', says: 'cbr, or both (CBR and DCS); each unless told.' },
    runs: RUNS_FLAG,
  },
  prepare: (flags) => {
    const backups = flags.whole('backups', 100_000)
    const limits = readLimits(flags)
    const chosen = flags.words('services', KINDS)
    const runs = runsOf(flags, KINDS)
    return async () => {
      const rows: Throttled[] = []
      await withPageServer({ backups, ...DCS }, async (server) => {
        for (const limit of limits) {
          const contenders = contendersFor(server, backups, limit).filter(({ id }) => chosen.includes(id))
          const results = await takeTurns(`${limit.calls} calls in ${limit.seconds} s`, contenders, runs)
          for (const [id, list] of results) rows.push({ services: servicesOf(id), limit, runs: list })
        }
      })
      printThrottled(rows)
      printGoals(rows.flatMap(throttleGoals))
    }
  },
}

function readLimits(flags: FlagReader): readonly Limit[] {
  return flags.parse(
    'limits',
    flags.isAll ? [USUAL, SLOW] : [USUAL],
    'CALLS/SECONDS such as 20/1',
    (word) => {
      const [, calls, seconds] = /^([1-9]\d{0,5})\/([1-9]\d{0,3})$/.exec(word) ?? []
      return calls === undefined ? undefined : { calls: Number(calls), seconds: Number(seconds) }
    },
  )
}

function contendersFor(
  server: PageServer,
  backups: number,
  limit: Limit,
): readonly Contender<(typeof KINDS)[number]>[] {
  const manner = { latencyMs: 0, limit }
  const records = DCS.instances * DCS.recordsEach
  return KINDS.map((id) => ({
    id,
    run: () =>
      runAudit({
        ...{ server, manner, services: servicesOf(id) },
        backups: id === 'both' ? backups + records : backups,
      }),
  }))
}

function servicesOf(id: (typeof KINDS)[number]): Throttled['services'] {
  return id === 'both' ? ['cbr', 'dcs'] : ['cbr']
}
