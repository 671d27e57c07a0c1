// Kills real processes with SIGKILL at random moments, and looks at what they leave. Ends with 1 where anything was torn.
// npx node test/bench/kills.ts [kills]
import { killCommands, killDurable } from '../support/kills.ts'

const KILLS = Number(process.argv[2] ?? 100)

for (const [what, kill] of [
  ['audit command', killCommands],
  ['durable audit', killDurable],
  ['durable audit in short turns', (kills: number, seed: number) => killDurable(kills, seed, 3)],
] as const) {
  const startedAt = performance.now()
  const came = await kill(KILLS, 7)
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  console.log(what, { ...came, seconds })
}
