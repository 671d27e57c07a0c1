import { memoize } from '../memoize.ts'
import type { Send } from './http.ts'
import { TransportFailure, transportFailureOf, unreachable } from './transport-failure.ts'

/** When to stop asking, and for how long. */
export interface BreakerPolicy {
  /** Any clock in milliseconds that never jumps. */
  readonly nowMs: () => number
  /** So many failures in a row open the circuit. */
  readonly failures?: number
  readonly openMs?: number
}

/** What is known of one host. */
interface Circuit {
  failuresInARow: number
  /** What the last of them was, for whoever is not let through. */
  lastFailure: string
  /** Until then nobody asks; after it one call may try. */
  openUntilMs: number
}

/** Spares a host that is down: after 20 failures in a row every call fails at once for 30 s, then a single one probes. */
export function breaking(send: Send, { nowMs, failures = 20, openMs = 30_000 }: BreakerPolicy): Send {
  const circuitOf = memoize((): Circuit => ({ failuresInARow: 0, lastFailure: '', openUntilMs: 0 }))
  return async (request, signal) => {
    const circuit = circuitOf(request.origin)
    if (circuit.failuresInARow >= failures) {
      if (nowMs() < circuit.openUntilMs) throw circuitOpen(request.origin, circuit, nowMs())
      // This call is the probe; the others go on failing at once until it is back.
      circuit.openUntilMs = nowMs() + openMs
    }
    const record = (failure: string | undefined): void => {
      circuit.failuresInARow = failure === undefined ? 0 : circuit.failuresInARow + 1
      circuit.lastFailure = failure ?? ''
      if (circuit.failuresInARow >= failures) circuit.openUntilMs = nowMs() + openMs
    }
    try {
      const response = await send(request, signal)
      record(response.status >= 500 ? `an answer ${response.status}` : undefined)
      return response
    } catch (error) {
      const failure = transportFailureOf(error)
      if (failure?.code !== 'ABORTED') record(failure ? `${failure.message} (${failure.code})` : 'a defect')
      throw error
    }
  }
}

function circuitOpen(
  origin: string,
  { failuresInARow, lastFailure, openUntilMs }: Circuit,
  nowMs: number,
): Error {
  const message = `${failuresInARow} calls in a row failed, the last with: ${lastFailure}; it is left alone for a while`
  const failure = new TransportFailure('CIRCUIT_OPEN', message, 'no')
  return unreachable(new URL(origin).host, failure, { retryAfterMs: openUntilMs - nowMs })
}
