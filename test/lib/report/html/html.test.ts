import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { embedded, escapeText, html, name, sentence } from '../../../../lib/report/html/html.ts'

const anywhere = fc.integer({ min: 0, max: 0x10ffff })
const codePoint = fc
  .oneof(anywhere, fc.integer({ min: 0, max: 255 }))
  .map((code) => String.fromCodePoint(code))

describe('the template', () => {
  it('escapes text, keeps markup, joins lists, and shows nothing for nothing', () => {
    const inner = html`<b>${'<&>'}</b>`
    expect(html`<p title="${`"'\``}">${[inner, 1, undefined, null, false, 'x']}</p>`.markup).toBe(
      '<p title="&#34;&#39;&#96;"><b>&#60;&#38;&#62;</b>1x</p>',
    )
  })

  const OUT_OF_PLACE = /[<>"'`]|&(?!#\d+;)|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

  it('lets no text of the cloud leave its place', () => {
    fc.assert(
      fc.property(fc.string({ unit: codePoint }), (text) => {
        expect(escapeText(text)).not.toMatch(OUT_OF_PLACE)
      }),
    )
  })

  it('lets no character leave its place: of a million few are hidden, and chance would seldom meet them', () => {
    const leaving: string[] = []
    for (let code = 0; code <= 0x10ffff; code += 1)
      if (OUT_OF_PLACE.test(escapeText(String.fromCodePoint(code)))) leaving.push(code.toString(16))
    expect(leaving).toEqual([])
  })
})

describe('each character of ASCII', () => {
  it.each(Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)))(
    '%j is shown as it is unless it means something',
    (character) => {
      const code = character.charCodeAt(0)
      const hex = code.toString(16).toUpperCase().padStart(4, '0')
      const isControl = code < 32 || code === 127
      const shown = isControl ? `[U+${hex}]` : `&<>"'\``.includes(character) ? `&#${code};` : character
      expect(escapeText(`a${character}b`)).toBe(`a${shown}b`)
    },
  )
})

describe('a name', () => {
  it.each([
    ['\0', '[U+0000]'],
    ['\u001b[2J', '[U+001B][2J'],
    ['a\u202eb', 'a[U+202E]b'],
    ['\u2066\u2069', '[U+2066][U+2069]'],
    ['\u2028', '[U+2028]'],
    ['\ufeff', '[U+FEFF]'],
    ['\u{e0041}', '[U+E0041]'],
    ['\ud800', '[U+D800]'],
    ['项目 😀', '项目 😀'],
    ['&lt;b&gt;', '&#38;lt;b&#38;gt;'],
  ])('%j is shown as %s, isolated', (text, shown) => {
    expect(name(text).markup).toBe(`<bdi>${shown}</bdi>`)
  })

  it('is cut at 256 characters as they are shown, with a mark, and never inside a character', () => {
    const letters = (text: string): string => name(text).markup.replace(/<\/?bdi>/g, '')
    expect(letters('x'.repeat(256))).toBe('x'.repeat(256))
    expect(letters('x'.repeat(257))).toBe(`${'x'.repeat(256)}…`)
    expect(letters('😀'.repeat(300))).toBe(`${'😀'.repeat(256)}…`)
    expect(letters(`Z${'\u0301'.repeat(10_000)}`)).toHaveLength(257)
    expect(letters('\u202e'.repeat(300))).toBe(`${'[U+202E]'.repeat(32)}…`)
    expect(letters('\u202e'.repeat(100))).toBe(`${'[U+202E]'.repeat(32)}…`)
    expect(sentence('x'.repeat(2000)).markup).toContain(`${'x'.repeat(1024)}…`)
  })
})

describe('JSON in a page', () => {
  it('cannot end its element, and is the same value', () => {
    const value = { text: '</script><!--<script>', other: '\u2028\u2029' }
    expect(embedded(value).markup).not.toContain('<')
    expect(JSON.parse(embedded(value).markup)).toEqual(value)
  })
})
