const PART = /^[0-9A-Za-z_-][0-9A-Za-z._-]*$/

/** Whether a text may be one part of a key: `[0-9A-Za-z._-]`, with no dot in front, so that `..` and hidden files are no keys. */
export function isKeyPart(text: string): boolean {
  return PART.test(text)
}

/** The key itself; throws a TypeError where it is none, for that is a defect of ours and nothing a user can mend. */
export function checkKey(key: string): string {
  if (key.split('/').every(isKeyPart)) return key
  throw new TypeError(
    `${JSON.stringify(key)} is no key of a store: parts of [0-9A-Za-z._-] without a leading dot, joined by "/"`,
  )
}

/** The prefix itself: empty, or a key and a `/` behind it; throws a TypeError for anything else. */
export function checkPrefix(prefix: string): string {
  if (prefix !== '') checkKey(prefix.endsWith('/') ? prefix.slice(0, -1) : `${prefix}?`)
  return prefix
}
