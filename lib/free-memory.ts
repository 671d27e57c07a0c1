/**
 * Gives the memory of bytes back at once, where they are all that is in it: nobody may look at them any more. Left to the garbage
 * collector they make it run half as often again, and each run looks at all that the audit remembers.
 */
export function freeMemory({ buffer, byteLength }: ArrayBufferView): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}
