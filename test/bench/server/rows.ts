const ROWS_PER_BLOCK = 1000
const COMMA = Buffer.from(',')

/** So many rows in their text, one behind the other with a comma after each, and where each of them begins. */
interface Block {
  readonly bytes: Buffer
  readonly starts: Uint32Array
}

/** Rows that are put into their text once, and sent from where they lie. */
export class Rows {
  readonly count: number
  readonly #blocks: Block[] = []
  readonly #rowAt: (index: number) => Buffer

  /** `rowAt` gives the text of a row, which is copied before the next one is asked for. */
  constructor(count: number, rowAt: (index: number) => Buffer) {
    this.count = count
    this.#rowAt = rowAt
  }

  /** Puts all rows into their text now rather than when they are sent. */
  prepare(onProgress: (done: number) => void = () => {}): this {
    for (let first = 0; first < this.count; first += ROWS_PER_BLOCK) {
      this.#blockOf(first)
      onProgress(Math.min(this.count, first + ROWS_PER_BLOCK))
    }
    return this
  }

  /** So many rows with commas between them, in few pieces that are no copies. */
  slice(first: number, count: number): readonly Buffer[] {
    const pieces: Buffer[] = []
    for (let at = first; at < first + count; ) {
      const { bytes, starts } = this.#blockOf(at)
      const from = at % ROWS_PER_BLOCK
      const to = Math.min(starts.length - 1, from + first + count - at)
      at += to - from
      const isLast = at === first + count
      pieces.push(bytes.subarray(starts[from], (starts[to] ?? 0) - (isLast ? COMMA.length : 0)))
    }
    return pieces
  }

  /** The same rows in the opposite order, put there when they are first sent. */
  reversed(): Rows {
    return new Rows(this.count, (index) => this.slice(this.count - 1 - index, 1)[0] ?? Buffer.alloc(0))
  }

  #blockOf(index: number): Block {
    const at = Math.floor(index / ROWS_PER_BLOCK)
    const first = at * ROWS_PER_BLOCK
    const block =
      this.#blocks[at] ?? writeBlock(first, Math.min(ROWS_PER_BLOCK, this.count - first), this.#rowAt)
    this.#blocks[at] = block
    return block
  }
}

/** Rows of ASCII, so that a character is a byte. */
export function writtenRows(count: number, write: (index: number) => string): Rows {
  return new Rows(count, (index) => Buffer.from(write(index), 'latin1'))
}

/** Where a block is written, before its length is known. */
let draft = Buffer.alloc(1 << 20)

function writeBlock(first: number, count: number, rowAt: (index: number) => Buffer): Block {
  const starts = new Uint32Array(count + 1)
  let end = 0
  for (let row = 0; row < count; row += 1) {
    const text = rowAt(first + row)
    while (end + text.length + COMMA.length > draft.length) draft = Buffer.concat([draft], 2 * draft.length)
    end += text.copy(draft, end)
    end += COMMA.copy(draft, end)
    starts[row + 1] = end
  }
  return { bytes: Buffer.from(draft.subarray(0, end)), starts }
}
