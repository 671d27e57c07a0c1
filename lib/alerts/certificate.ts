import { X509Certificate } from 'node:crypto'
import { Fault } from '../errors.ts'
import { fromEpochMs, type Instant } from '../time.ts'

/** Where a sender keeps a certificate: one host, one path, nothing else of a URL. */
export interface CertificateAddress {
  readonly host: string
  readonly path: string
}

/**
 * Asks for a certificate: one GET over TLS whose end is proved, no redirect, bounded in time and size. Throws where no
 * answer came, for then nobody knows; undefined where an answer came that is none.
 */
export type FetchCertificate = (address: CertificateAddress) => Promise<Buffer | undefined>

/** The certificate at an address; undefined where what lies there is none. */
export type CertificateReader = (address: CertificateAddress) => Promise<X509Certificate | undefined>

/** What reading needs of the world. */
export interface CertificateSource {
  readonly fetch: FetchCertificate
  /** Milliseconds of a clock that never jumps. */
  readonly nowMs: () => number
}

interface Kept {
  readonly untilMs: number
  readonly asked: Promise<X509Certificate | undefined>
}

const MOST_KEPT = 16
const KEPT_MS = 24 * 3600 * 1000
const FAILURE_KEPT_MS = 60_000
const MOST_UNDER_WAY = 4
const MOST_BYTES = 16 * 1024
const BEGIN = Buffer.from('-----BEGIN CERTIFICATE-----')
const LEAST_KEY_BITS = 2048

/** Remembers at most 16 certificates, and for a minute what turned out to be none, so that a flood of forgeries asks for little. */
export function createCertificates({ fetch, nowMs }: CertificateSource): CertificateReader {
  // What is good is never pushed out by what is not.
  const good = new Map<string, Kept>()
  const bad = new Map<string, Kept>()

  async function ask(key: string, address: CertificateAddress): Promise<X509Certificate | undefined> {
    const certificate = toCertificate(await fetch(address))
    const [place, ms] = certificate === undefined ? [bad, FAILURE_KEPT_MS] : [good, KEPT_MS]
    keep(place, key, { untilMs: nowMs() + ms, asked: Promise.resolve(certificate) })
    return certificate
  }

  const underWay = new Map<string, Promise<X509Certificate | undefined>>()
  return async (address) => {
    const key = `${address.host}${address.path}`
    const kept = good.get(key) ?? bad.get(key)
    if (kept !== undefined && nowMs() < kept.untilMs) return kept.asked
    const known = underWay.get(key)
    if (known !== undefined) return known
    // Whoever makes up addresses must not keep those waiting whose certificate is known.
    if (underWay.size >= MOST_UNDER_WAY)
      throw new Fault('unavailable', 'Cannot fetch another certificate just now; send the alert again')
    const asked = ask(key, address).finally(() => underWay.delete(key))
    underWay.set(key, asked)
    return asked
  }
}

function keep(place: Map<string, Kept>, key: string, kept: Kept): void {
  place.delete(key)
  place.set(key, kept)
  const [oldest] = place.keys()
  if (place.size > MOST_KEPT && oldest !== undefined) place.delete(oldest)
}

/** The first certificate of a PEM file that begins with one. */
function toCertificate(pem: Buffer | undefined): X509Certificate | undefined {
  if (pem === undefined || pem.length > MOST_BYTES || !pem.subarray(0, BEGIN.length).equals(BEGIN))
    return undefined
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

/** Why a certificate cannot be the one of a sender now; undefined where nothing speaks against it. The algorithm is ours to choose, never the certificate's. */
export function mistakeInCertificate(
  certificate: X509Certificate,
  now: Instant,
  commonName: string | undefined,
): string | undefined {
  const { publicKey, validFromDate, validToDate } = certificate
  if (now < fromEpochMs(validFromDate.getTime())) return 'the certificate is not valid yet'
  if (now > fromEpochMs(validToDate.getTime())) return 'the certificate has expired'
  if (publicKey.asymmetricKeyType !== 'rsa') return 'the certificate holds no RSA key'
  if ((publicKey.asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_KEY_BITS)
    return `the key of the certificate has less than ${LEAST_KEY_BITS} bits`
  if (commonName === undefined) return undefined
  if (certificate.verify(publicKey)) return 'the certificate is signed by itself'
  return certificate.subject.split('\n').includes(`CN=${commonName}`)
    ? undefined
    : `the certificate is not that of ${commonName}`
}
