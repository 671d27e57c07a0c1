/** Two lanes of 32 bits. By name, because V8 makes no object of them where they are taken apart at once, and of an array it does. */
export interface Hash64 {
  readonly high: number
  readonly low: number
}

/**
 * A 64-bit hash of a text in two 32-bit lanes, for sets of ids that are too many to keep as strings; no defence
 * against somebody who looks for collisions. Another seed gives an independent hash.
 */
export function hash64(text: string, seed = 0): Hash64 {
  let high = 0x811c9dc5 ^ seed
  let low = 0x9747b28c ^ Math.imul(seed, 0x9e3779b1)
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    high = Math.imul(high ^ unit, 0x01000193)
    low = Math.imul(low ^ unit, 0x85ebca6b)
    low ^= low >>> 15
  }
  return { high: mix(high), low: mix(low ^ text.length) }
}

/** The last step of MurmurHash3: every bit of the input reaches every bit of the output. */
function mix(value: number): number {
  let mixed = value
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
