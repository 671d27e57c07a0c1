import { playSchedule, type ScheduleOptions } from '../../support/alert-schedule.ts'
import { say } from '../say.ts'
import type { Section } from '../section.ts'
import { printTable } from '../table.ts'

type World = Omit<ScheduleOptions, 'seed'>

const WORLDS: readonly World[] = [
  { visible: 'within', ifUnseen: 'hold' },
  { visible: 'beyond', ifUnseen: 'hold' },
  { visible: 'within', ifUnseen: 'repeat' },
]

const TALLIED = ['schedules', 'alerts', 'started', 'doubles', 'kills', 'broken'] as const
type Tally = Readonly<Record<(typeof TALLIED)[number], number>>

/** Plays seeded schedules of alerts against the ledger; the exit code is 1 where one broke the law. */
export const alertSchedules: Section = {
  name: 'alert-schedules',
  says: 'Seeded schedules of alerts, kills and a slow Huawei, played against the ledger: one request, one checkpoint.',
  minutes: 6,
  flags: {
    schedules: { takes: 'value', value: 'N', says: 'How many in each world; 10000 unless told.' },
  },
  prepare: (flags) => {
    const schedules = flags.whole('schedules', 10_000)
    return async () => {
      const rows: { readonly world: World; readonly tally: Tally; readonly ends: string }[] = []
      for (const world of WORLDS) rows.push({ world, ...(await playAll(world, schedules)) })
      printTable(
        [
          { title: 'a checkpoint is seen', cell: ({ world }) => world.visible, isText: true },
          { title: 'unseen', cell: ({ world }) => world.ifUnseen, isText: true },
          ...TALLIED.map((key) => ({
            title: key,
            cell: ({ tally }: (typeof rows)[number]) => String(tally[key]),
          })),
          { title: 'ends', cell: ({ ends }) => ends, isText: true },
        ],
        rows,
      )
    }
  },
}

async function playAll(
  world: World,
  schedules: number,
): Promise<{ readonly tally: Tally; readonly ends: string }> {
  const tally = { schedules: 0, alerts: 0, started: 0, doubles: 0, kills: 0, broken: 0 }
  const ends = new Map<string, number>()
  for (let seed = 1; seed <= schedules; seed += 1) {
    const played = await playSchedule({ ...world, seed })
    tally.schedules += 1
    tally.alerts += played.ends.length
    tally.started += played.started
    tally.doubles += played.doubles
    tally.kills += played.kills
    tally.broken += played.broken.length
    for (const end of played.ends) ends.set(end, (ends.get(end) ?? 0) + 1)
    for (const what of played.broken) say(`BROKEN, seed ${seed}: ${what}`)
    if (seed % 1000 === 0) say(`alert-schedules: ${JSON.stringify(world)}: ${seed} of ${schedules}`)
  }
  if (tally.broken > 0) process.exitCode = 1
  return { tally, ends: [...ends].map(([end, times]) => `${times} ${end}`).join(', ') }
}
