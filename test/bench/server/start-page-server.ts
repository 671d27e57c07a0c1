import { fork } from 'node:child_process'
import { join } from 'node:path'
import { nextMessage } from './next-message.ts'
import type { FleetOptions, Manner, SeenCall, ServerMessage } from './page-server-protocol.ts'

/** A page server that runs. */
export interface PageServer {
  readonly endpoint: string
  readonly projectId: string
  /** Says how to answer from now on, with a full bucket; resolves to the calls since this was said last. */
  readonly behave: (manner: Manner) => Promise<readonly SeenCall[]>
  readonly stop: () => void
}

/** Starts a page server in a process of its own; `onProgress` hears of its rows while it writes them. */
export async function startPageServer(
  options: FleetOptions,
  onProgress: (percent: number) => void,
): Promise<PageServer> {
  const server = fork(join(import.meta.dirname, 'page-server.ts'), [JSON.stringify(options)])
  server.on('message', (message: ServerMessage) => {
    if (message.kind === 'progress') onProgress(message.percent)
  })
  const { endpoint, projectId } = await nextMessage<ServerMessage, 'ready'>(server, 'ready')
  const behave = async (manner: Manner) => {
    const answered = nextMessage<ServerMessage, 'calls'>(server, 'calls')
    server.send(manner)
    return (await answered).calls
  }
  return { endpoint, projectId, behave, stop: () => void server.kill() }
}
