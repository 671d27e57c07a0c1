import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCheckpoint } from '../../functions/create-checkpoint.ts'
import { listBackups } from '../../functions/list-backups.ts'
import type { Config } from '../../lib/runtime/config.ts'
import type { Environment } from '../../lib/runtime/environment.ts'
import type { QueryPair } from '../../lib/runtime/http-event.ts'
import { world } from '../../lib/runtime/services.ts'
import type { Emulator } from '../emulator/server.ts'
import { callFunction, type Door, openDoor } from '../function-door.ts'
import { CHECKPOINT_HELP, type CheckpointWish, readCheckpointWish } from './checkpoint-flags.ts'
import { isKnown, readOrder, type Standing, skippedIn } from './checkpoint-standing.ts'
import {
  describeBackups,
  describeLeft,
  describeNews,
  describeSkipped,
  describeStart,
  describeTrouble,
  toJson,
} from './describe-checkpoint.ts'
import { endedOr, type Sight, watchCheckpoint } from './watch-checkpoint.ts'
import { createWatchDisplay } from './watch-display.ts'

/** The create-checkpoint function from the shell. */
export async function checkpoint(argv: readonly string[], environment: Environment): Promise<number> {
  const wish = readCheckpointWish(argv, environment)
  if (wish === undefined) {
    process.stdout.write(CHECKPOINT_HELP)
    return 0
  }
  const isDemo = wish.config.credentials === undefined
  return isDemo
    ? withDemoLedger(wish.config, (config) => start({ ...wish, config }, environment))
    : start(wish, environment)
}

/** What the emulator did is gone when it ends, so what the ledger says of it must be gone too. */
async function withDemoLedger<T>(config: Config, work: (config: Config) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'huawei-backup-audit-'))
  try {
    return await work({ ...config, storeAddress: `file:${folder}` })
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function start(wish: CheckpointWish, environment: Environment): Promise<number> {
  // The ledger tells by this machine's clock when it sent, so a clock that is off must stop it.
  const door = await openDoor(wish.config, environment, {
    correctsClock: 'never',
    onEmulator: (emulator) => process.stderr.write(describeDemo(emulator, wish.vaultId)),
  })
  try {
    const place = placeOf(door, wish.vaultId)
    const create = createCheckpoint(door.services)
    const ordered = readOrder(await callFunction(create, { ...wish.call, query: place }))
    // Only who names a key may have asked before, and who waits hears of the end anyway.
    const mayHaveEnded = wish.call.headers?.['idempotency-key'] !== undefined && wish.waitMs === undefined
    const standing = mayHaveEnded ? await endedOr(create, ordered) : ordered
    if (wish.format === 'text') process.stdout.write(describeStart(standing))
    const sight = await watch(door, wish, standing, place)
    finish(wish, standing, sight)
    return exitCodeFor(sight, wish.waitMs !== undefined)
  } finally {
    await door.close()
  }
}

async function watch(
  { emulator, services }: Door,
  { waitMs }: CheckpointWish,
  standing: Standing,
  place: readonly QueryPair[],
): Promise<Sight> {
  if (waitMs === undefined) return { standing, backups: [], end: undefined, blind: undefined }
  const display = createWatchDisplay({ stream: process.stderr, nowMs: world.nowMs })
  const leave = () => {
    display.end()
    process.stderr.write(`Interrupted. ${describeLeft(standing)}\n`)
    process.exit(130)
  }
  // What the emulator began ends with it.
  if (emulator === undefined) process.once('SIGINT', leave)
  try {
    const [create, list] = [createCheckpoint(services), listBackups(services)]
    return await watchCheckpoint(
      { create, list, place, waitMs, nowMs: world.nowMs, onSight: display.show },
      standing,
    )
  } finally {
    process.off('SIGINT', leave)
    display.end()
  }
}

function finish({ format, waitMs }: CheckpointWish, first: Standing, sight: Sight): void {
  const hasWaited = waitMs !== undefined
  const text = () => describeNews(first, sight.standing) + describeBackups(sight)
  process.stdout.write(format === 'json' ? toJson(sight, hasWaited) : text())
  if (format === 'json') for (const line of describeSkipped(sight.standing)) process.stderr.write(`${line}\n`)
  const trouble = describeTrouble(sight, hasWaited)
  if (trouble !== undefined) process.stderr.write(`${trouble}\n`)
}

function exitCodeFor(sight: Sight, hasWaited: boolean): 0 | 1 | 4 | 5 {
  const { standing, end } = sight
  if (end === 'error' || (!hasWaited && standing.state === 'failed')) return 1
  if (!isKnown(standing) || (hasWaited && end === undefined)) return 4
  return skippedIn(standing).length > 0 ? 5 : 0
}

/** The configuration names one target, or the function asks which; the emulator's own are told apart by the vault. */
function placeOf({ emulator }: Door, vaultId: string): readonly QueryPair[] {
  if (emulator === undefined) return []
  const { projects } = emulator.fleet
  const home = projects.find(({ vaults }) => vaults.some(({ id }) => id === vaultId)) ?? projects[0]
  return home === undefined
    ? []
    : [
        ['region', home.region],
        ['project_id', home.id],
      ]
}

function describeDemo({ fleet }: Emulator, vaultId: string): string {
  const vaults = fleet.projects.flatMap(({ vaults }) => vaults)
  const hint = vaults.some(({ id }) => id === vaultId)
    ? ''
    : ` One of its vaults is ${vaults[0]?.id} (${vaults[0]?.['name']}).`
  return `No credentials in the environment: this goes to the built-in emulator, and to nothing else.${hint}\n`
}
