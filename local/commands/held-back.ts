import { createReadStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault } from '../../lib/errors.ts'

/**
 * The same texts, the first of them only when the last has come: whoever reads them gets all or nothing. They wait in a file, for
 * a list of a million has no room in memory. Throws what broke them off, and a Fault `unavailable` where there is no room.
 */
export async function* heldBack(texts: AsyncIterable<string>): AsyncIterable<string | Buffer> {
  const folder = await trying(() => mkdtemp(join(tmpdir(), 'huawei-backups-')))
  try {
    const path = join(folder, 'held-back')
    const file = await trying(() => open(path, 'wx', 0o600))
    try {
      for await (const text of texts) await trying(() => file.appendFile(text))
    } finally {
      await file.close()
    }
    yield* createReadStream(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function trying<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Fault('unavailable', `Cannot keep the list in ${tmpdir()} until it is whole: ${why}`, { cause })
  }
}
