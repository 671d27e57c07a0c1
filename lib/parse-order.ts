import { Fault } from './errors.ts'
import { isJsonObject, type JsonObject } from './json-object.ts'
import { parseJson } from './parse-json.ts'

const LONGEST_QUOTE = 60

/** The object that an order in the store is; a Fault `invalid_request`, which says what was found instead, where it is none. */
export function parseOrder(bytes: Uint8Array, cannot: string): JsonObject {
  const document = parseJson(bytes)
  if (isJsonObject(document)) return document
  const found = document === undefined ? 'no JSON' : JSON.stringify(document).slice(0, LONGEST_QUOTE)
  throw new Fault('invalid_request', `${cannot}: found ${found}, allowed is an object`)
}
