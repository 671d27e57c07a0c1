import { styleText } from 'node:util'
import { describeMistake, Fault } from '../lib/errors.ts'
import { fitted, type Screen } from './wrap.ts'

/** What a person reads when a command fails: one sentence, then every mistake on a line of its own; never a stack. */
export function describeFailure(error: unknown, screen: Partial<Screen> = process.stderr): string {
  const red = (text: string) => styleText('red', text, { stream: process.stderr })
  if (!(error instanceof Fault)) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return red(fitted(`Failed because of a defect of this tool: ${text}. Please report it.`, screen))
  }
  const head = red(fitted(`${error.message}${error.mistakes.length > 0 ? ':' : ''}`, screen))
  return [
    head,
    ...error.mistakes.map((mistake) => fitted(`  ${describeMistake(mistake)}`, screen, '    ')),
  ].join('\n')
}

/** 2 for what the caller can mend in flags and configuration, 1 for everything else. */
export function exitCodeOf(error: unknown): 1 | 2 {
  return error instanceof Fault &&
    (error.code === 'invalid_configuration' || error.code === 'invalid_request')
    ? 2
    : 1
}
