import { describe, expect, it } from 'vitest'
import { runCli } from '../support/run-cli.ts'

describe('npm run emulator', () => {
  it('names every mistake in its flags at once, those in each SPEC too, and then says what a SPEC may be', async () => {
    const faults = ['--fault', 'cbr.nothing:explode:sometimes:times=x', '--fault', 'reset']
    const { code, stdout, stderr } = await runCli(['emulator', '--port', 'x', '--seed=-1', ...faults])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    const [head, ...lines] = stderr.split('\n')
    expect(head).toBe('Cannot start the emulator:')
    const first = '  --fault has "cbr.nothing:explode:sometimes:times=x": '
    expect(lines.slice(0, 8)).toEqual([
      '  --port has "x"; allowed are 0 to 65535',
      '  --seed has "-1"; allowed are 0 to 999999999',
      `${first}there is no operation "cbr.nothing"`,
      `${first}there is no effect "explode"`,
      `${first}there is no modifier "sometimes"`,
      `${first}times cannot have the value "x"`,
      '  --fault has "reset": there is no operation "reset"',
      '  --fault has "reset": there is no effect ""',
    ])
    expect(stderr.match(/A fault is OPERATION:EFFECT/g)).toHaveLength(1)
    expect(stderr).toMatch(/Operations: cbr\.backups.*truncate.*times=N/s)
  })
})
