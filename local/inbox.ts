import type { Store } from '../lib/store/store.ts'

const ARRIVAL = /^inbox\/audit\/([0-9A-Za-z._-]+)\.json$/

/** A store that says when a request for an audit has arrived in its inbox: what an event of S3 does on AWS. */
export function watchInbox(store: Store, onArrival: (operation: string) => void): Store {
  return {
    ...store,
    putIfAbsent: async (key, content) => {
      const isNew = await store.putIfAbsent(key, content)
      const operation = ARRIVAL.exec(key)?.[1]
      if (isNew && operation !== undefined) onArrival(operation)
      return isNew
    },
  }
}
