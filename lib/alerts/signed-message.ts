import { verify, type X509Certificate } from 'node:crypto'
import { decodeBase64 } from '../base64.ts'
import { parseTime } from '../parse-time.ts'
import type { Instant } from '../time.ts'
import type { Delivery, Examined, Trust } from './alert.ts'
import { forged } from './alert.ts'
import { type CertificateAddress, mistakeInCertificate } from './certificate.ts'
import { readDocument } from './document.ts'
import { isWithin, type Window } from './window.ts'

/** A message of a topic that signs fields inside its JSON: so it must be parsed first, and is believed in nothing yet. */
export type Envelope = Readonly<Record<string, unknown>>

/** How a service of topics spells and signs its messages. */
export interface TopicScheme {
  readonly names: {
    readonly topic: string
    readonly timestamp: string
    readonly version: string
    readonly signature: string
    readonly certificateUrl: string
  }
  /** The one version of the signature that is taken. */
  readonly version: string
  readonly window: Window
  /** The names of the signed fields, in the order in which they are signed; undefined for a type that nobody knows. */
  readonly signedFields: (envelope: Envelope) => readonly string[] | undefined
  /** Where the certificate lies, if its URL is exactly one that the service of this topic uses. */
  readonly certificateAt: (url: string, topic: string) => CertificateAddress | undefined
  readonly commonName: string | undefined
}

/** A message whose signature holds, and whose topic is one that is heard. */
export interface SignedMessage {
  readonly envelope: Envelope
  readonly topic: string
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/

/**
 * Opens a message of a topic and proves it. Topic, time and the address of the certificate are checked before the network is
 * touched, for all three come from whoever wrote the message.
 */
export async function openSignedMessage(
  { body, now }: Delivery,
  { topics, certificateOf }: Trust,
  scheme: TopicScheme,
): Promise<SignedMessage | Examined> {
  const document = readDocument(body)
  if ('because' in document) return { outcome: 'unreadable', because: `The body ${document.because}` }
  const claim = readClaim(document.object, scheme, topics, now)
  if ('outcome' in claim) return claim
  const certificate = await certificateOf(claim.address)
  if (certificate === undefined) return forged('there is no certificate where the message says')
  const mistake = mistakeInCertificate(certificate, now, scheme.commonName)
  if (mistake !== undefined) return forged(mistake)
  return holds(claim, certificate)
    ? { envelope: document.object, topic: claim.topic }
    : forged('the signature does not hold')
}

interface Claim {
  readonly topic: string
  readonly signed: string
  readonly signature: Buffer
  readonly address: CertificateAddress
}

function readClaim(
  envelope: Envelope,
  scheme: TopicScheme,
  topics: readonly string[],
  now: Instant,
): Claim | Examined {
  const { names } = scheme
  const repeated = spelledTwice(envelope)
  if (repeated !== undefined) return { outcome: 'unreadable', because: 'One field comes in two spellings' }
  const [topic, timestamp, signature, url] = [
    names.topic,
    names.timestamp,
    names.signature,
    names.certificateUrl,
  ].map((name) => textAt(envelope, name))
  if (topic === undefined || !topics.includes(topic)) return forged('the topic is none of ours')
  if (envelope[names.version] !== scheme.version) return forged('the signature is of another version')
  const sentAt = TIME.test(timestamp ?? '') ? parseTime(timestamp ?? '') : undefined
  if (sentAt === undefined) return forged('the time is no time')
  if (!isWithin(sentAt, now, scheme.window)) return forged('the time is too far from now')
  const address = scheme.certificateAt(url ?? '', topic)
  if (address === undefined) return forged('the certificate lies where none of the topic does')
  const signed = signedTextOf(envelope, scheme)
  const bytes = decodeBase64(signature ?? '')
  if (signed === undefined || bytes === undefined || bytes.length === 0)
    return forged('what must be signed is not all there')
  return { topic, signed, signature: bytes, address }
}

/** Two fields of one meaning, of which a reader would take one and a verifier the other. */
function spelledTwice(envelope: Envelope): string | undefined {
  const seen = new Set<string>()
  return Object.keys(envelope).find((name) => {
    const plain = name.toLowerCase()
    if (seen.has(plain)) return true
    seen.add(plain)
    return false
  })
}

function signedTextOf(envelope: Envelope, { signedFields }: TopicScheme): string | undefined {
  const lines = signedFields(envelope)?.map((name) => {
    const value = textAt(envelope, name)
    return value === undefined ? undefined : `${name}\n${value}\n`
  })
  return lines === undefined || lines.includes(undefined) ? undefined : lines.join('')
}

function holds({ signed, signature }: Claim, { publicKey }: X509Certificate): boolean {
  return verify('RSA-SHA256', Buffer.from(signed, 'utf8'), publicKey, signature)
}

/** A field of a message that must be a text. */
export function textAt(envelope: Envelope, name: string): string | undefined {
  const value = envelope[name]
  return typeof value === 'string' ? value : undefined
}
