import { spawn } from 'node:child_process'
import { Fault } from '../../lib/errors.ts'

/** What a process cost from its first instruction to its exit. */
export interface Cost {
  readonly cpuSeconds: number
  readonly wallSeconds: number
  readonly peakMb: number
}

// The process tells its own use at its end, through a descriptor that it does not know.
const TELL_USE = `import { writeSync } from 'node:fs'
process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())))`
const PRELOAD = `data:text/javascript,${encodeURIComponent(TELL_USE)}`

/** Runs a script of Node to its end, and says what it cost and what it printed; throws where it failed. */
export function measure(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Cost & { readonly printed: string }> {
  const startedMs = performance.now()
  const child = spawn(process.execPath, ['--import', PRELOAD, ...argv], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const [printed, errors, use] = [1, 2, 3].map((descriptor) => gathered(child.stdio[descriptor]))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0)
        return reject(new Fault('internal', `${argv.join(' ')} ended with ${code}: ${errors?.()}`))
      const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(use?.() ?? '') as NodeJS.ResourceUsage
      resolve({
        cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
        wallSeconds: (performance.now() - startedMs) / 1000,
        peakMb: maxRSS / 1024,
        printed: printed?.() ?? '',
      })
    })
  })
}

function gathered(stream: unknown): () => string {
  let text = ''
  ;(stream as NodeJS.ReadableStream).on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  return () => text
}
