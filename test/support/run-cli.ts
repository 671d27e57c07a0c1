import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const MAIN = join(import.meta.dirname, '../../local/main.cjs')

/** What a command left behind. */
export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** What may happen to a command besides its arguments. */
export interface Surroundings {
  /** Where its stdout goes instead of into `Ran`: an open file. */
  readonly stdoutFd?: number
  /** Called with each piece of stderr as it comes, to interfere with the process. */
  readonly onStderr?: (piece: string, child: ChildProcess) => void
}

/** Runs a command as npm would, in a process of its own, with nothing in its environment but what is given. */
export async function runCli(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
  { stdoutFd, onStderr }: Surroundings = {},
): Promise<Ran> {
  const { PATH, TZ } = process.env
  const env = { PATH, TZ, ...environment }
  const child = spawn(process.execPath, [MAIN, ...argv], {
    env,
    stdio: ['ignore', stdoutFd ?? 'pipe', 'pipe'],
  })
  if (onStderr !== undefined) child.stderr?.on('data', (piece) => onStderr(String(piece), child))
  const exit = once(child, 'exit')
  const [stdout, stderr] = await Promise.all(
    [child.stdout, child.stderr].map((stream) => (stream ? text(stream) : '')),
  )
  const [code] = (await exit) as [number | null]
  return { code, stdout: stdout ?? '', stderr: stderr ?? '' }
}
