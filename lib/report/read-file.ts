import { isAscii } from 'node:buffer'
import { createHash } from 'node:crypto'
import type * as z from 'zod/mini'
import { Fault } from '../errors.ts'
import type { Store } from '../store/store.ts'
import type { ManifestFile } from './manifest.ts'

const LINE_END = 0x0a

/** The bytes of a file as the manifest promises them, each piece until the next is asked for; a Fault names the file where they are others. */
export async function* readVerified(
  store: Store,
  auditId: string,
  file: ManifestFile,
): AsyncIterable<Uint8Array> {
  const key = `${auditId}/${file.name}`
  const hash = createHash('sha256')
  try {
    for await (const bytes of store.read(key)) {
      hash.update(bytes)
      yield bytes
    }
  } catch (error) {
    if (error instanceof Fault && error.code === 'not_found') throw damaged(store, key, 'it is gone', error)
    throw error
  }
  const sha256 = hash.digest('hex')
  if (sha256 !== file.sha256)
    throw damaged(store, key, `its SHA-256 is ${sha256}, the manifest names ${file.sha256}`)
}

/** The lines of a file, verified on the way: flat memory however long it is. */
export async function* readLines(store: Store, auditId: string, file: ManifestFile): AsyncIterable<string> {
  for await (const lines of readLineBatches(store, auditId, file, () => true)) yield* lines
}

/** As many wanted lines at once as a piece of the file holds: each wait for a single line costs more than reading it. */
async function* readLineBatches(
  store: Store,
  auditId: string,
  file: ManifestFile,
  isNextWanted: () => boolean,
): AsyncIterable<Iterable<string>> {
  let rest = Buffer.alloc(0)
  for await (const { buffer, byteOffset, byteLength } of readVerified(store, auditId, file)) {
    const piece = Buffer.from(buffer, byteOffset, byteLength)
    const begun = piece.indexOf(LINE_END) + 1
    const end = piece.lastIndexOf(LINE_END) + 1
    // Only the line that goes on is joined: where many files are read side by side, a copy of each piece is as much again.
    const whole = Buffer.concat([rest, piece.subarray(0, begun === 0 ? byteLength : begun)])
    if (begun === 0) rest = whole
    else {
      yield linesOf(whole, isNextWanted)
      yield linesOf(piece.subarray(begun, end), isNextWanted)
      rest = Buffer.from(piece.subarray(end))
    }
  }
  yield linesOf(rest, isNextWanted)
}

/** Each line is made when it is asked for: where several files are read side by side, texts made ahead grow old before they are used. */
function* linesOf(piece: Buffer, isNextWanted: () => boolean): Iterable<string> {
  // Nearly always ASCII, which is read several times as fast.
  const encoding = isAscii(piece) ? 'latin1' : 'utf8'
  for (let start = 0; start < piece.length; ) {
    const found = piece.indexOf(LINE_END, start)
    const end = found === -1 ? piece.length : found
    if (isNextWanted()) yield piece.toString(encoding, start, end)
    start = end + 1
  }
}

/**
 * The rows of a file that this tool wrote under this audit, in this process or one before it, or those at some places from 0: the hash
 * proves that they are what was written, so they need no schema. Use nothing of them where the reading fails in the end.
 */
export async function* readOwnRows<Row>(
  store: Store,
  auditId: string,
  file: ManifestFile,
  wanted?: ReadonlySet<number>,
): AsyncIterable<Row> {
  const key = `${auditId}/${file.name}`
  let place = -1
  const isNextWanted = () => {
    place += 1
    return wanted === undefined || wanted.has(place)
  }
  for await (const lines of readLineBatches(store, auditId, file, isNextWanted))
    for (const line of lines) yield parseUndamaged(store, key, line) as Row
}

/** Reads JSON that was stored, by its schema; `key` names it where it is damaged. */
export function parseStored<T>(
  store: Store,
  key: string,
  json: string | Buffer,
  schema: z.ZodMiniType<T>,
): T {
  const parsed = schema.safeParse(parseUndamaged(store, key, json.toString()))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw damaged(store, key, `${issue?.path.join('.') || 'it'}: ${issue?.message}`)
}

function parseUndamaged(store: Store, key: string, json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw damaged(store, key, 'it is not JSON', error)
  }
}

/** That a stored file is not what was written; the cause of the fault that says so. */
class Damage extends Error {
  override readonly name = 'Damage'
}

/** The fault of a stored file that is not what was written. */
export function damaged(store: Store, key: string, found: string, cause?: unknown): Fault {
  return new Fault(
    'unavailable',
    `Cannot use "${store.locate(key)}", it is damaged: ${found}. Restore it from a copy, or move it out of the store, with its whole audit where it belongs to one`,
    { cause: new Damage(found, { cause }) },
  )
}

/** Whether a file is damaged: a store that cannot be reached says nothing of what it holds. */
export function isDamage(error: unknown): error is Fault {
  return error instanceof Fault && error.cause instanceof Damage
}
