import { isFailed } from '../../lib/checkpoint-status.ts'
import { plural } from '../plural.ts'
import { printable } from '../printable.ts'
import { type Row, toRow } from '../read-pages.ts'
import { acceptedIn, isKnown, type Standing, skippedIn } from './checkpoint-standing.ts'
import type { Sight } from './watch-checkpoint.ts'

/** Of the backups that failed, in one sentence; the list of all stands beside it. */
const MOST_NAMED = 5

/** What was started, for people: its ids first, then what was taken in and what was left out. */
export function describeStart(standing: Standing): string {
  return toText(linesOf(standing))
}

/** What is known of it at the end and was not told at the start; that it goes on is no news. */
export function describeNews(first: Standing, last: Standing): string {
  const { status } = last.checkpoint
  const told = linesOf({ ...first, checkpoint: { ...first.checkpoint, status } })
  return toText(linesOf(last).filter((line) => !told.includes(line)))
}

function linesOf(standing: Standing): readonly string[] {
  const { checkpoint, path, key, state } = standing
  const vault = toRow(checkpoint['vault'])
  const hasStarted = typeof checkpoint['id'] === 'string'
  return [
    `Checkpoint  ${hasStarted ? `${words(checkpoint['id'])} (${words(checkpoint['status'])})` : `not known (${state})`}`,
    `Operation   ${operationIn(path)}`,
    `Key         ${key}`,
    ...(vault['id'] === undefined ? [] : [`Vault       ${words(vault['name'])} (${words(vault['id'])})`]),
    ...(hasStarted
      ? [
          `Accepted    ${Array.isArray(vault['resources']) ? plural(acceptedIn(standing).length, 'resource') : 'not known'}`,
        ]
      : []),
    ...acceptedIn(standing).map((resource) => `  ${describeResource(resource)}`),
    ...describeSkipped(standing),
  ]
}

function toText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

/** What was left out and why, in Huawei's words; empty where nothing was. */
export function describeSkipped(standing: Standing): readonly string[] {
  const skipped = skippedIn(standing)
  if (skipped.length === 0) return []
  const why = ({ code, reason }: Row) => `${words(code)} ${words(reason)}`.trim()
  return [
    `Skipped     ${plural(skipped.length, 'resource')}`,
    ...skipped.map((resource) => `  ${describeResource(resource)}: ${why(resource)}`),
  ]
}

/** How the backups of a checkpoint ended, for people. */
export function describeBackups({ backups }: Sight): string {
  if (backups.length === 0) return ''
  const lines = backups.map(
    ({ id, status, name, resource_name }) =>
      `  ${words(id)}  ${words(status).padEnd(9)}  ${words(name)} of ${words(resource_name)}`,
  )
  return `Backups     ${backups.length}\n${lines.join('\n')}\n`
}

/** Everything, for programs: Huawei's words untouched; `backups` is null where nobody waited for them. */
export function toJson({ standing, backups }: Sight, hasWaited: boolean): string {
  const { path, key, state, because, checkpoint } = standing
  const { id = null, status = null } = checkpoint
  return `${JSON.stringify({
    operation: operationIn(path),
    idempotency_key: key,
    state,
    because,
    checkpoint_id: id,
    status,
    skipped: skippedIn(standing),
    checkpoint: id === null ? null : checkpoint,
    backups: hasWaited ? backups : null,
  })}\n`
}

/** What becomes of a checkpoint that nobody waits for any more. */
export function describeLeft(standing: Standing): string {
  return `The checkpoint goes on. ${howToAskAgain(standing)}`
}

function howToAskAgain({ key }: Standing): string {
  return `Ask again with the same flags and --idempotency-key ${key} --wait: nothing is started twice.`
}

/** Why a checkpoint is no success, and what to do then; undefined where it is one. */
export function describeTrouble(
  { standing, backups, end, blind }: Sight,
  hasWaited: boolean,
): string | undefined {
  const again = howToAskAgain(standing)
  if (end === 'error' || (!hasWaited && standing.state === 'failed')) return describeFailed(standing, backups)
  const why = standing.because === null ? '' : ` ${printable(standing.because)}.`
  if (!isKnown(standing)) return `The outcome is not known.${why} ${again}`
  if (!hasWaited || end === 'available') return undefined
  if (blind !== undefined) return `The checkpoint was started, but cannot be followed: ${blind}. ${again}`
  return `The checkpoint was started, but is not available yet: the time to --wait is over.${why} ${again}`
}

function describeFailed({ because, checkpoint, state }: Standing, backups: readonly Row[]): string {
  const failed = backups.filter(isFailed)
  if (failed.length === 0)
    return `The checkpoint failed: ${because ?? `its status is ${words(checkpoint['status'] ?? state)}`}.`
  const names = failed.map(({ name, resource_name }) => `${words(name)} of ${words(resource_name)}`)
  const more = names.length - MOST_NAMED
  const which = [...names.slice(0, MOST_NAMED), ...(more > 0 ? [`${more} more`] : [])]
  return `The checkpoint failed: ${failed.length} of ${backups.length} backups ended in error: ${which.join(', ')}.`
}

function describeResource({ id, name, type }: Row): string {
  return [words(name), words(type), words(id)].filter((part) => part !== '').join('  ')
}

function operationIn(path: string): string {
  return path.replace('/checkpoints/', '')
}

function words(value: unknown): string {
  return value === null || value === undefined ? '' : printable(String(value))
}
