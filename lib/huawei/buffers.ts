import { freeMemory } from '../free-memory.ts'

/** Shorter bodies are not worth keeping a buffer for. */
const LEAST_BYTES = 1 << 16
/** A page of a thousand backups takes some 2 MB; what is much longer comes but once or twice. */
const MOST_BYTES = 1 << 22
/** As many as there may be answers on their way at once. */
const MOST_KEPT = 32

/** Memory for bodies, used again and again: the system clears each new page of memory, which costs as much as reading what comes into it. */
export interface Buffers {
  /** A buffer of at least so many bytes, whatever is in it. */
  readonly take: (bytes: number) => Buffer
  /** Takes back what nobody looks at any more. */
  readonly giveBack: (buffer: Buffer) => void
}

/** Begins with no memory, and keeps what was needed at once. */
export function createBuffers(): Buffers {
  const free: Buffer[] = []
  return {
    take: (bytes) => {
      const fitting = bytes < LEAST_BYTES ? -1 : free.findIndex((buffer) => buffer.length >= bytes)
      const [found] = fitting === -1 ? [] : free.splice(fitting, 1)
      // A little more than was asked for: the next page is a little longer.
      return found ?? Buffer.allocUnsafeSlow(bytes < LEAST_BYTES ? bytes : bytes + (bytes >>> 3))
    },
    giveBack: (buffer) => {
      if (buffer.length > MOST_BYTES) freeMemory(buffer)
      else if (buffer.length >= LEAST_BYTES && free.length < MOST_KEPT) free.push(buffer)
    },
  }
}
