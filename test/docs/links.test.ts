import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]

const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8')
const proseOf = (page: string) =>
  textOf(page)
    .replaceAll(/^```.*?^```$/gms, '')
    .replaceAll(/`[^`\n]*`/g, '')

/** The anchors of a page, as GitHub makes them of its headings. */
function anchorsOf(page: string): readonly string[] {
  const code = textOf(page).replaceAll(/^```.*?^```$/gms, '')
  return [...code.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function mistakeIn(page: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : join(dirname(page), path)
  if (!existsSync(join(ROOT, target))) return `${page} links ${link}: there is no ${target}`
  if (anchor === undefined || anchorsOf(target).includes(anchor)) return undefined
  return `${page} links ${link}: there is no such heading`
}

describe('Every link between our pages', () => {
  it('leads to a file that is there, and to a heading that is in it', () => {
    const links = PAGES.flatMap((page) =>
      [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, link = '']) => [page, link] as const)
        .filter(([, link]) => !/^[a-z]+:/.test(link)),
    )
    expect(links.length).toBeGreaterThan(30)
    expect(
      links.map(([page, link]) => mistakeIn(page, link)).filter((mistake) => mistake !== undefined),
    ).toEqual([])
  })

  it('can be followed to every page of docs', () => {
    const pages = PAGES.filter((page) => /^docs\/[^/]+\.md$/.test(page))
    const reached = new Set(
      PAGES.flatMap((page) =>
        [...proseOf(page).matchAll(/\]\(([^)#\s]+)/g)].map(([, link = '']) => join(dirname(page), link)),
      ),
    )
    expect(pages.filter((page) => !reached.has(page))).toEqual([])
  })
})
