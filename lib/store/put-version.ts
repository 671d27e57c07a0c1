import type { Store } from './store.ts'

/** Writes what follows on what was read: a new object where nothing was, else the next of that version; false where another was first. */
export function putVersion(
  store: Store,
  key: string,
  content: string | Uint8Array,
  version: string | undefined,
): Promise<boolean> {
  return version === undefined
    ? store.putIfAbsent(key, content)
    : store.replaceIfUnchanged(key, content, version)
}
