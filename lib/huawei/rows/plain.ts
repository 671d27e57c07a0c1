/** Whether none of four bytes is a quote, a backslash or a control character; where it is false, one of them may be. */
export function isPlain(four: number): boolean {
  const quotes = (four ^ 0x22222222) - 0x01010101
  const backslashes = (four ^ 0x5c5c5c5c) - 0x01010101
  const controls = four - 0x20202020
  return ((quotes | backslashes | controls) & ~four & 0x80808080) === 0
}
