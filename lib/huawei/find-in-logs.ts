import * as z from 'zod/mini'
import { Fault } from '../errors.ts'
import { ask } from './answer.ts'
import type { ProjectAddress } from './backup-page.ts'
import { type CheckpointTrace, filterBy, mayBeIn } from './checkpoint-trace.ts'
import { asWire, text } from './fields.ts'
import type { Request, Send } from './http.ts'
import { pathTo } from './path.ts'
import { rowsByOffset } from './rows-by-offset.ts'

const page = z.looseObject({ operation_logs: z.array(z.unknown()) })

/** Of the checkpoints whose logs name no backup: each is asked for by itself. */
const MOST_ASKED = 20

/**
 * The checkpoints that fit by what CBR logged of its work, maybe more than once; of a log that names no backup the checkpoint itself is asked.
 * Throws at the end where not all logs could be read, or not all checkpoints asked.
 */
export async function* findInLogs(
  send: Send,
  address: ProjectAddress,
  trace: CheckpointTrace,
  isNamedOurs: (checkpointId: string) => Promise<boolean>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const ours = new Set<string>()
  const nameless = new Set<string>()
  const readPage = async (offset: number) =>
    (await ask(send, logsRequest(address, trace, offset), page, { signal })).operation_logs
  for await (const row of rowsByOffset(readPage)) {
    const wire = asWire(row)
    const checkpointId = text(wire?.['checkpoint_id'])
    const name = text(asWire(asWire(wire?.['extra_info'])?.['backup'])?.['backup_name'])
    if (!checkpointId || !mayBeIn(trace, wire?.['vault_id'])) continue
    if (!name) nameless.add(checkpointId)
    else if (trace.isOurs(name)) {
      ours.add(checkpointId)
      yield checkpointId
    }
  }
  const unknown = [...nameless].filter((one) => !ours.has(one))
  for (const id of unknown.slice(0, MOST_ASKED)) if (await isNamedOurs(id)) yield id
  if (unknown.length > MOST_ASKED)
    throw new Fault(
      'upstream_unavailable',
      `Cannot ask for each of the ${unknown.length} checkpoints whose logs name no backup: ${MOST_ASKED} were asked for`,
    )
}

/** The document gives `offset` a minimum of 1, so the first page is asked for without. */
function logsRequest({ origin, projectId }: ProjectAddress, trace: CheckpointTrace, offset: number): Request {
  const position = offset === 0 ? [] : ([['offset', `${offset}`]] as const)
  return {
    method: 'GET',
    origin,
    path: pathTo`/v3/${projectId}/operation-logs`,
    query: [...filterBy(trace), ['operation_type', 'backup'], ['limit', '1000'], ...position],
    headers: { 'x-project-id': projectId },
  }
}
