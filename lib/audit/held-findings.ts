import { compareJson, compareText } from './order.ts'
import { PackedValues } from './packed-values.ts'
import type { Finding } from './record.ts'

/** Findings that somebody else keeps from now on. */
export interface TakenFindings {
  /** The JSON of each, sorted by `finding_id`; can be gone through more than once. */
  readonly lines: Iterable<string>
  /** Gives their memory back, when nobody wants the lines any more. */
  readonly release: () => void
}

/** Findings, each once, as JSON beside the heap: as objects ten thousand of them are most of what a collector finds alive. */
export class HeldFindings {
  #placeOf = new Map<string, number>()
  #lines = new PackedValues()

  get size(): number {
    return this.#placeOf.size
  }

  /** Holds a finding; of two with one id the child of the lower parent stays, else the lower text. */
  add(finding: Finding): void {
    const place = this.#placeOf.get(finding.finding_id) ?? 0
    if (place > 0 && compareTwins(finding, parse(lineAt(this.#lines, place))) >= 0) return
    this.#placeOf.set(finding.finding_id, this.#lines.put([JSON.stringify(finding)], place))
  }

  /** All of them, sorted by `finding_id`. */
  *[Symbol.iterator](): Iterator<Finding> {
    for (const line of linesOf(this.#lines, this.#placeOf)) yield parse(line)
  }

  /** Hands all of them over, and holds none any more. */
  take(): TakenFindings {
    const [lines, placeOf] = [this.#lines, this.#placeOf]
    this.#lines = new PackedValues()
    this.#placeOf = new Map()
    return {
      lines: { [Symbol.iterator]: () => linesOf(lines, placeOf) },
      release: () => lines.clear(),
    }
  }
}

/** Which of two findings with one id is kept: negative where it is the first. */
export function compareTwins(a: Finding, b: Finding): number {
  return compareText(a.parent_backup_id ?? '', b.parent_backup_id ?? '') || compareJson(a, b)
}

function* linesOf(
  lines: PackedValues,
  placeOf: ReadonlyMap<string, number>,
): Iterator<string> & Iterable<string> {
  // The ids alone: to take pairs apart at each comparison takes longer than to compare.
  for (const id of [...placeOf.keys()].sort(compareText)) yield lineAt(lines, placeOf.get(id) ?? 0)
}

/** Every line here was made of a finding. */
function parse(line: string): Finding {
  return JSON.parse(line) as Finding
}

function lineAt(lines: PackedValues, place: number): string {
  return String(lines.get(place)[0])
}
