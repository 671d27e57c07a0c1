import { Fault } from '../errors.ts'
import { isJsonObject, type JsonObject } from '../json-object.ts'
import { type JsonLimits, parseJsonBytes, parseJsonText } from '../untrusted-json.ts'

/** Five thousand alerts in one group, each with some twenty labels and annotations, are below it. */
const LIMITS: JsonLimits = { maxDepth: 32, maxValues: 500_000 }

/** A body or a text read as a JSON object, or why it is none. */
export type Document = { readonly object: JsonObject } | { readonly because: string }

/** Reads a body, or the text inside one, as a JSON object. Never throws. */
export function readDocument(content: Buffer | string): Document {
  try {
    const value =
      typeof content === 'string' ? parseJsonText(content, LIMITS) : parseJsonBytes(content, LIMITS)
    return isJsonObject(value) ? { object: value } : { because: 'is JSON, but no object' }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { because: error.mistakes[0]?.detail ?? 'is no JSON' }
  }
}
