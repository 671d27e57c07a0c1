/** Markup that is safe to put into a page. Only the tag below and `trusted` make it. */
export class Html {
  readonly markup: string

  constructor(markup: string) {
    this.markup = markup
  }
}

/** What may stand in a template: text is escaped, markup is kept, lists are joined, and nothing shows as nothing. */
export type Content = string | number | Html | readonly Content[] | undefined | null | false

/** Writes markup; every value in it is escaped, in text and in quoted attributes alike. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  // Joined, not added up: V8 would keep each piece for as long as the whole.
  const pieces = strings.map((text, index) => (index === 0 ? text : render(values[index - 1]) + text))
  return new Html(pieces.join(''))
}

/** Markup of our own that is no template: a style, a script, JSON. Never text from elsewhere. */
export function trusted(markup: string): Html {
  return new Html(markup)
}

/** The one escape function. Characters that would be invisible or turn the text around are shown as what they are. */
export function escapeText(text: string): string {
  if (PLAIN.test(text)) return text
  return text.replaceAll(HIDDEN, shown).replaceAll(SPECIAL, (character) => `&#${character.charCodeAt(0)};`)
}

/** A name from the cloud: isolated from the text around it, and cut where it is longer than anybody reads. */
export function name(text: string): Html {
  return html`<bdi>${cut(text, MAX_NAME)}</bdi>`
}

/** A sentence with facts from the cloud in it: isolated and cut like a name, but later. */
export function sentence(text: string): Html {
  return html`<bdi>${cut(text, MAX_SENTENCE)}</bdi>`
}

/** A value as JSON in a page: `<` could end the script element. */
export function embedded(value: unknown): Html {
  return trusted(JSON.stringify(value).replaceAll('<', '\\u003c'))
}

const SPECIAL = /[&<>"'`]/g
// ASCII without those: nearly all texts, told by one look.
const PLAIN = /^[ !#-%(-;=?-_a-~]*$/

// Controls, formats (zero width, direction, tags), line and paragraph separators, and halves of surrogate pairs.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

const MAX_NAME = 256
const MAX_SENTENCE = 1024
const SHOWN_LENGTH = '[U+202E]'.length

function render(content: Content): string {
  if (content === undefined || content === null || content === false) return ''
  if (content instanceof Html) return content.markup
  if (typeof content === 'object') return content.map(render).join('')
  return escapeText(String(content))
}

function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength && text.search(HIDDEN) === -1) return text
  let length = 0
  let end = 0
  for (const character of text) {
    // Counted as it is shown, so that a name of hidden characters is no longer than any other.
    length += character.search(HIDDEN) === -1 ? 1 : SHOWN_LENGTH
    if (length > maxLength) return `${text.slice(0, end)}…`
    end += character.length
  }
  return text
}

function shown(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0
  return `[U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}]`
}
