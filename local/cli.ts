import { getSystemErrorMessage } from 'node:util'
import type { Environment } from '../lib/runtime/environment.ts'
import { describeFailure, exitCodeOf } from './failure.ts'

/** A command: reads its arguments, does its work, and resolves to its exit code; it throws Faults. */
export type Command = (argv: readonly string[], environment: Environment) => Promise<number>

/** Each is loaded when it is called: no command waits for the others. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  alert: async () => (await import('./commands/alert.ts')).alert,
  audit: async () => (await import('./commands/audit.ts')).audit,
  backups: async () => (await import('./commands/backups.ts')).backups,
  checkpoint: async () => (await import('./commands/checkpoint.ts')).checkpoint,
  emulator: async () => (await import('./commands/emulator.ts')).emulator,
  openapi: async () => (await import('./commands/openapi.ts')).openapi,
  start: async () => (await import('./commands/start.ts')).start,
}

async function run([name = '', ...argv]: readonly string[]): Promise<number> {
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (load === undefined) {
    process.stderr.write(
      `There is no command ${JSON.stringify(name)}; there are: ${Object.keys(COMMANDS).join(', ')}\n`,
    )
    return 2
  }
  try {
    const command = await load()
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

void run(process.argv.slice(2)).then((code) => {
  process.exitCode = code
  // At once, when all output has left: to take memory and sockets apart one by one takes longer than a file of the report.
  process.stdout.write('', (error) => {
    if (!error) process.exit()
  })
})
