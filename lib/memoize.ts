import { getOrCreate } from './get-or-create.ts'

/** Remembers what was made for each name, so that all who ask for a name share one. */
export function memoize<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>()
  return (name) => getOrCreate(made, name, () => make(name))
}
