import type { Store } from '../lib/store/store.ts'

const ARRIVAL = /^inbox\/(audit|checkpoint)\/([0-9A-Za-z._-]+)\.json$/

/** What an order of the inbox asks for. */
export type OrderKind = 'audit' | 'checkpoint'

/** A store that says when an order has arrived in its inbox: what an event of S3 does on AWS. */
export function watchInbox(store: Store, onArrival: (kind: OrderKind, operation: string) => void): Store {
  return {
    ...store,
    putIfAbsent: async (key, content) => {
      const isNew = await store.putIfAbsent(key, content)
      const [, kind, operation] = ARRIVAL.exec(key) ?? []
      if (isNew && operation !== undefined) onArrival(kind === 'audit' ? 'audit' : 'checkpoint', operation)
      return isNew
    },
  }
}
