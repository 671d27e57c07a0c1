/**
 * How each test of a file begins: with its title, and the rows that `it.each` gives it. Read line by line, as biome writes them. What
 * is switched off by `.skip` or `.todo` is no test, nor is anything in a file in which a `describe` is.
 */
export function testHeads(source: string): readonly string[] {
  if (/^ *describe\.(skip|todo)\b/m.test(source)) return []
  const lines = source.split('\n')
  return lines.flatMap((line, index) => {
    const [, indent, modifiers] = /^( *)it((?:\.\w+)*)[(<]/.exec(line) ?? []
    if (indent === undefined || modifiers === undefined || /\.(skip|todo)\b/.test(modifiers)) return []
    return [headOf(lines.slice(index), indent, modifiers === '.each')]
  })
}

function headOf(lines: readonly string[], indent: string, isTable: boolean): string {
  const opening = lines[0] ?? ''
  const isOneLine = !isTable || /\)\(/.test(opening)
  const closing = isOneLine ? 0 : lines.findIndex((line, at) => at > 0 && !line.startsWith(`${indent} `))
  const titled = lines[closing]?.endsWith('(') ? closing + 1 : closing
  return lines.slice(0, titled + 1).join('\n')
}
