import { isJsonObject, type JsonObject } from '../../lib/json-object.ts'

/** In OpenAPI 3.0 `nullable` means something only beside a `type`: here it is said of the alternatives instead. */
export function withTypedNulls(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withTypedNulls)
  if (!isJsonObject(schema)) return schema
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(schema).map(([key, part]) => [key, withTypedNulls(part)]),
  )
  if (nullable !== true) return rest
  if ('type' in rest) return { ...rest, nullable }
  const { anyOf, allOf, ...words } = rest
  const alternatives = [anyOf, allOf].find(Array.isArray)
  // Without a type anything will do, null too.
  if (alternatives === undefined) return words
  const isTyped = (one: unknown) => isJsonObject(one) && 'type' in one
  const typed = alternatives.map((one) => (isTyped(one) ? { ...one, nullable } : one))
  return { ...words, anyOf: typed.some(isTyped) ? typed : [...typed, NULL] }
}

const NULL: JsonObject = { type: 'object', nullable: true, enum: [null] }
