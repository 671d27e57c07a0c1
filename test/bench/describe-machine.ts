import { execFileSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'

/** Date, machine, Node and commit, in one line for the page. */
export function describeMachine(): string {
  const [processor] = cpus()
  return `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${processor?.model.trim()}, Node ${process.version}, commit ${commit()}`
}

/** How many processes wanted a core in the last minute. */
export function load(): string {
  return loadavg()[0]?.toFixed(1) ?? '?'
}

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty=, changed'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}
