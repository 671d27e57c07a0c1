import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '../../local/emulator/actions.ts'
import { parseFault } from '../../local/emulator/fault-spec.ts'
import { withEmulator } from '../local/emulator/client.ts'
import { run } from '../support/run.ts'

const ROOT = join(import.meta.dirname, '../..')
const PAGE = readFileSync(join(ROOT, 'docs/emulator.md'), 'utf8')

describe('docs/emulator.md', () => {
  it('has an example for the SDK core of Node that runs', async () => {
    const [, code = ''] = /^```js\n(.*?)^```$/ms.exec(PAGE) ?? []
    const folder = mkdtempSync(join(tmpdir(), 'emulator-page-'))
    try {
      symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
      writeFileSync(join(folder, 'example.cjs'), code)
      await withEmulator({ now: Date.now, backups: 100 }, async ({ endpoint, credentials }) => {
        const { ak: AK, sk: SK, project_id: PROJECT_ID } = credentials
        const environment = { EMULATOR: endpoint, AK, SK, PROJECT_ID, HOME: folder }
        expect(await run(process.execPath, ['example.cjs'], folder, environment)).toMatch(/^10 of \d\d+\n$/)
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('shows faults that the emulator understands', () => {
    const specs = [...PAGE.matchAll(/^\| `((?:cbr|dcs|iam)\.[^`]+)` \|/gm)].map(([, spec = '']) => spec)
    expect(specs.length).toBeGreaterThan(5)
    for (const spec of specs) expect(() => parseFault(spec, OPERATIONS), spec).not.toThrow()
  })

  it('names every flag that sets a time', () => {
    for (const flag of ['checkpoint', 'replication', 'expiry', 'latency'])
      expect(PAGE).toContain(`| \`--${flag}-ms `)
  })
})
