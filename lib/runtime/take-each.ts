import { Fault } from '../errors.ts'
import { aboutError } from './about-error.ts'
import type { Log } from './log.ts'

/** Takes one operation after the other; one that fails is logged, holds up no other, and in the end the first failure is thrown. */
export async function takeEach<Taken>(
  log: Log,
  operations: readonly string[],
  take: (operation: string) => Promise<Taken>,
): Promise<readonly Taken[]> {
  const taken: Taken[] = []
  const failures: unknown[] = []
  for (const operation of operations) {
    try {
      taken.push(await take(operation))
    } catch (error) {
      logFailedOperation(log, operation, error)
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return taken
}

/** The line that an alarm waits for. */
export function logFailedOperation(log: Log, operation: string, error: unknown): void {
  const because = error instanceof Fault ? { because: error.message } : {}
  log('error', 'operation failed', { operation, ...aboutError(error), ...because })
}
