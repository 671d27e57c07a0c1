/** A JSON object of which nothing else is known. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Whether a value of JSON is an object: no list, and not null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
