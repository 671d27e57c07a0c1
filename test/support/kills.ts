import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { readLatest } from '../../lib/report/latest.ts'
import { createDirectoryStore } from '../../lib/store/directory.ts'
import type { Store } from '../../lib/store/store.ts'
import { emulatorEnvironment } from '../../local/commands/emulator-environment.ts'
import { startEmulator } from '../../local/emulator/server.ts'
import { eventFleet } from './event-fleet.ts'
import { dice } from './moving-collection.ts'
import { bytesOf, expectWhole, foldersOf } from './report-laws.ts'

const AS_OF = '2026-11-20T12:00:00Z'
const HERE = import.meta.dirname

/** What so many kills came to. */
export interface Killed {
  readonly kills: number
  /** Runs that were faster than their killer. */
  readonly escapes: number
  readonly audits: number
}

interface Game {
  readonly store: Store
  /** Starts a process of the kind that is to be killed. */
  readonly start: () => ChildProcess
  /** Called whenever a process ended by itself. */
  readonly onDone: () => Promise<void>
}

/** Kills the command so often that it was killed `kills` times: each run after a kill must leave a whole report, and `latest.json` at it. */
export async function killCommands(kills: number, seed: number): Promise<Killed> {
  return await inWorld(async (folder, environment) => {
    const store = createDirectoryStore(join(folder, 'reports'))
    const command = [
      join(HERE, '../../local/main.cjs'),
      'audit',
      '--quiet',
      '--as-of',
      AS_OF,
      '--previous',
      'none',
    ]
    return await play(kills, seed, {
      store,
      start: () => spawn(process.execPath, command, { env: environment, stdio: 'ignore' }),
      onDone: async () => {},
    })
  })
}

/**
 * The same with durable audits: each is killed and carried on until it is done, and then the next one begins. So many calls for
 * backups fit one turn.
 */
export async function killDurable(
  kills: number,
  seed: number,
  calls = Number.POSITIVE_INFINITY,
): Promise<Killed> {
  return await inWorld(async (folder, environment) => {
    const store = createDirectoryStore(join(folder, 'reports'))
    let run = 1
    const nameOf = (number: number) => `20261120T120000.000Z-${String(number).padStart(8, '0')}`
    return await play(kills, seed, {
      store,
      start: () => {
        const memory = join(folder, `memory-${run}.json`)
        const worker = [join(HERE, 'durable-worker.ts'), memory, nameOf(run), AS_OF, String(calls)]
        return spawn(process.execPath, worker, { env: environment, stdio: 'ignore' })
      },
      onDone: async () => {
        const folders = await foldersOf(store)
        if (folders.length !== run || folders.at(-1) !== nameOf(run))
          throw new Error(`After run ${run} there are the audits ${folders.join(', ')}`)
        run += 1
      },
    })
  })
}

async function inWorld(
  work: (folder: string, environment: Record<string, string>) => Promise<Killed>,
): Promise<Killed> {
  const folder = await mkdtemp(join(tmpdir(), 'kills-'))
  const emulator = await startEmulator({ now: Date.now, fleet: eventFleet() })
  try {
    return await work(folder, {
      PATH: process.env['PATH'] ?? '',
      ...emulatorEnvironment(emulator, { REPORT_STORE: join(folder, 'reports') }),
    })
  } finally {
    await emulator.close()
    await rm(folder, { recursive: true })
  }
}

async function play(most: number, seed: number, game: Game): Promise<Killed> {
  const random = dice(seed)
  const whole = performance.now()
  await letRun(game)
  let usualMs = performance.now() - whole
  let [kills, escapes] = [0, 0]
  while (kills < most) {
    const child = game.start()
    // The first part of its life is nothing but loading.
    const isKilled = await killIn(child, usualMs * (0.3 + 0.7 * random()))
    if (isKilled) {
      kills += 1
      await expectNothingTorn(game.store)
      if (random() < 0.5) await letRun(game)
    } else {
      escapes += 1
      usualMs *= 0.95
      await game.onDone()
    }
  }
  await letRun(game)
  return { kills, escapes, audits: (await foldersOf(game.store)).length }
}

async function letRun(game: Game): Promise<void> {
  const [code] = await once(game.start(), 'exit')
  if (code !== 0) throw new Error(`A run after a kill ended with ${code}`)
  await game.onDone()
  await expectNothingTorn(game.store)
  const folders = await foldersOf(game.store)
  const latest = await readLatest(game.store)
  if (latest?.audit_id !== folders.at(-1))
    throw new Error(`latest.json is at ${latest?.audit_id}, not at ${folders.at(-1)}`)
}

async function killIn(child: ChildProcess, ms: number): Promise<boolean> {
  const exit = once(child, 'exit')
  await Promise.race([exit, wait(ms)])
  child.kill('SIGKILL')
  const [, signal] = await exit
  return signal === 'SIGKILL'
}

/** Every report that can be seen is whole, all say the same, and `latest.json` names one of them. */
async function expectNothingTorn(store: Store): Promise<void> {
  const folders = await foldersOf(store)
  let first: string | undefined
  for (const folder of folders) {
    await expectWhole(store, folder)
    const findings = (await bytesOf(store, `${folder}/findings.ndjson`)).toString().replaceAll(folder, '')
    first ??= findings
    if (findings !== first) throw new Error(`The findings of ${folder} are not those of ${folders[0]}`)
  }
  const latest = await readLatest(store)
  if (latest !== undefined && !folders.includes(latest.audit_id))
    throw new Error(`${latest.audit_id} is no whole audit`)
}
