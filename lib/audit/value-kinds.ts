/** What fits a few bytes. */
export type Value = string | number | boolean | undefined

/** Before each value: of which kind it is. */
export const KINDS = {
  absent: 0,
  no: 1,
  yes: 2,
  byte: 3,
  short: 4,
  gibi: 5,
  whole: 6,
  double: 7,
  uuid: 8,
  ascii: 9,
  utf8: 10,
  utf16: 11,
} as const
/** Sizes are in bytes, and most of them whole GiB. */
export const GIBI = 2 ** 30
/** Other whole numbers, such as times in microseconds, take two halves of three bytes and one byte more. */
export const HALF_VALUES = 2 ** 24
