import { redacted } from '../huawei/redact.ts'

const MOST_CHARS = 60
/** Keys and tokens are runs like these; names of ours have underscores in them, uuids hyphens, times are shorter. */
const KEY_LIKE = /[A-Za-z0-9+/=]{16,}/g

/** What a caller gave, fit to be said back: one line, short, and nothing in it that may be a secret in the wrong place. */
export function redactedInput(text: string): string {
  return redacted(text, MOST_CHARS).replaceAll(KEY_LIKE, '[redacted]')
}

/** A value that a caller gave, as JSON, fit to be said back; with a text that cannot be said in full goes its length. */
export function redactedJson(json: string): string {
  const shown = redactedInput(json)
  if (shown === json || !json.startsWith('"')) return shown
  return `${shown} of ${[...String(JSON.parse(json))].length} characters`
}

/** A text that a caller gave, in quotes, fit to be said back. */
export function redactedText(text: string): string {
  return redactedJson(JSON.stringify(text))
}

/** A pointer into a document of a caller, whose keys may be anything, fit to be said back; the whole document is named as its place in the request. */
export function redactedPointer(pointer: string): string {
  return pointer === '' ? '/body' : pointer.split('/').map(redactedInput).join('/')
}

/** An address that a variable gave, without what may be a password in it. */
export function redactedAddress(address: string): string {
  return redactedText(address.replace(/^(\w+:\/\/)?.*@/s, '$1[redacted]@').replace(/[?#].*/s, '?…'))
}
