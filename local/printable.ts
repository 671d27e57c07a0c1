/** Text of the cloud for a terminal: nothing in it may move the cursor, start a new line or turn the text around. */
export function printable(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '�')
}

// East Asian wide and full-width forms, and emoji, as terminals draw them: roughly, for no two terminals agree on all.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u
const MARKS_ONLY = /^\p{M}+$/u
const ASCII = /^[ -~]*$/

/** Made for the first text that needs it: loading what it knows of Unicode takes a fifth of the time in which a command starts. */
let segmenter: Intl.Segmenter | undefined

function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return segmenter.segment(text)
}

/** How many columns a printable text takes on a terminal. */
export function columnsOf(text: string): number {
  if (ASCII.test(text)) return text.length
  let columns = 0
  for (const { segment } of graphemesOf(text)) columns += columnsOfGrapheme(segment)
  return columns
}

/** The text in at most so many columns; what was cut off is an ellipsis. */
export function cutToColumns(text: string, most: number): string {
  if (columnsOf(text) <= most) return text
  let kept = ''
  let columns = 0
  for (const { segment } of graphemesOf(text)) {
    columns += columnsOfGrapheme(segment)
    if (columns > most - 1) break
    kept += segment
  }
  return `${kept}…`
}

/** The text in pieces of at most so many columns; no letter is cut in two. */
export function splitAtColumns(text: string, most: number): readonly string[] {
  if (columnsOf(text) <= most) return [text]
  const pieces: string[] = []
  let [piece, columns] = ['', 0]
  for (const { segment } of graphemesOf(text)) {
    const more = columnsOfGrapheme(segment)
    if (columns + more > most && piece !== '') {
      pieces.push(piece)
      piece = ''
      columns = 0
    }
    piece += segment
    columns += more
  }
  return [...pieces, piece]
}

function columnsOfGrapheme(grapheme: string): number {
  if (MARKS_ONLY.test(grapheme)) return 0
  return WIDE.test(grapheme) ? 2 : 1
}
