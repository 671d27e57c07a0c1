import { escapeStep } from './strict.ts'

/** Of a text that is JSON: a string, with its colon where it is a key, or what opens, parts and closes. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\],]/g

/** An object or a list that is open, the keys that it has so far, and where in it we are. */
interface Place {
  readonly keys: Set<string> | undefined
  step: string
}

/** Where a text that is JSON writes a key again, as JSON pointers: `JSON.parse` keeps the last one and says nothing. */
export function repeatedKeys(json: string): readonly string[] {
  const open: Place[] = []
  const repeated = new Set<string>()
  for (const [token, colon] of json.matchAll(TOKEN)) {
    const place = open.at(-1)
    if (token === '{') open.push({ keys: new Set(), step: '' })
    else if (token === '[') open.push({ keys: undefined, step: '0' })
    else if (token === '}' || token === ']') open.pop()
    else if (token === ',' && place?.keys === undefined) goOn(place)
    else if (colon !== undefined && place?.keys !== undefined) {
      // Two spellings, `a` and `\u0061`, may be one key.
      place.step = String(JSON.parse(token.slice(0, -colon.length)))
      if (place.keys.has(place.step)) repeated.add(pointerTo(open))
      place.keys.add(place.step)
    }
  }
  return [...repeated]
}

function goOn(list: Place | undefined): void {
  if (list !== undefined) list.step = String(Number(list.step) + 1)
}

function pointerTo(open: readonly Place[]): string {
  return open.map(({ step }) => `/${escapeStep(step)}`).join('')
}
