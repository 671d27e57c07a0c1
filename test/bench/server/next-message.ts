import type { ChildProcess } from 'node:child_process'
import { Fault } from '../../../lib/errors.ts'

/** The next message of this kind; rejects where the process ends before it came. */
export function nextMessage<Message extends { readonly kind: string }, Kind extends Message['kind']>(
  child: ChildProcess,
  kind: Kind,
): Promise<Extract<Message, { readonly kind: Kind }>> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) =>
      reject(new Fault('internal', `A server of the bench ended with ${code}`))
    const onMessage = (message: Message): void => {
      if (message.kind !== kind) return
      child.off('message', onMessage).off('exit', onExit)
      resolve(message as Extract<Message, { readonly kind: Kind }>)
    }
    child.on('message', onMessage).on('exit', onExit)
  })
}
