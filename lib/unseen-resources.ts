import { keyOf } from './key-of.ts'

/** The resources of which no backup is in sight; a backup that names none may be of any. */
export function unseenResources<Resource extends { readonly id?: unknown }>(
  resources: readonly Resource[],
  backups: readonly { readonly resource_id?: unknown }[],
): readonly Resource[] {
  const seen = new Set(backups.flatMap(({ resource_id: id }) => (typeof id === 'string' ? [keyOf(id)] : [])))
  const nameless = backups.filter(({ resource_id: id }) => typeof id !== 'string')
  return resources.filter(({ id }) => !seen.has(keyOf(id))).slice(nameless.length)
}
