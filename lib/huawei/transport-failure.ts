import { Fault, type FaultCode, type FaultDetails, type UpstreamAnswer } from '../errors.ts'
import { systemCode } from '../system-code.ts'
import { redacted } from './redact.ts'

/** `no` is proof that Huawei never had the request; `maybe` means that it may have been carried out. */
export type Sent = 'no' | 'maybe'

/** Why no whole response came; always the `cause` of a `Fault`, with Node's own error as its cause. */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure'
  /** The code of the Node error (`ECONNREFUSED`), or one of ours (`HEADERS_TIMEOUT`). */
  readonly code: string
  readonly sent: Sent
  /** Whether an answer had begun to come. */
  readonly answered: boolean

  constructor(code: string, message: string, sent: Sent, cause?: unknown, answered = false) {
    super(message, { cause })
    this.code = code
    this.sent = sent
    this.answered = answered
  }

  /** Whether another attempt has a chance: a bad certificate and an answer that is too large stay as they are. */
  get transient(): boolean {
    return !LASTING.test(this.code)
  }

  get timedOut(): boolean {
    return this.code.endsWith('TIMEOUT') || this.code === 'ETIMEDOUT' || this.code === 'ABORTED'
  }

  /** Whether the two sides could not agree on TLS, or Huawei could not prove who it is. */
  get untrusted(): boolean {
    return TLS.test(this.code)
  }
}

/** OpenSSL's verdicts on certificates as Node names them, and those on the handshake itself. */
const TLS =
  /^(CERT_|CRL_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO$|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|HOSTNAME_MISMATCH)/
const LASTING = new RegExp(
  `${TLS.source}|^(TOO_LARGE|UNKNOWN_ENCODING|CIRCUIT_OPEN|LOGIN_REFUSED|ABORTED|ERR_INVALID_.*)$`,
)

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection broken',
  EPIPE: 'connection broken',
  ETIMEDOUT: 'connection timed out',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'host name could not be looked up just now',
  HPE_INVALID_CONSTANT: 'what answers there speaks no HTTP',
}

/** The failure that an error of Node means. */
export function toTransportFailure(error: unknown, sent: Sent): TransportFailure {
  if (error instanceof TransportFailure) return error
  const code = systemCode(error) ?? 'UNKNOWN'
  const message = error instanceof Error ? error.message : String(error)
  return new TransportFailure(
    code,
    WORDS[code] ?? wordsOfHandshake(message) ?? redacted(message, 200),
    sent,
    error,
  )
}

/** OpenSSL's `…:error:0A00010B:SSL routines:function:reason:file:line:` in words; undefined for any other message. */
function wordsOfHandshake(message: string): string | undefined {
  const reason = /:error:[0-9A-F]{8}:[^:]*:[^:]*:([^:]+):/.exec(message)?.[1]
  if (reason === undefined) return undefined
  // What it makes of a first line that is no TLS at all.
  return /^(wrong version number|packet length too long|record layer failure)$/.test(reason)
    ? 'what answers there does not speak TLS, so https:// cannot be right'
    : `the TLS handshake failed, ${redacted(reason, 80)}`
}

/** The fault that names the host and what was found. */
export function unreachable(
  host: string,
  failure: TransportFailure,
  details: Pick<FaultDetails, 'retryAfterMs'> = {},
): Fault {
  const { code, message, sent, untrusted, timedOut } = failure
  if (untrusted && sent === 'no')
    return new Fault(
      'upstream_unavailable',
      `Cannot trust ${host}: ${message} (${code}). Nothing was sent. Check the endpoint, the clock of this machine and any proxy in between; certificates are never ignored`,
      { cause: failure },
    )
  const [verb, next] =
    sent === 'no'
      ? ['reach', 'Check the endpoint, and the network between']
      : ['get a whole answer from', 'Try again, and check any proxy in between']
  return new Fault(
    timedOut ? 'upstream_timeout' : 'upstream_unavailable',
    `Cannot ${verb} ${host}: ${message} (${code}). ${next}`,
    { ...details, cause: failure },
  )
}

/** The transport failure behind an error, where there is one. */
export function transportFailureOf(error: unknown): TransportFailure | undefined {
  return error instanceof Fault && error.cause instanceof TransportFailure ? error.cause : undefined
}

/** Our own secret or configuration: without it nothing can be signed, so nothing is sent. */
const OURS: readonly FaultCode[] = ['unavailable', 'invalid_configuration']

/**
 * Whether the request that ended in this error may have been carried out after all. Only proof makes it false: it was
 * never sent, Huawei refused it with a 4xx in its own words, or the gateway turned it away before the service saw it.
 */
export function mayHaveBeenCarriedOut(error: unknown): boolean {
  if (!(error instanceof Fault)) return true
  if (OURS.includes(error.code)) return false
  const failure = transportFailureOf(error)
  if (failure !== undefined) return failure.sent === 'maybe'
  const answer = error.upstream
  if (answer === undefined) return true
  return !isRefusal(answer) && !isGatewayRefusal(answer.httpStatus, answer.errorCode)
}

/** A gateway's codes; those on the backend say that it had the request, and was not heard of in time. */
const GATEWAY = /^APIGW?\.(?!020[1-3]$)/

/** Whether the gateway refused the request for the moment, so that the service behind it never had it. */
export function isGatewayRefusal(httpStatus: number, errorCode: string | undefined): boolean {
  return (httpStatus === 429 || httpStatus === 503) && GATEWAY.test(errorCode ?? '')
}

/** These speak of time and load, and not of the request: who says so need not know what became of it. */
const SAYS_NOTHING: readonly number[] = [408, 425, 429, 499]

/** Whether an answer is a 4xx in the words of Huawei, which proves that nothing was done. */
export function isRefusal({ httpStatus, inOwnWords = false }: UpstreamAnswer): boolean {
  return inOwnWords && httpStatus >= 400 && httpStatus < 500 && !SAYS_NOTHING.includes(httpStatus)
}
