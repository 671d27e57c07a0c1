/** Compares two texts by code point, which for characters beyond U+FFFF differs from what `<` does. */
export function compareText(a: string, b: string): number {
  const shared = Math.min(a.length, b.length)
  for (let index = 0; index < shared; index += 1) {
    const left = a.charCodeAt(index)
    const right = b.charCodeAt(index)
    if (left !== right) return rank(left) - rank(right)
  }
  return a.length - b.length
}

/** The texts, each once, in the order of their code points. */
export function distinctTexts(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort(compareText)
}

/** The last resort where two things differ in nothing that has an order: their JSON text. */
export function compareJson(a: unknown, b: unknown): number {
  return compareText(JSON.stringify(a), JSON.stringify(b))
}

/** Surrogates stand for the highest code points, but their units lie below U+E000. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
