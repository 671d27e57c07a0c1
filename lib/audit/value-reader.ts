import { readUuid, UUID_BYTES } from './uuid-bytes.ts'
import { GIBI, HALF_VALUES, KINDS, type Value } from './value-kinds.ts'

const DOUBLE_BYTES = 8

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
      case KINDS.short:
        return this.#short()
      case KINDS.gibi:
        return this.#short() * GIBI
      case KINDS.whole:
        return this.#half() + HALF_VALUES * (this.#half() + HALF_VALUES * this.#byte())
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

  #short(): number {
    return this.#byte() + (this.#byte() << 8)
  }

  #half(): number {
    return this.#short() + (this.#byte() << 16)
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
