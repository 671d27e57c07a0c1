import type { OnReadOpts, Socket } from 'node:net'

/** Four times what Node takes for a read. */
const READ_BYTES = 1 << 18

/**
 * Lets all sockets read into the same memory, one after the other: what a read brings is copied from it before the next begins. By itself Node takes new
 * memory for each, which the system clears first, and which lives until the next short collection.
 */
export function sharedRead(): OnReadOpts {
  return {
    buffer: Buffer.allocUnsafeSlow(READ_BYTES),
    callback(this: Socket, bytes, buffer) {
      // The parser of `node:http` listens to this event, and copies what it gives away.
      this.emit('data', buffer.subarray(0, bytes))
      return true
    },
  }
}
