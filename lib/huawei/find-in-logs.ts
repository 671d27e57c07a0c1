import * as z from 'zod/mini'
import { ask } from './answer.ts'
import type { ProjectAddress } from './backup-page.ts'
import { type CheckpointTrace, filterBy } from './checkpoint-trace.ts'
import { asWire, text } from './fields.ts'
import type { Request, Send } from './http.ts'
import { pathTo } from './path.ts'

const page = z.looseObject({ operation_logs: z.array(z.unknown()) })

/** Of the checkpoints whose logs name no backup: each is asked for by itself. */
const MOST_ASKED = 20

/** The checkpoints that fit by what CBR logged of its work; of a log that names no backup the checkpoint itself is asked. */
export async function findInLogs(
  send: Send,
  address: ProjectAddress,
  trace: CheckpointTrace,
  isNamedOurs: (checkpointId: string) => Promise<boolean>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const ours = new Set<string>()
  const nameless = new Set<string>()
  for (let offset = 0; ; ) {
    const { operation_logs: rows } = await ask(send, logsRequest(address, trace, offset), page, { signal })
    if (rows.length === 0) break
    for (const row of rows) {
      const wire = asWire(row)
      const checkpointId = text(wire?.['checkpoint_id'])
      const name = text(asWire(asWire(wire?.['extra_info'])?.['backup'])?.['backup_name'])
      if (!checkpointId) continue
      if (!name) nameless.add(checkpointId)
      else if (trace.isOurs(name)) ours.add(checkpointId)
    }
    offset += rows.length
  }
  for (const id of [...nameless].filter((one) => !ours.has(one)).slice(0, MOST_ASKED))
    if (await isNamedOurs(id)) ours.add(id)
  return [...ours]
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
