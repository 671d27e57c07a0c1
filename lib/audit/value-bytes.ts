import { readUuid, UUID_BYTES, writeUuid } from './uuid-bytes.ts'

/** What fits a few bytes. */
export type Value = string | number | boolean | undefined

/** Before each value: of which kind it is. */
const KINDS = {
  absent: 0,
  no: 1,
  yes: 2,
  byte: 3,
  whole: 4,
  double: 5,
  uuid: 6,
  ascii: 7,
  utf8: 8,
  utf16: 9,
} as const
/** Whole numbers that are more than a byte take two halves of three bytes. */
const WHOLE_VALUES = 2 ** 48
const HALF_VALUES = 2 ** 24
const BYTE_VALUES = 2 ** 8
const DOUBLE_BYTES = 8
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
    const isWhole = Number.isInteger(value) && value >= 0 && value < WHOLE_VALUES && !Object.is(value, -0)
    if (!isWhole) {
      this.#byte(KINDS.double)
      this.#end = this.#bytes.writeDoubleLE(value, this.#end)
    } else if (value < BYTE_VALUES) {
      this.#byte(KINDS.byte)
      this.#byte(value)
    } else {
      this.#byte(KINDS.whole)
      this.#half(value % HALF_VALUES)
      this.#half(Math.floor(value / HALF_VALUES))
    }
  }

  #half(value: number): void {
    this.#byte(value & 0xff)
    this.#byte((value >>> 8) & 0xff)
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

/** Reads what a `ValueWriter` wrote. */
export class ValueReader {
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0

  /** The list whose bytes begin at `start`. */
  read(bytes: Buffer, start: number): Value[] {
    this.#bytes = bytes
    this.#at = start
    const length = Number(this.#value())
    const values: Value[] = []
    for (let index = 0; index < length; index += 1) values.push(this.#value())
    return values
  }

  #value(): Value {
    const kind = this.#byte()
    switch (kind) {
      case KINDS.absent:
        return undefined
      case KINDS.no:
      case KINDS.yes:
        return kind === KINDS.yes
      case KINDS.byte:
        return this.#byte()
      case KINDS.whole:
        return this.#half() + HALF_VALUES * this.#half()
      case KINDS.double:
        return this.#bytes.readDoubleLE(this.#skip(DOUBLE_BYTES))
      case KINDS.uuid:
        return readUuid(this.#bytes, this.#skip(UUID_BYTES))
      case KINDS.ascii:
        return this.#text('latin1', this.#byte())
      case KINDS.utf8:
        return this.#text('utf8', Number(this.#value()))
      case KINDS.utf16:
        return this.#text('utf16le', Number(this.#value()))
      default:
        throw new RangeError(`No kind of value is called ${kind}`)
    }
  }

  #text(encoding: BufferEncoding, bytes: number): string {
    const at = this.#skip(bytes)
    return this.#bytes.toString(encoding, at, at + bytes)
  }

  #half(): number {
    return this.#byte() + (this.#byte() << 8) + (this.#byte() << 16)
  }

  #byte(): number {
    return this.#bytes[this.#skip(1)] ?? 0
  }

  #skip(bytes: number): number {
    const at = this.#at
    this.#at += bytes
    return at
  }
}
