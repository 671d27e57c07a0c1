import type { FetchCertificate } from '../alerts/certificate.ts'
import { Fault } from '../errors.ts'
import type { Send } from '../huawei/http.ts'
import { type TransportFailure, transportFailureOf } from '../huawei/transport-failure.ts'

/** Within which all of it must be there; a sender waits for 5 s. */
const WITHIN_MS = 3000

/** How certificates are sent for: little, soon, and by few at a time. */
export const FOR_CERTIFICATES = {
  connectTimeoutMs: 2000,
  headersTimeoutMs: WITHIN_MS,
  idleTimeoutMs: WITHIN_MS,
  bodyTimeoutMs: WITHIN_MS,
  maxBodyBytes: 16 * 1024,
  maxSockets: 4,
} as const

/**
 * Fetches certificates over a transport that follows no redirect and proves the other end. Where that end could not be reached, says nothing, or is in trouble, this
 * throws `unavailable`: it says nothing about the alert, which is to be sent again.
 */
export function createCertificateFetcher(send: Send): FetchCertificate {
  return async ({ host, path }) => {
    try {
      const request = { method: 'GET', origin: `https://${host}`, path, query: [], headers: {} } as const
      const { status, body } = await send(request, AbortSignal.timeout(WITHIN_MS))
      if (status >= 500 || status === 429) throw unreachable(host, `it answered ${status}`)
      return status === 200 ? body : undefined
    } catch (error) {
      const failure = transportFailureOf(error)
      if (failure === undefined) throw error
      if (gotNowhere(failure)) throw unreachable(host, failure.message)
      return undefined
    }
  }
}

/** Whether nobody was reached, or whoever was fell silent before the first word of an answer. */
function gotNowhere({ sent, untrusted, answered, timedOut, code }: TransportFailure): boolean {
  if (sent === 'no') return !untrusted
  return !answered && (timedOut || code === 'ECONNRESET')
}

function unreachable(host: string, why: string): Fault {
  return new Fault('unavailable', `Cannot fetch a certificate from ${host}: ${why}; send the alert again`)
}
