/** One buffer for many small pieces. */
export interface Gatherer {
  /** Copies a piece in; whenever the buffer is full and more comes, it is handed on first. */
  readonly add: (piece: string | Uint8Array) => Promise<void>
  /** What was gathered and not handed on yet. */
  readonly rest: () => Buffer
}

/**
 * Gathers pieces in buffers of fixed size that are used again and again, so that a long stream leaves no garbage; `handOn` takes a
 * full one, and gives back one of that size that is free: the same, or another while that is still read.
 */
export function createGatherer(sizeBytes: number, handOn: (full: Buffer) => Promise<Buffer>): Gatherer {
  let buffer: Buffer = Buffer.allocUnsafe(sizeBytes)
  let filled = 0
  return {
    rest: () => buffer.subarray(0, filled),
    async add(piece) {
      let left = typeof piece === 'string' ? Buffer.from(piece) : piece
      while (left.length > 0) {
        if (filled === sizeBytes) {
          buffer = await handOn(buffer)
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
