import * as z from 'zod/mini'

/** A JSON object that a test looks into: what is in it is known once it has been compared or read. */
export type Json = Readonly<Record<string, unknown>>

const object = z.record(z.string(), z.unknown())
const rows = z.array(object)
const text = z.string()
const texts = z.array(text)

/** Reads a text that is a JSON object; fails where it is none. */
export function readJson(source: string): Json {
  return object.parse(JSON.parse(source))
}

/** The object at a path like `checkpoint.vault` or `backups.0`; fails where there is none. */
export function objectAt(json: unknown, path: string): Json {
  return object.parse(valueAt(json, path))
}

/** The objects of the list at a path; fails where there is no such list. */
export function rowsAt(json: unknown, path: string): readonly Json[] {
  return rows.parse(valueAt(json, path))
}

/** The text at a path; fails where there is none. */
export function textAt(json: unknown, path: string): string {
  return text.parse(valueAt(json, path))
}

/** The texts of the list at a path; fails where there is no such list. */
export function textsAt(json: unknown, path: string): readonly string[] {
  return texts.parse(valueAt(json, path))
}

function valueAt(json: unknown, path: string): unknown {
  const step = (inner: unknown, key: string): unknown =>
    Array.isArray(inner) ? inner[Number(key)] : object.parse(inner)[key]
  return path.split('.').reduce(step, json)
}
