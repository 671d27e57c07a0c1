import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')

/** What a store is, for rooms that are handed one. */
const STORE_CONTRACT = ['lib/store/store.ts', 'lib/store/put-version.ts'] as const

const ROOMS = [
  'functions',
  'workflow',
  'runtime',
  'audit',
  'report',
  'huawei',
  'store',
  'alerts',
  'checkpoint',
  'library',
  'nouns',
  'local',
  'openapi',
  'emulator',
] as const
type Room = (typeof ROOMS)[number]

/** Which rooms and single files a room may import from: the arrows of docs/architecture.md. */
const MAY_IMPORT = {
  functions: ['workflow', 'runtime', 'audit', 'report', 'checkpoint', 'alerts', 'nouns'],
  workflow: ['runtime', 'audit', 'report', 'alerts', 'nouns', ...STORE_CONTRACT],
  runtime: ['huawei', 'store', 'alerts', 'checkpoint', 'nouns', 'package.json'],
  audit: ['nouns'],
  report: ['audit', 'nouns', ...STORE_CONTRACT],
  huawei: ['nouns'],
  store: ['nouns'],
  alerts: ['nouns'],
  checkpoint: ['nouns', ...STORE_CONTRACT],
  library: ['runtime', 'huawei', 'nouns'],
  nouns: [],
  local: [
    'functions',
    'workflow',
    'runtime',
    'report',
    'audit',
    'nouns',
    'emulator',
    'openapi',
    'package.json',
    'lib/store/store.ts',
  ],
  openapi: ['runtime', 'huawei', 'checkpoint', 'report', 'workflow', 'nouns', 'package.json'],
  emulator: ['lib/huawei/signature.ts'],
} as const satisfies Record<Room, readonly string[]>

/** A clock or a die: allowed where the world is wired, passed as an argument everywhere else. */
const CLOCK_OR_DIE =
  /\bDate\.now\(|new Date\(\)|Math\.random\(|\brandomUUID\(|\brandomBytes\(|performance\.now\(|process\.hrtime/

interface Source {
  readonly path: string
  readonly text: string
  readonly room: Room
  readonly imports: readonly string[]
}

const sources: readonly Source[] = ['functions', 'lib', 'local'].flatMap(sourcesUnder)

function sourcesUnder(folder: string): readonly Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readSource(join(folder, name)))
}

function readSource(path: string): Source {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const code = text.replaceAll(/^import type .*$/gm, (line) => (/'node:/.test(line) ? '' : line))
  const specifiers = [...code.matchAll(/(?:(?<!\.)\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(
    ([, specifier = '']) => specifier,
  )
  const imports = specifiers.map((specifier) =>
    specifier.startsWith('.') ? relative(ROOT, join(ROOT, dirname(path), specifier)) : specifier,
  )
  return { path, text, room: roomOf(path), imports }
}

function roomOf(path: string): Room {
  if (path.startsWith('functions/')) return 'functions'
  const [top, folder = '', ...rest] = path.split('/')
  if (top === 'local') return folder === 'emulator' || folder === 'openapi' ? folder : 'local'
  if (path === 'lib/index.ts') return 'library'
  if (rest.length === 0) return 'nouns'
  const room = ROOMS.find((name) => name === folder)
  if (room === undefined) throw new Error(`lib/${folder} is no room of the house: see docs/architecture.md`)
  return room
}

function isOurs(specifier: string): boolean {
  return /^(functions|lib|local)\//.test(specifier) || specifier === 'package.json'
}

function isAllowed(source: Source, target: string): boolean {
  const allowed: readonly string[] = MAY_IMPORT[source.room]
  if (allowed.includes(target)) return true
  if (target === 'package.json') return false
  const room = roomOf(target)
  return room === source.room || allowed.includes(room)
}

function pathsWhere(isOffending: (source: Source) => boolean): readonly string[] {
  return sources.filter(isOffending).map(({ path }) => path)
}

describe('the house', () => {
  it('has a source in every room that the rules speak of', () => {
    const inhabited = new Set(sources.map(({ room }) => room))
    expect(ROOMS.filter((room) => !inhabited.has(room))).toEqual([])
  })

  it('lets imports run only along the arrows', () => {
    const offences = sources.flatMap((source) =>
      source.imports
        .filter((target) => isOurs(target) && !isAllowed(source, target))
        .map((target) => `${source.path} imports ${target}`),
    )
    expect(offences).toEqual([])
  })

  it('has no import circles', () => {
    expect(findCircle()).toBeUndefined()
  })

  it('keeps the audit pure: no node: module, no package but zod', () => {
    const offences = sources
      .filter(({ room }) => room === 'audit')
      .flatMap(({ path, imports }) =>
        imports
          .filter((target) => !isOurs(target) && target !== 'zod/mini')
          .map((target) => `${path} imports ${target}`),
      )
    expect(offences).toEqual([])
  })

  it('opens sockets to Huawei in send.ts alone', () => {
    const opens = ({ path, room, imports }: Source) =>
      room !== 'local' &&
      room !== 'emulator' &&
      path !== 'lib/huawei/send.ts' &&
      imports.some((target) => /^(node:)?(http|https|net|tls|http2)$/.test(target))
    expect(pathsWhere(opens)).toEqual([])
  })

  it('meets the environment at the door alone: everybody else is handed it', () => {
    const reads = ({ path, text }: Source) =>
      /process\.env\b/.test(text) && !['local/cli.ts', 'lib/runtime/config.ts'].includes(path)
    expect(pathsWhere(reads)).toEqual([])
  })

  it('holds clocks and dice in services.ts alone; the emulator, an outside world, has a clock of its own', () => {
    expect(
      pathsWhere(
        ({ path, text, room }) =>
          CLOCK_OR_DIE.test(text) && path !== 'lib/runtime/services.ts' && room !== 'emulator',
      ),
    ).toEqual([])
  })

  it('has no default exports', () => {
    expect(pathsWhere(({ text }) => /^export default\b/m.test(text))).toEqual([])
  })

  it('has no drawers', () => {
    expect(
      pathsWhere(({ path }) => /^(utils?|helpers?|common|misc|shared)\.ts$/.test(basename(path))),
    ).toEqual([])
  })

  it('imports zod in its small form only', () => {
    expect(
      pathsWhere(
        ({ imports, text }) => imports.includes('zod') || /import \{[^}]*\} from 'zod\/mini'/.test(text),
      ),
    ).toEqual([])
  })

  it('gives every control its file name as id and a page in docs/controls', () => {
    const ids = sources
      .filter(({ path }) => /^lib\/audit\/controls\/(?!index)[^/]+\.ts$/.test(path))
      .map(({ path, text }) => {
        const id = basename(path, '.ts')
        expect(text).toContain(`id: '${id}'`)
        return `${id}.md`
      })
    expect(ids.length).toBeGreaterThanOrEqual(6)
    expect(readdirSync(join(ROOT, 'docs/controls'))).toEqual(expect.arrayContaining(ids))
  })
})

function findCircle(): string | undefined {
  const importsOf = new Map(
    sources.map(({ path, imports }) => [path, imports.filter((target) => target.endsWith('.ts'))]),
  )
  const done = new Set<string>()
  const visit = (path: string, trail: readonly string[]): string | undefined => {
    if (trail.includes(path)) return [...trail, path].join(' → ')
    if (done.has(path)) return undefined
    const circle = (importsOf.get(path) ?? [])
      .map((target) => visit(target, [...trail, path]))
      .find((found) => found !== undefined)
    done.add(path)
    return circle
  }
  return [...importsOf.keys()].map((path) => visit(path, [])).find((circle) => circle !== undefined)
}
