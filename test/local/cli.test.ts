import { closeSync, existsSync, openSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runCli } from '../support/run-cli.ts'

/** A device of Linux on which no byte finds room. */
const FULL = '/dev/full'

describe('a command', () => {
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
