import { styleText } from 'node:util'
import { describeMistake, Fault } from '../lib/errors.ts'

/** What a person reads when a command fails: one sentence, then every mistake on a line of its own; never a stack. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Fault)) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return `${styleText('red', 'Failed because of a defect of this tool', { stream: process.stderr })}: ${text}. Please report it.`
  }
  const head = `${styleText('red', error.message, { stream: process.stderr })}${error.mistakes.length > 0 ? ':' : ''}`
  return [head, ...error.mistakes.map((mistake) => `  ${describeMistake(mistake)}`)].join('\n')
}

/** 2 for what the caller can mend in flags and configuration, 1 for everything else. */
export function exitCodeOf(error: unknown): 1 | 2 {
  return error instanceof Fault &&
    (error.code === 'invalid_configuration' || error.code === 'invalid_request')
    ? 2
    : 1
}
