import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CONTROLS } from '../../../../lib/audit/controls/index.ts'

const SOURCES = new URL('../../../../lib/audit/controls/', import.meta.url)
const PAGES = new URL('../../../../docs/controls/', import.meta.url)
const ids = CONTROLS.map(({ id }) => id)

function namesIn(folder: URL, ending: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
}

describe('Every control', () => {
  it('is listed once, and lives in a file of its name', () => {
    const files = namesIn(SOURCES, '.ts').filter((name) => name !== 'index')
    expect(ids.toSorted()).toEqual(files.toSorted())
  })

  it('has its page, and every page its control', () => {
    expect(namesIn(PAGES, '.md').toSorted()).toEqual(ids.toSorted())
  })

  it.each(CONTROLS)('$id has a page that opens with its name and tells its severity', ({ id, severity }) => {
    const page = readFileSync(new URL(`${id}.md`, PAGES), 'utf8')
    expect(page).toMatch(new RegExp(`^# ${id}\n`))
    expect(page).toContain(`\`${severity.cbr}\``)
    for (const heading of ['Why it matters', 'Common causes', 'What to do', 'Tune or mute', 'A finding'])
      expect(page).toContain(`## ${heading}\n`)
  })

  it.each(CONTROLS)('$id speaks in one sentence, without a full stop', ({ remedy, passTitle, failTitle }) => {
    for (const words of [remedy.cbr, remedy.dcs, passTitle, failTitle]) expect(words).toMatch(/^[A-Z].*[^.]$/)
  })
})
