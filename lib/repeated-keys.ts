import type { Mistake } from './errors.ts'
import { escapeStep } from './strict.ts'

/** Of a text that is JSON: a string, with its colon where it is a key, or what opens, parts and closes. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\],]/g

/** An object or a list that is open, how often it has each key so far, and where in it we are. */
interface Place {
  readonly keys: Map<string, number> | undefined
  step: string
}

/**
 * The mistakes of a text that is JSON and writes keys again, for `JSON.parse` keeps the last one and says nothing: `most` of
 * them by name, and how many more there are.
 */
export function repeatedKeys(json: string, most = Number.POSITIVE_INFINITY): readonly Mistake[] {
  const pointers: string[] = []
  let more = 0
  for (const open of repetitions(json)) {
    if (pointers.length < most) pointers.push(pointerTo(open))
    else more += 1
  }
  // Whoever wrote a key twice cannot have meant both, and may look at the one that does not hold.
  const detail = 'is written more than once, and only the last would hold; leave one'
  const named = pointers.map((pointer) => ({ pointer, detail }))
  if (more === 0) return named
  return [...named, { pointer: '', detail: `has further keys that are written more than once: ${more}` }]
}

/** What is open wherever a key comes for the second time, the object that holds it last. */
function* repetitions(json: string): Iterable<readonly Place[]> {
  const open: Place[] = []
  for (const [token, colon] of json.matchAll(TOKEN)) {
    const place = open.at(-1)
    if (token === '{') open.push({ keys: new Map(), step: '' })
    else if (token === '[') open.push({ keys: undefined, step: '0' })
    else if (token === '}' || token === ']') open.pop()
    else if (token === ',' && place?.keys === undefined) goOn(place)
    else if (colon !== undefined && place?.keys !== undefined) {
      // Two spellings, `a` and `\u0061`, may be one key.
      place.step = String(JSON.parse(token.slice(0, -colon.length)))
      const times = (place.keys.get(place.step) ?? 0) + 1
      place.keys.set(place.step, times)
      if (times === 2) yield open
    }
  }
}

function goOn(list: Place | undefined): void {
  if (list !== undefined) list.step = String(Number(list.step) + 1)
}

function pointerTo(open: readonly Place[]): string {
  return open.map(({ step }) => `/${escapeStep(step)}`).join('')
}
