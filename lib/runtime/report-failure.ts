import { describeMistake, Fault } from '../errors.ts'
import { aboutError } from './about-error.ts'
import type { Log } from './log.ts'

/**
 * Writes a failed invocation into the log and returns the error to end it with, which Lambda shows to whoever called: of a
 * fault its code and its words; of a defect that it is one, for its own words may hold anything.
 */
export function reportFailure(log: Log, error: unknown): Error {
  if (!(error instanceof Fault)) {
    log('error', 'invocation failed', aboutError(error))
    return named('internal', 'Cannot go on because of a defect; the log of the function says where')
  }
  const { code, message, mistakes } = error
  log('error', 'invocation failed', {
    ...aboutError(error),
    because: message,
    ...(mistakes.length > 0 && { mistakes: mistakes.map(({ pointer }) => pointer) }),
  })
  return named(code, [message, ...mistakes.map(describeMistake)].join('\n'))
}

/** Lambda prints the stack of what ends an invocation; ours would only say that it was made here. */
function named(name: string, message: string): Error {
  const error = Object.assign(new Error(message), { name })
  error.stack = `${name}: ${message}`
  return error
}
