import type { Environment } from '../lib/runtime/environment.ts'
import { columnsOf, splitAtColumns } from './printable.ts'

/** Where lines go, as far as their width is concerned. */
export type Screen = Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>

const USUAL_COLUMNS = 80

/** How wide a terminal is; some say 0, and what is no terminal says nothing: then the variable of shells counts. */
export function widthOf({ columns }: Partial<Screen>, { COLUMNS }: Environment = {}): number {
  return columns || Number(/^[1-9]\d{1,4}$/.exec(COLUMNS ?? '')?.[0] ?? USUAL_COLUMNS)
}

/** Breaks a text into lines of at most so many columns: at blanks, and within a word only where it is wider than a line. */
export function wrap(says: string, columns: number): readonly string[] {
  const lines: string[] = []
  for (const word of says.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && columnsOf(last) + 1 + columnsOf(word) <= columns)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(...splitAtColumns(word, columns))
  }
  return lines
}

/** A line for people: as many as it takes on a terminal, those after the first indented; one elsewhere, for `grep`. */
export function fitted(line: string, screen: Partial<Screen>, indent = '  '): string {
  return screen.isTTY ? wrap(line, widthOf(screen) - indent.length).join(`\n${indent}`) : line
}
