import { redacted } from '../huawei/redact.ts'

const MOST_CHARS = 60
/** Keys and tokens are runs like these; names of ours have underscores in them, uuids hyphens, times are shorter. */
const KEY_LIKE = /[A-Za-z0-9+/=]{16,}/g

/** What a caller gave, fit to be said back: one line, short, and nothing in it that may be a secret in the wrong place. */
export function redactedInput(text: string): string {
  return redacted(text, MOST_CHARS).replaceAll(KEY_LIKE, '[redacted]')
}
