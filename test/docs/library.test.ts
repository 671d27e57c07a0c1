import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../../local/emulator/server.ts'
import { run } from '../support/run.ts'

const ROOT = join(import.meta.dirname, '../..')
const PAGE = readFileSync(join(ROOT, 'docs/library.md'), 'utf8')
const EXAMPLES = [...PAGE.matchAll(/^```ts\n\/\/ (\S+\.ts)\n(.*?)^```$/gms)].map(
  ([, file = '', code = '']) => ({
    file,
    code,
  }),
)

/** What each example must print. */
const PRINTS: Readonly<Record<string, RegExp>> = {
  'cloud.ts': /^$/,
  'projects.ts': /^[0-9a-f]{32} cn-north-4$/m,
  'one-page.ts': /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (error|available) .* \d+ GB\n){101,200}$/,
  'all-backups.ts': /^all\n\d{2,} backups, \d+ without a copy\n$/,
  'checkpoint.ts': /^(skipped .*\n)*available \d+ backups\n$/,
  'dcs.ts': /^redis\S* (ha|single|cluster|proxy) \d+ restorable$/m,
  'faults.ts':
    /^\/query\/limit found "5000".*\n\/query\/sort found "size:asc".*\nupstream_refused BackupService.6105 Cannot POST .*There is no such vault.*\n$/,
}

/** A program of somebody else's that has the package installed. */
let folder = ''
let emulator: Emulator

beforeAll(async () => {
  await run('npm', ['run', '--silent', 'library'], ROOT)
  folder = mkdtempSync(join(tmpdir(), 'library-'))
  const installed = join(folder, 'node_modules/huawei-backup-audit')
  mkdirSync(installed, { recursive: true })
  cpSync(join(ROOT, 'package.json'), join(installed, 'package.json'))
  cpSync(join(ROOT, 'dist/library'), join(installed, 'dist/library'), { recursive: true })
  for (const name of ['zod', '@types'])
    symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  for (const { file, code } of EXAMPLES) writeFileSync(join(folder, file), code)
  emulator = await startEmulator({ now: Date.now, backups: 2000, checkpointMs: 200 })
}, 120_000)

afterAll(async () => {
  await emulator?.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('the examples of docs/library.md', () => {
  it('are all there, each with what it must print', () => {
    expect(EXAMPLES.map(({ file }) => file)).toEqual(Object.keys(PRINTS))
    expect(PAGE.match(/^```ts$/gm)).toHaveLength(EXAMPLES.length)
  })

  it('are well typed for a strict program that has nothing but the package', async () => {
    const files = EXAMPLES.map(({ file }) => file)
    await run(
      join(ROOT, 'node_modules/.bin/tsc'),
      [
        ...['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'],
        ...['--module', 'nodenext', '--target', 'es2024', '--types', 'node', '--skipLibCheck', 'false'],
        ...['--allowImportingTsExtensions', ...files],
      ],
      folder,
    )
  }, 60_000)

  it.each(EXAMPLES)('run: $file', async ({ file }) => {
    const { endpoint, credentials } = emulator
    const environment = {
      EMULATOR: endpoint,
      HUAWEICLOUD_SDK_AK: credentials.ak,
      HUAWEICLOUD_SDK_SK: credentials.sk,
    }
    expect(await run(process.execPath, [file], folder, environment)).toMatch(PRINTS[file] ?? /nothing/)
  })
})
