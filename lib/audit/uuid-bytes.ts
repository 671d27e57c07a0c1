/** How many bytes a UUID has. */
export const UUID_BYTES = 16
const TEXT_LENGTH = 36
const DASH = 0x2d
/** Where the two digits of each byte stand. */
const DIGITS_AT = Uint8Array.of(0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34)

const DIGITS = Buffer.from('0123456789abcdef', 'latin1')
const NO_DIGIT = 0xff
const VALUE_OF = new Uint8Array(256).fill(NO_DIGIT)
DIGITS.forEach((digit, value) => {
  VALUE_OF[digit] = value
})

const text = Buffer.alloc(TEXT_LENGTH, DASH)

/** Writes a UUID in its usual form, lower case, as bytes; false where the text is none, and what was written is void then. */
export function writeUuid(id: string, bytes: Uint8Array, start: number): boolean {
  if (id.length !== TEXT_LENGTH || !hasDashes(id)) return false
  for (let index = 0; index < UUID_BYTES; index += 1) {
    const at = DIGITS_AT[index] ?? 0
    const high = VALUE_OF[id.charCodeAt(at)] ?? NO_DIGIT
    const low = VALUE_OF[id.charCodeAt(at + 1)] ?? NO_DIGIT
    if (high === NO_DIGIT || low === NO_DIGIT) return false
    bytes[start + index] = high * 16 + low
  }
  return true
}

function hasDashes(id: string): boolean {
  return (
    id.charCodeAt(8) === DASH &&
    id.charCodeAt(13) === DASH &&
    id.charCodeAt(18) === DASH &&
    id.charCodeAt(23) === DASH
  )
}

/** The UUID whose bytes begin at `start`. */
export function readUuid(bytes: Uint8Array, start: number): string {
  for (let index = 0; index < UUID_BYTES; index += 1) {
    const byte = bytes[start + index] ?? 0
    const at = DIGITS_AT[index] ?? 0
    text[at] = DIGITS[byte >>> 4] ?? 0
    text[at + 1] = DIGITS[byte & 15] ?? 0
  }
  return text.toString('latin1')
}
