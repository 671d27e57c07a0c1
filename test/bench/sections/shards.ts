import type { Context } from 'aws-lambda'
import { sha256 } from '../../../lib/digest.ts'
import { readManifest, readSummary } from '../../../lib/report/read-record.ts'
import { type Config, readConfig } from '../../../lib/runtime/config.ts'
import { goOn } from '../../../lib/runtime/durable-execution.ts'
import { createServices, FOR_AUDITS, type Services } from '../../../lib/runtime/services.ts'
import { fromEpochMs } from '../../../lib/time.ts'
import { auditOrdered } from '../../../lib/workflow/audit-ordered.ts'
import { emulatorEnvironment } from '../../../local/commands/emulator-environment.ts'
import { startEmulator } from '../../../local/emulator/server.ts'
import { createStory } from '../../../local/emulator/story.ts'
import { clientOf, newMemory, nextTurn } from '../../support/durable-service.ts'
import { createMemoryStore, type MemoryStore } from '../../support/memory-store.ts'
import { bytesOf } from '../../support/report-laws.ts'
import type { Section } from '../section.ts'
import { printTable } from '../table.ts'

const NAME = '20261120T120000.000Z-aa'
const NOW = Date.parse('2026-11-20T12:00:00Z')

/** Audits an account that takes longer to read than one turn of a durable execution has; throws where one go finds something else. */
export const shards: Section = {
  name: 'shards',
  says: 'An audit of one CBR project behind a slow gateway, as a durable execution whose turns are too short for it, beside one go.',
  minutes: 1,
  flags: {
    stories: {
      takes: 'value',
      value: 'N',
      says: 'Backups of the story that the project is of; 100000 unless told.',
    },
    'turn-seconds': { takes: 'value', value: 'S', says: 'How long a turn is; 12 unless told.' },
    'calls-per-second': { takes: 'value', value: 'N', says: 'What the gateway takes; 5 unless told.' },
  },
  prepare: (flags) => {
    const backups = flags.whole('stories', 100_000)
    const turnSeconds = flags.whole('turn-seconds', 12)
    const rate = flags.whole('calls-per-second', 5)
    return async () => {
      const fleet = { projects: createStory({ backups, now: NOW }).projects.slice(0, 1) }
      const emulator = await startEmulator({ now: () => NOW, fleet, rate })
      try {
        const config = readConfig(emulatorEnvironment(emulator, {}))
        const rows = [
          await measure('in one go', (store) => auditInOneGo(config, store)),
          await measure(`in turns of ${turnSeconds} s`, (store) => auditInTurns(config, store, turnSeconds)),
        ]
        printRows(rows)
        if (new Set(rows.map(({ digest }) => digest)).size > 1)
          throw new Error('The findings are not the same')
      } finally {
        await emulator.close()
      }
    }
  },
}

/** As AWS calls the function: each turn has so many seconds, and knows of the ones before what was remembered. */
async function auditInTurns(config: Config, store: MemoryStore, turnSeconds: number): Promise<number> {
  const memory = newMemory({})
  for (let turns = 1; ; turns += 1) {
    const end = performance.now() + turnSeconds * 1000
    const context = { getRemainingTimeInMillis: () => end - performance.now() } as Context
    const turn = await withServices(config, store, (services) =>
      goOn(nextTurn(memory, clientOf(memory)), context, services.log, (_, steps) =>
        auditOrdered(services, orderOf(config), { auditId: NAME, steps }),
      ),
    )
    if (turn.Status === 'FAILED') throw new Error(turn.Error?.ErrorMessage ?? 'The audit failed')
    if (turn.Status === 'SUCCEEDED') return turns
  }
}

async function auditInOneGo(config: Config, store: MemoryStore): Promise<number> {
  await withServices(config, store, (services) => auditOrdered(services, orderOf(config), { auditId: NAME }))
  return 1
}

function orderOf({ places }: Config) {
  return {
    places,
    services: ['cbr'],
    scope: undefined,
    asOf: fromEpochMs(NOW),
    previous: 'none',
  } as const
}

/** New ones for each turn: nobody knows the pace of the one before. */
async function withServices<Result>(
  config: Config,
  store: MemoryStore,
  work: (services: Services) => Promise<Result>,
): Promise<Result> {
  const services = createServices(config, FOR_AUDITS)
  try {
    return await work({ ...services, store })
  } finally {
    services.close()
  }
}

async function measure(how: string, audit: (store: MemoryStore) => Promise<number>) {
  const store = createMemoryStore()
  const startedMs = performance.now()
  const turns = await audit(store)
  const wallSeconds = (performance.now() - startedMs) / 1000
  const manifest = await readManifest(store, NAME)
  if (manifest === undefined) throw new Error('There is no report')
  const { backups, findings, verdict, targets } = await readSummary(store, manifest)
  const digest = sha256(await bytesOf(store, `${NAME}/findings.ndjson`))
  return {
    ...{ how, turns, wallSeconds, backups, verdict, digest },
    requests: targets[0]?.requests,
    findings: findings.total,
  }
}

function printRows(rows: readonly Awaited<ReturnType<typeof measure>>[]): void {
  printTable(
    [
      { title: 'audit', cell: ({ how }) => how, isText: true },
      { title: 'turns', cell: ({ turns }) => String(turns) },
      { title: 'wall s', cell: ({ wallSeconds }) => wallSeconds.toFixed(1) },
      { title: 'requests', cell: ({ requests }) => String(requests) },
      { title: 'backups', cell: ({ backups }) => backups.toLocaleString('en') },
      { title: 'verdict', cell: ({ verdict }) => verdict, isText: true },
      { title: 'findings', cell: ({ findings }) => String(findings) },
      { title: 'SHA-256 of them', cell: ({ digest }) => digest.slice(0, 12), isText: true },
    ],
    rows,
  )
}
