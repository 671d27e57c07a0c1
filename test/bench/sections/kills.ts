import { killCommands, killDurable } from '../../support/kills.ts'
import { say } from '../say.ts'
import type { Section } from '../section.ts'
import { printTable } from '../table.ts'

const SEED = 7
const CALLS_IN_SHORT_TURN = 3
const GAMES = {
  'the command': killCommands,
  'the durable audit': killDurable,
  'the durable audit, a target in several turns': (kills: number, seed: number) =>
    killDurable(kills, seed, CALLS_IN_SHORT_TURN),
} as const

/** Kills real processes with SIGKILL at random moments, and looks at what they leave; throws where anything was torn. */
export const kills: Section = {
  name: 'kills',
  says: 'Audits killed with SIGKILL at random moments: each run after a kill must leave a whole report, and latest.json at it.',
  minutes: 15,
  flags: { kills: { takes: 'value', value: 'N', says: 'How many of each kind; 100 unless told.' } },
  prepare: (flags) => {
    const times = flags.whole('kills', 100)
    return async () => {
      const rows: (Awaited<ReturnType<typeof killCommands>> & { readonly what: string })[] = []
      for (const [what, kill] of Object.entries(GAMES)) {
        rows.push({ what, ...(await kill(times, SEED)) })
        say(`kills: ${what} was killed ${times} times`)
      }
      printTable(
        [
          { title: 'killed', cell: ({ what }) => what, isText: true },
          { title: 'kills', cell: (row) => String(row.kills) },
          { title: 'ended before', cell: ({ escapes }) => String(escapes) },
          { title: 'whole reports', cell: ({ audits }) => String(audits) },
        ],
        rows,
      )
    }
  },
}
