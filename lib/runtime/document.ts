import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Fault, type Mistake } from '../errors.ts'
import { repeatedKeys } from '../repeated-keys.ts'
import { systemCode } from '../system-code.ts'
import { isInStore, splitDocumentAddress } from './document-address.ts'
import type { Services } from './services.ts'

/** What a JSON document holds, and the mistakes in how it is written that `JSON.parse` passes over. */
export interface ReadDocument {
  readonly value: unknown
  readonly mistakes: readonly Mistake[]
}

/** Reads a JSON document from a path or a store URL; throws a Fault `invalid_configuration` that names it. */
export async function readDocument(
  services: Pick<Services, 'openStore'>,
  address: string,
): Promise<ReadDocument> {
  if (!isInStore(address)) return readLocalDocument(address)
  return parse(address, await readFromStore(services, address))
}

/** Reads a JSON document of this machine; throws like `readDocument`. */
export async function readLocalDocument(address: string): Promise<ReadDocument> {
  return parse(address, await readFromDisk(address))
}

/** The path that an address on this machine names. */
export function localPath(address: string): string {
  return address.replace(/^file:(?:\/\/)?/, '')
}

function parse(address: string, text: string): ReadDocument {
  // Editors of Windows put a byte order mark in front.
  const json = text.replace(/^\u{feff}/u, '')
  try {
    return { value: JSON.parse(json), mistakes: repeatedKeys(json) }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw unreadable(address, `is no JSON: ${why}`, cause)
  }
}

async function readFromDisk(address: string): Promise<string> {
  try {
    return await readFile(localPath(address), 'utf8')
  } catch (cause) {
    const code = systemCode(cause) ?? 'unreadable'
    throw unreadable(
      address,
      code === 'ENOENT' ? `does not exist (${resolve(localPath(address))})` : `could not be read (${code})`,
      cause,
    )
  }
}

async function readFromStore({ openStore }: Pick<Services, 'openStore'>, address: string): Promise<string> {
  const { store, key } = splitDocumentAddress(address)
  const stored = await openStore(store).get(key)
  if (stored === undefined) throw unreadable(address, 'does not exist')
  return stored.bytes.toString('utf8')
}

function unreadable(address: string, why: string, cause?: unknown): Fault {
  const mistakes = [{ pointer: JSON.stringify(address), detail: why }]
  return new Fault('invalid_configuration', 'Cannot read the policy', { mistakes, cause })
}
