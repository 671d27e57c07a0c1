import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const clone = mkdtempSync(join(tmpdir(), 'bundle-'))
const kept = join(clone, 'node_modules/.cache/commands')

afterAll(() => rmSync(clone, { recursive: true }))

describe('the kept bundle of the commands', () => {
  it('is made by the first command, and never older than the sources', { timeout: 120_000 }, () => {
    cloneSources()
    expect(runUnknown()).toContain('There is no command')
    expect(bundles()).toHaveLength(1)
    const edited = join(clone, 'local/cli.ts')
    writeFileSync(
      edited,
      readFileSync(edited, 'utf8').replace('There is no command', 'Nobody knows a command'),
    )
    // The first run after an edit may be too close to it to keep what it makes; what it says must be right all the same.
    expect(runUnknown()).toContain('Nobody knows a command')
    expect(runUnknown()).toContain('Nobody knows a command')
    expect(bundles()).toHaveLength(2)
  })

  it('is of ASCII alone, and says all the same what the sources say', () => {
    const [name = ''] = bundles()
    expect(readFileSync(join(kept, name), 'utf8')).toMatch(/^[\0-\x7f]*$/)
    expect(run(['audit', '--store', 'ftp://me:secret@there'])).toContain('ftp://…@there')
  })

  it('runs with what V8 made of it in the run before, and without that where it is damaged', () => {
    const help = spawnCommand(['audit', '--help']).stdout
    expect(help).toContain('--target')
    const name = one(codes())
    const made = readFileSync(join(kept, name))
    expect(made.length).toBeGreaterThan(100_000)
    expect(spawnCommand(['audit', '--help']).stdout).toBe(help)
    expect(readFileSync(join(kept, name)).equals(made)).toBe(true)
    const damaged = Buffer.from(made).fill(0xff, 5000, 6000)
    writeFileSync(join(kept, name), damaged)
    expect(spawnCommand(['audit', '--help']).stdout).toBe(help)
    expect(readFileSync(join(kept, name)).equals(damaged)).toBe(false)
  })

  it('keeps nothing for a command that does not exist', () => {
    runUnknown()
    expect(codes().filter((name) => !name.includes('.audit.'))).toEqual([])
  })

  it('is without the clients of S3 and of secrets, which lie beside it and are found there', () => {
    expect(run(['audit', '--store', 's3://a-bucket', '--quiet'])).toContain(
      'Cannot write to the store s3://a-bucket: the store cannot be reached',
    )
    for (const name of bundles()) expect(readFileSync(join(kept, name), 'utf8')).not.toContain('S3Client')
  })

  it('is no condition: without it the sources run', { timeout: 120_000 }, () => {
    rmSync(kept, { recursive: true })
    writeFileSync(kept, 'no folder')
    expect(runUnknown()).toContain('Nobody knows a command')
  })
})

function cloneSources(): void {
  for (const part of ['functions', 'local', 'lib', 'package.json'])
    cpSync(join(ROOT, part), join(clone, part), { recursive: true })
  mkdirSync(join(clone, 'node_modules'))
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (name !== '.cache') symlinkSync(join(ROOT, 'node_modules', name), join(clone, 'node_modules', name))
}

const NO_S3 = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1',
}

function spawnCommand(argv: readonly string[]) {
  return spawnSync(process.execPath, [join(clone, 'local/main.cjs'), ...argv], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...NO_S3 },
  })
}

/** What a command says on stderr. */
function run(argv: readonly string[]): string {
  return spawnCommand(argv).stderr
}

function runUnknown(): string {
  return run(['nonsense'])
}

function bundles(): readonly string[] {
  return readdirSync(kept).filter((name) => /^cli-\w+\.cjs$/.test(name))
}

function one(names: readonly string[]): string {
  expect(names).toHaveLength(1)
  return names[0] ?? ''
}

/** What V8 made of the bundle, by command. */
function codes(): readonly string[] {
  return readdirSync(kept).filter((name) => name.endsWith('.code'))
}
