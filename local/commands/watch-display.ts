import { isOver } from '../../lib/checkpoint-status.ts'
import { printable } from '../printable.ts'
import type { Row } from '../read-pages.ts'
import { fitted, widthOf } from '../wrap.ts'
import { acceptedIn } from './checkpoint-standing.ts'
import { drawBar, type ProgressSurroundings } from './progress.ts'
import type { Sight } from './watch-checkpoint.ts'

/** Shows how a checkpoint goes on: a line for each change of its own and for each backup that is over, and under them a bar where the stream is a terminal. */
export function createWatchDisplay({ stream, nowMs }: ProgressSurroundings): {
  readonly show: (sight: Sight) => void
  readonly end: () => void
} {
  const startedMs = nowMs()
  const known = new Map<string, string>()
  const end = () => void (stream.isTTY && stream.write('\r\u001b[K'))
  return {
    show: (sight) => {
      const lines = [...statusesOf(sight)].filter(([name, status]) => known.get(name) !== status)
      end()
      for (const [name, status] of lines) {
        known.set(name, status)
        stream.write(`${fitted(`${name}: ${status}`, stream)}\n`)
      }
      if (stream.isTTY) stream.write(describeSight(sight, nowMs() - startedMs).slice(0, widthOf(stream) - 1))
    },
    end,
  }
}

function statusesOf({ standing, backups }: Sight): ReadonlyMap<string, string> {
  const { status = standing.state } = standing.checkpoint
  return new Map([
    ['Checkpoint', printable(String(status))],
    ...backups
      .filter(isOver)
      .map((backup): [string, string] => [nameOf(backup), printable(String(backup['status']))]),
  ])
}

function nameOf({ name, resource_name, id }: Row): string {
  return printable(`Backup ${name ?? id} of ${resource_name ?? 'a resource'}`)
}

function describeSight({ standing, backups }: Sight, elapsedMs: number): string {
  const expected = Math.max(acceptedIn(standing).length, backups.length)
  const over = backups.filter(isOver).length
  const share = expected === 0 ? 0 : over / expected
  return `${drawBar(share)} ${over} of ${expected} backups, ${Math.round(elapsedMs / 1000)} s`
}
