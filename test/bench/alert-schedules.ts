// Plays seeded schedules of alerts against the ledger, and prints what came of them; ends with 1 where one broke the law.
// npx node test/bench/alert-schedules.ts [schedules]
import { playSchedule, type ScheduleOptions } from '../support/alert-schedule.ts'

const SCHEDULES = Number(process.argv[2] ?? 10_000)

const WORLDS: readonly Omit<ScheduleOptions, 'seed'>[] = [
  { visible: 'within', ifUnseen: 'hold' },
  { visible: 'beyond', ifUnseen: 'hold' },
  { visible: 'within', ifUnseen: 'repeat' },
]

for (const world of WORLDS) {
  const tally = { schedules: 0, alerts: 0, started: 0, doubles: 0, kills: 0, broken: 0 }
  const ends: Record<string, number> = {}
  for (let seed = 1; seed <= SCHEDULES; seed += 1) {
    const played = await playSchedule({ ...world, seed })
    tally.schedules += 1
    tally.alerts += played.ends.length
    tally.started += played.started
    tally.doubles += played.doubles
    tally.kills += played.kills
    tally.broken += played.broken.length
    for (const end of played.ends) ends[end] = (ends[end] ?? 0) + 1
    for (const what of played.broken) process.stderr.write(`seed ${seed}: ${what}\n`)
  }
  process.stdout.write(`${JSON.stringify({ ...world, ...tally, ends })}\n`)
  if (tally.broken > 0) process.exitCode = 1
}
