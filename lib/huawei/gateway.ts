import type { Call } from './call.ts'
import type { Pace } from './pace.ts'
import type { RateLimit } from './retry-after.ts'

/** A call sent ahead of its turn. */
interface Probe {
  /** The narrowest of its scopes: another lane may have sent a call in the same moment. */
  readonly scope: Pace | undefined
  readonly startedAtMs: number
  /** Let pass before, it shows that the gateway refills steadily. */
  readonly fullUntilMs: number
}

/**
 * What the lanes through one gateway know together: whose turn is next, and how it gives back what was used up. A token
 * bucket refills steadily, other gateways all at once when a window is over; a single call ahead of its turn finds out.
 */
export class Gateway {
  readonly #lanes = new Set<{ readonly pump: () => void }>()
  #refill: 'unknown' | 'steady' | 'windows' = 'unknown'
  #probe: Probe | undefined

  /** Puts a lane behind all others. */
  queue(lane: { readonly pump: () => void }): void {
    this.#lanes.delete(lane)
    this.#lanes.add(lane)
  }

  /** Lets go all who may go now. */
  pump(): void {
    for (const lane of [...this.#lanes]) lane.pump()
  }

  /** When one more call of these scopes may be sent; answers take up to `spreadMs` longer than the quickest. */
  turnOf(scopes: readonly Pace[], spreadMs: number): number {
    const turn = this.#ownTurnOf(scopes)
    if (this.#refill !== 'unknown' || this.#probe !== undefined) return turn
    if (scopes.some(({ isBusy }) => isBusy)) return turn
    const soon = latest(scopes.map((scope) => scope.nextInBuckets()))
    return soon < fullUntilMs(scopes) - spreadMs ? soon : turn
  }

  /** Notes that such a call is sent now. */
  begin(scopes: readonly Pace[], startedAtMs: number, spreadMs: number): void {
    if (this.#ownTurnOf(scopes) > startedAtMs)
      this.#probe = { scope: scopes[0], startedAtMs, fullUntilMs: fullUntilMs(scopes) - spreadMs }
    for (const scope of scopes) scope.begin()
  }

  /** A call was let pass, or broke on the way, and may have been counted. */
  pass(scopes: readonly Pace[], call: Call): void {
    for (const scope of scopes) scope.end(call.countedAtMs)
    const probe = this.#takeProbe(scopes, call)
    if (probe !== undefined && call.countedAtMs < probe.fullUntilMs) this.#refill = 'steady'
  }

  /** A call was refused; says whether our own calls explain it, for then knowing the limit is enough. */
  refuse(scopes: readonly Pace[], call: Call, limit: RateLimit | undefined): boolean {
    for (const scope of scopes) scope.end(undefined)
    const wasProbe = this.#takeProbe(scopes, call) !== undefined
    if (wasProbe) this.#refill = 'windows'
    if (limit === undefined) return false
    // What was under way when the limit was learned says nothing new.
    if (wasProbe || scopes.some((scope) => (scope.learnedAtMs(limit) ?? -1) >= call.startedAtMs)) return true
    const isSteady = this.#refill === 'steady'
    const filled = scopes.filter((one) => one.fills(limit, call))
    const scope = filled.find((one) => !one.isSureOf(limit, isSteady))
    const learner = scope ?? scopes[0]
    learner?.learn(limit, call.endedAtMs)
    // It refilled steadily by the look of one call only, which may have come just after the end of a window.
    if (scope === undefined && filled.length > 0 && isSteady) this.#refill = 'windows'
    return scope !== undefined
  }

  /** The probe that was this call, which is over now. */
  #takeProbe(scopes: readonly Pace[], { startedAtMs }: Call): Probe | undefined {
    const probe = this.#probe
    if (probe?.startedAtMs !== startedAtMs || probe.scope !== scopes[0]) return undefined
    this.#probe = undefined
    return probe
  }

  #ownTurnOf(scopes: readonly Pace[]): number {
    const isSteady = this.#refill === 'steady'
    return latest(scopes.map((scope) => (isSteady ? scope.nextInBuckets() : scope.nextInWindows())))
  }
}

function fullUntilMs(scopes: readonly Pace[]): number {
  return latest(scopes.map((scope) => scope.fullUntilMs()))
}

function latest(times: readonly number[]): number {
  return Math.max(...times)
}
