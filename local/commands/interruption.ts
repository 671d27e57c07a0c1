import type { Store } from '../../lib/store/store.ts'

/** What Ctrl-C does to an audit. */
export interface Interruption {
  /** The store, watched: from its manifest on a report can be seen, so that it is finished and the interruption ignored. */
  readonly watch: (store: Store) => Store
  readonly release: () => void
}

/** Ends the process in one line where it is interrupted; a second Ctrl-C ends it in any case. */
export function endWhenInterrupted(beforeEnd: () => void): Interruption {
  let isVisible = false
  const end = () => {
    if (isVisible) return
    beforeEnd()
    process.stderr.write('Interrupted: no report was written\n')
    process.exit(130)
  }
  process.once('SIGINT', end)
  return {
    watch: (store) => ({
      ...store,
      putIfAbsent: (key, content) => {
        isVisible ||= key.endsWith('/manifest.json')
        return store.putIfAbsent(key, content)
      },
    }),
    release: () => process.off('SIGINT', end),
  }
}
