import { UUID_BYTES, writeUuid } from './uuid-bytes.ts'
import { GIBI, HALF_VALUES, KINDS, type Value } from './value-kinds.ts'

const BYTE_VALUES = 2 ** 8
const SHORT_VALUES = 2 ** 16
/** The most bytes that any value but a text takes: its kind and a UUID. */
const LONGEST_BUT_TEXT = 1 + UUID_BYTES
const FIRST_NOT_ASCII = 0x80
const SHORT = 64

/**
 * Writes lists of values as bytes that `ValueReader` reads: half as many as in JSON, mostly because ids are UUIDs. All come back
 * as they were, lone surrogates too.
 */
export class ValueWriter {
  /** As long as the longest list was, and used again for each. */
  #bytes = Buffer.allocUnsafeSlow(1 << 10)
  #end = 0

  /** The bytes of a list; they are overwritten by the next. */
  write(values: readonly Value[]): Uint8Array {
    this.#end = 0
    this.#number(values.length)
    for (let index = 0; index < values.length; index += 1) this.#value(values[index])
    return this.#bytes.subarray(0, this.#end)
  }

  #value(value: Value): void {
    this.#reserve(LONGEST_BUT_TEXT)
    if (typeof value === 'number') this.#number(value)
    else if (typeof value !== 'string')
      this.#byte(value === undefined ? KINDS.absent : value ? KINDS.yes : KINDS.no)
    else if (writeUuid(value, this.#bytes, this.#end + 1)) {
      this.#byte(KINDS.uuid)
      this.#end += UUID_BYTES
    } else if (value.length > SHORT || !this.#ascii(value)) this.#text(value)
  }

  #number(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0 || Object.is(value, -0)) {
      this.#byte(KINDS.double)
      this.#end = this.#bytes.writeDoubleLE(value, this.#end)
    } else if (value < BYTE_VALUES) {
      this.#byte(KINDS.byte)
      this.#byte(value)
    } else if (value < SHORT_VALUES) {
      this.#byte(KINDS.short)
      this.#short(value)
    } else if (value % GIBI === 0 && value / GIBI < SHORT_VALUES) {
      this.#byte(KINDS.gibi)
      this.#short(value / GIBI)
    } else {
      const rest = Math.floor(value / HALF_VALUES)
      this.#byte(KINDS.whole)
      this.#half(value % HALF_VALUES)
      this.#half(rest % HALF_VALUES)
      this.#byte(Math.floor(rest / HALF_VALUES))
    }
  }

  /** Byte by byte, here too: the methods of a buffer look at their arguments for longer than that takes. */
  #short(value: number): void {
    this.#byte(value & 0xff)
    this.#byte(value >>> 8)
  }

  #half(value: number): void {
    this.#short(value & 0xffff)
    this.#byte(value >>> 16)
  }

  #text(text: string): void {
    // UTF-8 has no lone surrogates.
    const [kind, encoding] = text.isWellFormed()
      ? ([KINDS.utf8, 'utf8'] as const)
      : ([KINDS.utf16, 'utf16le'] as const)
    const length = Buffer.byteLength(text, encoding)
    this.#byte(kind)
    this.#number(length)
    this.#reserve(length)
    this.#end += this.#bytes.write(text, this.#end, encoding)
  }

  /** Writes a short text byte by byte, as most are: asking Node takes longer than that. False where it has other characters. */
  #ascii(text: string): boolean {
    const begin = this.#end
    this.#byte(KINDS.ascii)
    this.#byte(text.length)
    this.#reserve(text.length)
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index)
      if (unit >= FIRST_NOT_ASCII) {
        this.#end = begin
        return false
      }
      this.#byte(unit)
    }
    return true
  }

  #byte(value: number): void {
    this.#bytes[this.#end] = value
    this.#end += 1
  }

  /** Makes room for so many bytes, and a number behind them. */
  #reserve(bytes: number): void {
    const needed = this.#end + bytes + LONGEST_BUT_TEXT
    if (needed <= this.#bytes.length) return
    const longer = Buffer.allocUnsafeSlow(2 * needed)
    longer.set(this.#bytes)
    this.#bytes = longer
  }
}
