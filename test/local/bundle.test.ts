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

function runUnknown(): string {
  return spawnSync(process.execPath, [join(clone, 'local/main.cjs'), 'nonsense'], { encoding: 'utf8' }).stderr
}

function bundles(): readonly string[] {
  return readdirSync(kept).filter((name) => name.endsWith('.cjs'))
}
