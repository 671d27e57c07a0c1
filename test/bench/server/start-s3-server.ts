import { fork } from 'node:child_process'
import { join } from 'node:path'
import { nextMessage } from './next-message.ts'

/** What the server tells whoever forked it. */
export type S3Message =
  | { readonly kind: 'ready'; readonly store: string; readonly environment: Readonly<Record<string, string>> }
  | { readonly kind: 'requests'; readonly requests: readonly string[] }

/** An S3 server that runs. */
export interface S3Server {
  /** Where reports may go, and what a process needs in its environment for it. */
  readonly store: string
  readonly environment: Readonly<Record<string, string>>
  /** Empties it; resolves to the requests since this was done last, as `PUT /bucket/key`. */
  readonly empty: () => Promise<readonly string[]>
  readonly stop: () => void
}

/** Starts our S3 server in a process of its own. */
export async function startS3Server(): Promise<S3Server> {
  const server = fork(join(import.meta.dirname, 's3-server.ts'))
  const { store, environment } = await nextMessage<S3Message, 'ready'>(server, 'ready')
  const empty = async () => {
    const answered = nextMessage<S3Message, 'requests'>(server, 'requests')
    server.send('empty')
    return (await answered).requests
  }
  return { store, environment, empty, stop: () => void server.kill() }
}
