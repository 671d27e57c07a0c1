import { createHmac } from 'node:crypto'
import { isSame } from './same.ts'

/** What a key makes of some pieces of content, HMAC-SHA256. */
export function hmacOf(
  key: string | Buffer,
  pieces: readonly (string | Buffer)[],
  encoding: 'hex' | 'base64',
): string {
  const hmac = createHmac('sha256', key)
  for (const piece of pieces) hmac.update(piece)
  return hmac.digest(encoding)
}

/** Whether one of the signatures was made with one of the keys. All are compared, whichever it is. */
export function isSignedWithAny(signatures: readonly string[], expected: readonly string[]): boolean {
  return expected.flatMap((right) => signatures.map((given) => isSame(given, right))).includes(true)
}
