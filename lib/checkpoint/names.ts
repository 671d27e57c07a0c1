import { idOf } from '../digest.ts'
import { formatTime, type Instant } from '../time.ts'

/** How much of an operation's id stands in the name of its checkpoint: 100 bits. */
const TOKEN_CHARS = 20

const OPERATION = /^[0-9a-v]{32}$/

/** The operation that a key means in one project: the same key names the same one, one character more another. */
export function operationOf(key: string, region: string, projectId: string): string {
  return idOf(JSON.stringify(['http', key, region, projectId]))
}

/** Whether a text can be the id of an operation. */
export function isOperation(text: string): boolean {
  return OPERATION.test(text)
}

/** The name for a checkpoint that its caller did not name: ASCII, at most 64 characters, and found again by its token. */
export function nameCheckpoint(operation: string, receivedAt: Instant, attempt: number): string {
  const date = formatTime(receivedAt).slice(0, 10).replaceAll('-', '')
  return `al-${date}-${tokenOf(operation)}-${attempt}`
}

/** Whether the name of a checkpoint was made for its operation, and not given by the caller. */
export function isMadeName(operation: string, checkpointName: string): boolean {
  return checkpointName.includes(tokenOf(operation))
}

/** Whether a backup comes from the checkpoint of that name; CBR numbers the backups of one checkpoint: `name_0001`. */
export function isNamedFor(operation: string, checkpointName: string, backupName: string): boolean {
  if (isMadeName(operation, checkpointName)) return backupName.includes(tokenOf(operation))
  return backupName === checkpointName || backupName.startsWith(`${checkpointName}_`)
}

function tokenOf(operation: string): string {
  return operation.slice(0, TOKEN_CHARS)
}
