/** Where a secret is read, how, and by what clock it is read again. */
export interface HeldSource<Value> {
  /** The text of the secret as it is now. */
  readonly read: () => Promise<string>
  readonly parse: (text: string) => Value
  /** Milliseconds of a clock that never jumps. */
  readonly nowMs: () => number
}

/** What a secret holds, which may be changed while this process lives. An unchanged secret always gives the same object. */
export interface Held<Value> {
  /** What was read last, read again after five minutes; where that fails, still what was read last. */
  readonly current: () => Promise<Value>
  /** What the secret holds now that this was refused; the very same where it was not changed. */
  readonly insteadOf: (refused: Value) => Promise<Value>
}

interface Reading<Value> {
  readonly atMs: number
  readonly text: string
  readonly value: Value
}

const KEPT_MS = 300_000

/** Refusals come in crowds, as calls do: what was read a moment ago is what the secret holds now. */
const FRESH_MS = 5_000

/** Holds what stands in a secret, so that many calls cost one reading and a rotation needs no restart. */
export function holdSecret<Value>({ read, parse, nowMs }: HeldSource<Value>): Held<Value> {
  let last: Promise<Reading<Value>> | undefined
  let kept: Reading<Value> | undefined
  let failedAtMs = Number.NEGATIVE_INFINITY

  async function readAgain(before: Reading<Value> | undefined): Promise<Reading<Value>> {
    const text = await read()
    const value = before?.text === text ? before.value : parse(text)
    kept = { atMs: nowMs(), text, value }
    return kept
  }

  async function youngerThan(ageMs: number): Promise<Value> {
    const known = last
    const reading = await known
    if (reading !== undefined && nowMs() - reading.atMs < ageMs) return reading.value
    // Whoever waited for the same old reading finds the new one already on its way.
    if (known === last) {
      const next = readAgain(reading)
      last = next
      next.catch(() => {
        failedAtMs = nowMs()
        if (last === next) last = known
      })
    }
    const latest = await last
    return latest === undefined ? youngerThan(ageMs) : latest.value
  }

  /** While the secret cannot be read, whoever is asked decides whether the old one still holds; it is not read at every call. */
  async function current(): Promise<Value> {
    if (kept !== undefined && nowMs() - failedAtMs < FRESH_MS) return kept.value
    try {
      return await youngerThan(KEPT_MS)
    } catch (error) {
      if (kept === undefined) throw error
      return kept.value
    }
  }

  return {
    current,
    insteadOf: async (refused) => {
      const current = await youngerThan(KEPT_MS)
      return current === refused ? youngerThan(FRESH_MS) : current
    },
  }
}
