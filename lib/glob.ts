/**
 * Whether a text fits a pattern in which `*` stands for any text, also none, and every other character for itself. It
 * never goes back, so that no pattern takes long.
 */
export function fitsGlob(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return text === pattern
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false
  const end = text.length - last.length
  let from = first.length
  // The first place is always the best: it leaves most of the text to what follows.
  for (const part of rest) {
    const found = text.indexOf(part, from)
    if (found === -1 || found + part.length > end) return false
    from = found + part.length
  }
  return true
}
