import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { listBackups } from '../../functions/list-backups.ts'
import type { Target } from '../../lib/backup.ts'
import { inPieces } from '../../lib/report/format.ts'
import { CBR_BACKUPS, DCS_BACKUPS } from '../../lib/runtime/backup-pages.ts'
import type { Environment } from '../../lib/runtime/environment.ts'
import { type Services, world } from '../../lib/runtime/services.ts'
import { planSources } from '../../lib/runtime/sources.ts'
import { systemCode } from '../../lib/system-code.ts'
import { openDoor } from '../function-door.ts'
import { widthOf } from '../wrap.ts'
import { BACKUP_FORMATS } from './backup-formats.ts'
import { BACKUPS_HELP, type BackupsWish, readBackupsWish } from './backups-flags.ts'
import { describeCourse } from './describe-course.ts'
import { heldBack } from './held-back.ts'
import { type Chunk, type ListWish, listInstance, listTargets } from './list-targets.ts'
import { createProgress, type ProgressDisplay } from './progress.ts'

/** The list-backups function from the shell. */
export async function backups(argv: readonly string[], environment: Environment): Promise<number> {
  const wish = readBackupsWish(argv, environment)
  if (wish === undefined) {
    process.stdout.write(BACKUPS_HELP)
    return 0
  }
  const display = createProgress({ stream: process.stderr, nowMs: world.nowMs })
  const door = await openDoor(wish.config, environment, {
    correctsClock: 'in signatures',
    onEmulator: () =>
      display.say('No credentials in the environment: listing the backups of the built-in emulator.'),
  })
  try {
    const targets = await findTargets(door.services, wish)
    const width = widthOf(process.stdout, environment)
    await print(render(list(door.services, targets, wish, display), { ...wish, width }, display))
    return 0
  } finally {
    display.end()
    await door.close()
  }
}

/** Every project that the targets mean. One that cannot be found out is a failure: a list must not lack it in silence. */
async function findTargets(services: Services, { list }: BackupsWish): Promise<readonly Target[]> {
  const { sources, lost } = await planSources(services, {
    services: [list.service],
    readsReplicationPolicies: false,
  })
  for (const { fault } of lost) throw fault
  return sources.map(({ target }) => target)
}

function list(
  services: Services,
  targets: readonly Target[],
  wish: BackupsWish,
  display: ProgressDisplay,
): AsyncIterable<Chunk> {
  const places = targets.map(({ region, projectId }) => ({ region, projectId }))
  const called = listBackups({ ...services, config: { ...services.config, places } })
  const lister = wish.list === DCS_BACKUPS ? listInstance : listTargets
  return lister(called, targets, toListWish(wish, display))
}

/** Twice the longest window that a limit of Huawei was seen to have. */
const PATIENCE_MS = 10 * 60_000

/** Whoever wants all wants them in few calls; what CBR sends by itself is the most already. */
function toListWish({ list, path, query, all }: BackupsWish, display: ProgressDisplay): ListWish {
  const isOpen = all && list !== CBR_BACKUPS && !query.some(([name]) => name === 'limit')
  const pause = (ms: number) => {
    display.say(`Huawei allows no more calls just now; waiting ${Math.ceil(ms / 1000)} s.`)
    return wait(ms)
  }
  const patience = { mostMs: all ? PATIENCE_MS : 0, pause }
  return { path, query: isOpen ? [...query, ['limit', '1000']] : query, all, patience }
}

function render(
  chunks: AsyncIterable<Chunk>,
  { list, query, format, width }: BackupsWish & { readonly width: number },
  display: ProgressDisplay,
): AsyncIterable<string> {
  const close = (chunk: Chunk) => describeCourse(chunk, query.length > 0)
  const closes = format === 'table' ? () => {} : (chunk: Chunk) => display.say(close(chunk))
  return BACKUP_FORMATS[format](watched(chunks, display, closes), {
    service: list.service,
    width,
    close,
  })
}

const PAGING_NOTE =
  'Paging by position: backups that come and go meanwhile may be missed. An audit (npm run audit) misses none.'

async function* watched(
  chunks: AsyncIterable<Chunk>,
  display: ProgressDisplay,
  closes: (chunk: Chunk) => void,
): AsyncIterable<Chunk> {
  let isNoted = false
  for await (const chunk of chunks) {
    const { target, course, isLast } = chunk
    if (!isLast && !isNoted) display.say(PAGING_NOTE)
    isNoted ||= !isLast
    display.update({ target, seen: course.shown, expected: course.total })
    if (isLast) display.end()
    yield chunk
    if (isLast) closes(chunk)
  }
}

/** All of it or nothing: half a list of lines looks whole to whoever reads it. A reader that went away has read enough. */
async function print(texts: AsyncIterable<string>): Promise<void> {
  try {
    const whole = heldBack(inPieces(texts, (text) => text))
    await pipeline(Readable.from(whole, { objectMode: false }), process.stdout, { end: false })
  } catch (error) {
    if (systemCode(error) !== 'EPIPE') throw error
  }
}
