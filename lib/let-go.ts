/**
 * Frees bytes that nobody looks at any more at once, if nobody else has them: left to the garbage collector they make it run half as often
 * again, and each run looks at all that the audit remembers.
 */
export function letGo({ buffer, byteLength }: ArrayBufferView): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}
