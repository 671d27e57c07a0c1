import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** A certificate and its key, in PEM. */
export interface Identity {
  readonly cert: string
  readonly key: string
}

/** Makes a self-signed certificate for one IP address of this machine or one name: made on the spot, so that no key lies in the repository. */
export function createIdentity(host: string, notAfter: Date): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const alternatives = tlv(
    0xa3,
    sequence(sequence(oid('551d11'), tlv(0x04, sequence(alternativeName(host))))),
  )
  const name = commonName('test')
  const cert = certify(
    { subject: name, issuer: name, publicKey, signedBy: privateKey, notAfter },
    alternatives,
  )
  return { cert, key: exported(privateKey) }
}

/** What a certificate that signs messages says of itself. */
export interface SignerWish {
  readonly name: string
  readonly notBefore?: Date
  readonly notAfter: Date
  readonly keyBits?: number
  readonly isSelfSigned?: boolean
}

/** Makes a certificate with an RSA key, as services of topics sign with, issued by an authority of its own. */
export function createSigner({
  name,
  notBefore,
  notAfter,
  keyBits = 2048,
  isSelfSigned,
}: SignerWish): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: keyBits })
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const subject = commonName(name)
  const cert = certify(
    isSelfSigned
      ? { subject, issuer: subject, publicKey, signedBy: privateKey, notBefore, notAfter }
      : {
          subject,
          issuer: commonName('authority'),
          publicKey,
          signedBy: authority.privateKey,
          notBefore,
          notAfter,
        },
  )
  return { cert, key: exported(privateKey) }
}

interface Certification {
  readonly subject: Buffer
  readonly issuer: Buffer
  readonly publicKey: KeyObject
  readonly signedBy: KeyObject
  readonly notBefore?: Date | undefined
  readonly notAfter: Date
}

function certify(
  { subject, issuer, publicKey, signedBy, notBefore = new Date(Date.UTC(2000, 0)), notAfter }: Certification,
  extensions: Buffer = Buffer.of(),
): string {
  const isRsa = signedBy.asymmetricKeyType === 'rsa'
  const algorithm = isRsa
    ? sequence(oid('2a864886f70d01010b'), tlv(0x05, Buffer.of()))
    : sequence(oid('2a8648ce3d040302'))
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.from([1])),
    algorithm,
    issuer,
    sequence(time(notBefore), time(notAfter)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions,
  )
  return pem(sequence(body, algorithm, bits(signature(body, signedBy))))
}

function commonName(name: string): Buffer {
  return sequence(set(sequence(oid('550403'), tlv(0x0c, Buffer.from(name)))))
}

function signature(body: Buffer, key: KeyObject): Buffer {
  return sign('sha256', body, key)
}

function exported(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function alternativeName(host: string): Buffer {
  const isAddress = /^[\d.]+$/.test(host)
  return isAddress ? tlv(0x87, Buffer.from(host.split('.').map(Number))) : tlv(0x82, Buffer.from(host))
}

function time(date: Date): Buffer {
  return tlv(0x18, Buffer.from(`${date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`))
}

function pem(der: Buffer): string {
  // An empty line, where the last one is full, would make it none: the length of a signature varies.
  const lines = der.toString('base64').replaceAll(/.{1,64}/g, '$&\n')
  return `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts))
}

function set(part: Buffer): Buffer {
  return tlv(0x31, part)
}

function oid(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, 'hex'))
}

function bits(content: Buffer): Buffer {
  return tlv(0x03, Buffer.concat([Buffer.from([0]), content]))
}

function tlv(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}
