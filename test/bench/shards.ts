// Audits a throttled account whose backups take longer to read than one turn of a durable execution has, and compares with one go.
// npx node test/bench/shards.ts [backups] [seconds per turn] [requests per second]. Ends with 1 where the two differ.
import type { Context } from 'aws-lambda'
import { sha256 } from '../../lib/digest.ts'
import { readManifest, readSummary } from '../../lib/report/read-record.ts'
import { readConfig } from '../../lib/runtime/config.ts'
import { goOn } from '../../lib/runtime/durable-execution.ts'
import type { Log } from '../../lib/runtime/log.ts'
import { createServices, FOR_AUDITS, type Services } from '../../lib/runtime/services.ts'
import { fromEpochMs } from '../../lib/time.ts'
import type { AuditOrder } from '../../lib/workflow/audit-order.ts'
import { auditOrdered } from '../../lib/workflow/audit-ordered.ts'
import { emulatorEnvironment } from '../../local/commands/emulator-environment.ts'
import { startEmulator } from '../../local/emulator/server.ts'
import { createStory } from '../../local/emulator/story.ts'
import { clientOf, newMemory, nextTurn } from '../support/durable-service.ts'
import { createMemoryStore, type MemoryStore } from '../support/memory-store.ts'
import { bytesOf, foldersOf } from '../support/report-laws.ts'

const [BACKUPS = 100_000, SECONDS = 12, RATE = 5] = process.argv.slice(2).map(Number)
const NAME = '20261120T120000.000Z-aa'
const LOG: Log = (level, message, { because, defect }) => {
  if (level !== 'info') console.error(message, because ?? defect ?? '')
}
const NOW = Date.parse('2026-11-20T12:00:00Z')

const fleet = { projects: createStory({ backups: BACKUPS, now: NOW }).projects.slice(0, 1) }
const emulator = await startEmulator({ now: () => NOW, fleet, rate: RATE })
const config = readConfig(emulatorEnvironment(emulator, {}))
const order: AuditOrder = {
  places: config.places,
  services: ['cbr'],
  scope: undefined,
  asOf: fromEpochMs(NOW),
  previous: 'none',
}

/** As AWS calls the function: each turn has so many seconds, and knows of the ones before what was remembered. */
async function auditInTurns(store: MemoryStore): Promise<number> {
  const memory = newMemory({})
  for (let turns = 1; ; turns += 1) {
    const end = performance.now() + SECONDS * 1000
    const context = { getRemainingTimeInMillis: () => end - performance.now() } as Context
    const turn = await withServices(store, (services) =>
      goOn(nextTurn(memory, clientOf(memory)), context, services.log, (_, steps) =>
        auditOrdered(services, order, { auditId: NAME, steps }),
      ),
    )
    if (turn.Status === 'FAILED') throw new Error(turn.Error?.ErrorMessage ?? 'The audit failed')
    if (turn.Status === 'SUCCEEDED') return turns
  }
}

async function auditInOneGo(store: MemoryStore): Promise<number> {
  await withServices(store, (services) => auditOrdered(services, order, { auditId: NAME }))
  return 1
}

/** New ones for each turn: nobody knows the pace of the one before. */
async function withServices<Result>(store: MemoryStore, work: (services: Services) => Promise<Result>) {
  const services = createServices(config, { ...FOR_AUDITS, correctsClock: true, log: LOG })
  try {
    return await work({ ...services, store })
  } finally {
    services.close()
  }
}

async function measure(audit: (store: MemoryStore) => Promise<number>) {
  const store = createMemoryStore()
  const startedAt = performance.now()
  const turns = await audit(store)
  const seconds = (performance.now() - startedAt) / 1000
  const manifest = await readManifest(store, NAME)
  if (manifest === undefined) throw new Error('There is no report')
  const { backups, findings, verdict, targets } = await readSummary(store, manifest)
  return {
    turns,
    seconds: seconds.toFixed(1),
    requests: targets[0]?.requests,
    backups,
    verdict,
    reports: (await foldersOf(store)).length,
    findings: findings.total,
    sha256: sha256(await bytesOf(store, `${NAME}/findings.ndjson`)).slice(0, 12),
  }
}

const ways = { 'in one go': await measure(auditInOneGo), 'in turns': await measure(auditInTurns) }
console.log({ backups: BACKUPS, secondsPerTurn: SECONDS, requestsPerSecond: RATE })
console.table(ways)
const [whole, turned] = Object.values(ways)
const isSame = whole?.sha256 === turned?.sha256 && turned?.verdict === 'complete' && turned.turns >= 3
process.exitCode = isSame ? 0 : 1
await emulator.close()
