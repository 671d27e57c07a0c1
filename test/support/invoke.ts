import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Environment } from '../../lib/runtime/environment.ts'
import type { Ended, HostOrder } from './function-host.ts'

/** What a function did with its events, and everything that it printed. */
export interface Invoked {
  readonly ended: readonly Ended[]
  readonly printed: string
}

/** Calls a function in a process of its own, which has the given environment and no other. */
export async function invoke(order: HostOrder, environment: Environment): Promise<Invoked> {
  const host = fork(join(import.meta.dirname, 'function-host.ts'), {
    env: { ...environment },
    silent: true,
    execArgv: [],
  })
  const printed: string[] = []
  for (const stream of [host.stdout, host.stderr]) stream?.on('data', (chunk) => printed.push(String(chunk)))
  let ended: readonly Ended[] | undefined
  host.once('message', (message: readonly Ended[]) => {
    ended = message
  })
  host.send(order)
  await once(host, 'close')
  if (ended === undefined) throw new Error(`The function died: ${printed.join('')}`)
  return { ended, printed: printed.join('') }
}
