import { redacted } from '../huawei/redact.ts'

const MOST_CHARS = 60

/** What a caller gave, fit to be said back: one line, short, and nothing in it that may be a secret in the wrong place. */
export function quoted(text: string): string {
  return redacted(text, MOST_CHARS)
}
