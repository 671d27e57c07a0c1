import * as z from 'zod/mini'
import { isJsonObject } from '../json-object.ts'
import { keyOf } from '../key-of.ts'

const rows = z.catch(z.optional(z.array(z.unknown())), undefined)
const vaultSchema = z.catch(z.looseObject({ resources: rows, skipped_resources: rows }), {})
const named = z.looseObject({ id: z.string() })

/** The vault of an answer with what a later word leaves out besides; that is no longer taken in, and nothing is forgotten. */
export function withLeftOut(vault: unknown, later: unknown): Readonly<Record<string, unknown>> {
  const known = vaultSchema.parse(vault)
  const skipped = [known, vaultSchema.parse(later)].flatMap(({ skipped_resources = [] }) => skipped_resources)
  const byName = new Map(skipped.map((row) => [nameOf(row), row]))
  return {
    // As it was written: the schema puts what it knows before all other keys.
    ...(isJsonObject(vault) ? vault : {}),
    resources: known.resources?.filter((row) => !byName.has(nameOf(row))),
    skipped_resources: [...byName.values()],
  }
}

/** One without an id is known by all that is said of it. */
function nameOf(row: unknown): string {
  return keyOf(named.safeParse(row).data?.id) || JSON.stringify(row)
}
