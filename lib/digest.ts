import { hash } from 'node:crypto'

/** Lower-case hex SHA-256 of a text (as UTF-8) or of bytes. */
export function sha256(content: string | Uint8Array): string {
  return hash('sha256', content)
}

/**
 * The first 160 bits of the SHA-256 of a text in the 32 digits of base32hex: safe in paths, in keys of a store and in names
 * of checkpoints.
 */
export function idOf(content: string): string {
  return BigInt(`0x${sha256(content)}`)
    .toString(32)
    .padStart(52, '0')
    .slice(0, 32)
}
