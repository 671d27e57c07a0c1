// Audits an emulator whose gateway takes so many requests a second, for all APIs and projects together, and compares the time with
// what the limit allows at best. npx node test/bench/throttle.ts [rate] [backups]
import { readConfig } from '../../lib/runtime/config.ts'
import { createServices, FOR_AUDITS } from '../../lib/runtime/services.ts'
import { runAudit } from '../../lib/workflow/run-audit.ts'
import { emulatorEnvironment } from '../../local/commands/emulator-environment.ts'
import { startEmulator } from '../../local/emulator/server.ts'
import { createMemoryStore } from '../support/memory-store.ts'

const RATE = Number(process.argv[2] ?? 20)
const BACKUPS = Number(process.argv[3] ?? 10_000)
const table: Record<string, string | number>[] = []

for (const services of [['cbr'], ['cbr', 'dcs']] as const) {
  const emulator = await startEmulator({ now: Date.now, backups: BACKUPS, rate: RATE, latencyMs: 20 })
  const wired = createServices(readConfig(emulatorEnvironment(emulator, {})), FOR_AUDITS)
  const { summary } = await runAudit(
    { ...wired, store: createMemoryStore() },
    { services, asOf: undefined, previous: 'none', onProgress: () => {}, onScanned: () => {} },
  )
  wired.close()
  await emulator.close()
  const { requests } = emulator
  const refused = requests.filter(({ status }) => status === 429).length
  const wallMs = (requests.at(-1)?.atMs ?? 0) - (requests[0]?.atMs ?? 0)
  // A full bucket at the start is free.
  const floorMs = ((requests.length - refused - RATE) / RATE) * 1000
  table.push({
    services: services.join('+'),
    verdict: summary.verdict,
    requests: requests.length,
    refused,
    'refused %': ((refused / requests.length) * 100).toFixed(1),
    'wall s': (wallMs / 1000).toFixed(1),
    'floor s': (floorMs / 1000).toFixed(1),
    'wall / floor': (wallMs / floorMs).toFixed(2),
  })
}
console.table(table)
