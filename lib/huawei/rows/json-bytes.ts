// The bytes that JSON is put together with; each by itself, so that comparing with one costs no look into an object.
const BLANK = 0x20
export const QUOTE = 0x22
export const COMMA = 0x2c
export const OPENING_BRACKET = 0x5b
export const BACKSLASH = 0x5c
export const CLOSING_BRACKET = 0x5d
export const OPENING_BRACE = 0x7b
export const CLOSING_BRACE = 0x7d

/** The bytes that may stand between any two others. */
export const BLANKS: ReadonlySet<number | undefined> = new Set([BLANK, 0x09, 0x0d, 0x0a])
