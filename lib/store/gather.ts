/** One buffer for many small pieces. */
export interface Gatherer {
  /** Copies a piece in; whenever the buffer is full and more comes, what it holds is handed on first. */
  readonly add: (piece: string | Uint8Array) => Promise<void>
  /** What was gathered and not handed on yet. */
  readonly rest: () => Buffer
}

/** Gathers pieces in a buffer of fixed size that is used again and again, so that a long stream leaves no garbage. */
export function createGatherer(sizeBytes: number, handOn: (bytes: Buffer) => Promise<void>): Gatherer {
  const buffer = Buffer.allocUnsafe(sizeBytes)
  let filled = 0
  const rest = () => buffer.subarray(0, filled)
  return {
    rest,
    async add(piece) {
      let left = typeof piece === 'string' ? Buffer.from(piece) : piece
      while (left.length > 0) {
        if (filled === sizeBytes) {
          await handOn(rest())
          filled = 0
        }
        const taken = left.subarray(0, sizeBytes - filled)
        buffer.set(taken, filled)
        filled += taken.length
        left = left.subarray(taken.length)
      }
    },
  }
}
