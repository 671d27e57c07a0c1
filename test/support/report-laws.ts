import { expect } from 'vitest'
import { sha256 } from '../../lib/digest.ts'
import { readManifest } from '../../lib/report/read-record.ts'
import type { Store } from '../../lib/store/store.ts'
import { allOf } from './sample-record.ts'

/** All of an object. */
export async function bytesOf(store: Store, key: string): Promise<Buffer> {
  const pieces: Buffer[] = []
  // Copied, as the next may overwrite it.
  for await (const piece of store.read(key)) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces)
}

/** The law of every moment: whoever sees a manifest can read every file that it lists, as it lists it. */
export async function expectWhole(store: Store, auditId: string): Promise<void> {
  const manifest = await readManifest(store, auditId)
  if (manifest === undefined) return
  for (const file of manifest.files) {
    const bytes = await bytesOf(store, `${auditId}/${file.name}`)
    expect([file.name, sha256(bytes), bytes.length]).toEqual([file.name, file.sha256, file.bytes])
  }
}

/** The folders of a store in which there is a manifest. */
export async function foldersOf(store: Store): Promise<readonly string[]> {
  const names: string[] = []
  for (const name of await allOf(store.names('')))
    if (name.endsWith('/') && (await readManifest(store, name.slice(0, -1))) !== undefined)
      names.push(name.slice(0, -1))
  return names
}
