import { getSystemErrorMessage } from 'node:util'
import type { Environment } from '../lib/runtime/environment.ts'
import { alert } from './commands/alert.ts'
import { audit } from './commands/audit.ts'
import { backups } from './commands/backups.ts'
import { checkpoint } from './commands/checkpoint.ts'
import { emulator } from './commands/emulator.ts'
import { start } from './commands/start.ts'
import { describeFailure, exitCodeOf } from './failure.ts'

/** A command: reads its arguments, does its work, and resolves to its exit code; it throws Faults. */
export type Command = (argv: readonly string[], environment: Environment) => Promise<number>

const COMMANDS: Readonly<Record<string, Command>> = { alert, audit, backups, checkpoint, emulator, start }

async function run([name = '', ...argv]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined) {
    process.stderr.write(
      `There is no command ${JSON.stringify(name)}; there are: ${Object.keys(COMMANDS).join(', ')}\n`,
    )
    return 2
  }
  try {
    return await command(argv, process.env)
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`)
    return exitCodeOf(error)
  }
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that went away (`| head`) is no failure of ours.
  if (error.code === 'EPIPE') return
  const why = error.errno === undefined ? error.message : getSystemErrorMessage(error.errno)
  process.stderr.write(`Cannot write to stdout: ${why} (${error.code}). Send the output elsewhere.\n`)
  process.exit(1)
})

// Whoever would have to be told of it can no longer be told anything.
process.stderr.on('error', () => {})

process.exitCode = await run(process.argv.slice(2))
