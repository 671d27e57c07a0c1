import { Fault } from '../errors.ts'
import { ask } from './answer.ts'
import { cbrPage, cbrPageRequest, type ProjectAddress } from './backup-page.ts'
import { type CheckpointTrace, filterBy, mayBeIn } from './checkpoint-trace.ts'
import { asWire, text } from './fields.ts'
import { findInLogs } from './find-in-logs.ts'
import type { Send } from './http.ts'
import { rowsByOffset } from './rows-by-offset.ts'
import { showCheckpoint } from './show-checkpoint.ts'

/**
 * The checkpoints that fit, by the backups of the vault, and by the operation logs with the checkpoints that these name:
 * whichever shows one first. Throws where none was seen and not everything could be read, for then nothing is proved.
 */
export async function findCheckpoints(
  send: Send,
  address: ProjectAddress,
  trace: CheckpointTrace,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const isNamedOurs = async (checkpointId: string) => {
    const { body, vaultId } = await showCheckpoint(send, address, checkpointId, signal)
    if (!mayBeIn(trace, vaultId)) return false
    return trace.isOurs(text(asWire(body.checkpoint['extra_info'])?.['name']) ?? '')
  }
  const ids = new Set<string>()
  // What was seen before a look broke off is there all the same.
  const keep = async (look: AsyncIterable<string>) => {
    for await (const id of look) ids.add(id)
  }
  const looks = await Promise.allSettled([
    keep(findInBackups(send, address, trace, signal)),
    keep(findInLogs(send, address, trace, isNamedOurs, signal)),
  ])
  const failed = looks.find((look) => look.status === 'rejected')
  if (failed !== undefined && (ids.size === 0 || !(failed.reason instanceof Fault))) throw failed.reason
  return [...ids]
}

/** Names are compared here: whether Huawei's own filter by name is exact is not known. */
async function* findInBackups(
  send: Send,
  address: ProjectAddress,
  trace: CheckpointTrace,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const readPage = async (offset: number) => {
    const query = [
      ...filterBy(trace),
      ['sort', 'created_at:asc'],
      ['limit', '1000'],
      ['offset', `${offset}`],
    ] as const
    return (await ask(send, cbrPageRequest(address, query), cbrPage, { signal })).backups
  }
  for await (const row of rowsByOffset(readPage)) {
    const wire = asWire(row)
    const checkpointId = text(wire?.['checkpoint_id'])
    if (!mayBeIn(trace, wire?.['vault_id'])) continue
    if (checkpointId && trace.isOurs(text(wire?.['name']) ?? '')) yield checkpointId
  }
}
