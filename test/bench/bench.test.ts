import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

/** The bench as npm starts it. */
function bench(...argv: readonly string[]) {
  const script = join(import.meta.dirname, 'bench.ts')
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...argv], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

describe('npm run bench', () => {
  it('lists every section in its help', () => {
    const { status, stdout } = bench('alerts', '--help')
    expect(status).toBe(0)
    for (const section of ['audit', 'throttled', 'upload', 'dcs', 'cold-start', 'listing', 'kills', 'alerts'])
      expect(stdout).toContain(`\n  ${section}\n`)
  })

  it('names all mistakes at once, measures nothing and ends with 2', () => {
    const { status, stdout, stderr } = bench('audit', 'dsc', '--only', 'flor', '--runs', '0', '--sedes', '5')
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr.trimEnd().split('\n')).toEqual([
      'Cannot start the bench:',
      '  "dsc" is no section; did you mean dcs?',
      '  --sedes is no flag of this command; did you mean --seeds?',
      '  --only has "flor"; allowed is one of floor, audit, sdk-1000, sdk-100',
      '  --runs has "0"; allowed is a whole number from 1, or floor=N with one of floor, audit, sdk-1000, sdk-100',
    ])
  })

  it('measures floor, SDK and audit, counts their requests and says which goals were met', {
    timeout: 120_000,
  }, () => {
    const { status, stdout, stderr } = bench('audit', '--backups', '3000', '--runs', '1')
    expect({ status, stderr }).toMatchObject({ status: 0 })
    const rows = stdout.split('\n').filter((line) => line.startsWith('| 3,000 |'))
    const told = rows
      .map((row) => row.split(' | '))
      .map((cells) => [cells[2], cells.at(-1)?.replace(' |', '')])
    expect(told).toEqual([
      ['floor', '4'],
      ['**audit**', expect.stringMatching(/^\d+$/)],
      ['Huawei SDK, limit 1000', '3'],
      ['Huawei SDK, limit 100', '30'],
    ])
    expect(stdout).toMatch(/\| 3k: CPU ÷ floor \| ≤ 1.50 \| \d+\.\d\d \| (met.*|\*\*missed\*\*) \|/)
  })
})
