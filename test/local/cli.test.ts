import { closeSync, existsSync, openSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runCli } from '../support/run-cli.ts'

/** A device of Linux on which no byte finds room. */
const FULL = '/dev/full'

/** Keeps a process alive as a socket would that nobody closed. */
const HOLD = '--import data:text/javascript,setInterval(()=>{},1000)'

describe('a command', () => {
  it('ends when its output has left, and waits for nothing else', { timeout: 20_000 }, async () => {
    const { code, stdout } = await runCli(['audit', '--help'], { NODE_OPTIONS: HOLD })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Usage: npm run audit[\s\S]*130 interrupted\.\n$/)
  })

  it.skipIf(!existsSync(FULL))(
    'that cannot write its output says so in one sentence and ends with 1',
    async () => {
      const stdoutFd = openSync(FULL, 'w')
      const { code, stderr } = await runCli(['audit', '--help'], {}, { stdoutFd })
      closeSync(stdoutFd)
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: 'Cannot write to stdout: no space left on device (ENOSPC). Send the output elsewhere.\n',
      })
    },
  )
})
