import { closeIfOver, isClosed } from '../checkpoint/closed.ts'
import type { LedgerRecord, RecordIn } from '../checkpoint/record.ts'
import type { CheckpointServices } from './checkpoint-ports.ts'

/**
 * Closes an operation that is over. One of an alert that did not succeed is told first, in the line that an alarm waits
 * for: whoever dies in between tells it twice, never not at all. Callers over HTTP were told, or ask.
 */
export async function closeOperation(
  services: Pick<CheckpointServices, 'store' | 'now' | 'log'>,
  record: LedgerRecord,
): Promise<void> {
  const { store, now } = services
  const isUnsuccessful = record.state === 'FAILED' || record.state === 'REFUSED'
  if (isUnsuccessful && record.origin !== undefined && !(await isClosed(store, record.operation)))
    tellUnsuccessful(services, record, record.origin.alert_id)
  await closeIfOver(store, record, now())
}

function tellUnsuccessful(
  { log }: Pick<CheckpointServices, 'log'>,
  record: RecordIn<'FAILED' | 'REFUSED'>,
  alert_id: string,
): void {
  const { operation, state, region, project_id } = record
  const fields = { operation, target: `${region}:${project_id}`, state, alert_id }
  if (record.state === 'FAILED') {
    log('error', 'operation failed', fields)
    return
  }
  const code = record.upstream.error_code
  log('error', 'operation refused', { ...fields, ...(code === null ? {} : { huawei_error_code: code }) })
}
