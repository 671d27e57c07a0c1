import crypto from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import zlib from 'node:zlib'

/** What S3 answers when it refuses: an HTTP status and a code. */
export class S3Error extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string = code) {
    super(message)
    this.status = status
    this.code = code
  }
}

export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export const hash = (algorithm: string, content: string | Uint8Array) =>
  crypto.createHash(algorithm).update(content)
const sha256Hex = (content: string | Uint8Array) => hash('sha256', content).digest('hex')
const hmac = (key: string | Buffer, text: string) => crypto.createHmac('sha256', key).update(text).digest()
const byCodePoint = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const uriEncode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

interface Claim {
  readonly credential: string
  readonly signedHeaders: string
  readonly signature: string
  readonly date: string
  readonly payloadHash: string
}

/** Throws unless the request carries a valid Signature V4, in its Authorization header or in its query (presigned). */
export function verifySignature(
  request: IncomingMessage,
  url: URL,
  body: Buffer,
  { accessKeyId, secretAccessKey, now }: Keys & { readonly now: () => number },
): void {
  const claim = url.searchParams.has('X-Amz-Signature')
    ? claimOfQuery(url, now)
    : claimOfHeader(request, body)
  const [keyId, day = '', region = ''] = claim.credential.split('/')
  if (keyId !== accessKeyId) throw new S3Error(403, 'InvalidAccessKeyId')
  const canonicalRequest = canonicalise(request, url, claim)
  const scope = `${day}/${region}/s3/aws4_request`
  const stringToSign = ['AWS4-HMAC-SHA256', claim.date, scope, sha256Hex(canonicalRequest)].join('\n')
  let key: string | Buffer = `AWS4${secretAccessKey}`
  for (const part of [day, region, 's3', 'aws4_request']) key = hmac(key, part)
  if (hmac(key, stringToSign).toString('hex') !== claim.signature)
    throw new S3Error(403, 'SignatureDoesNotMatch')
}

function claimOfQuery(url: URL, now: () => number): Claim {
  const of = (name: string) => url.searchParams.get(`X-Amz-${name}`) ?? ''
  const date = of('Date')
  const signedAt = Date.parse(date.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z'))
  if (now() > signedAt + 1000 * Number(of('Expires')))
    throw new S3Error(403, 'AccessDenied', 'Request has expired')
  return {
    credential: of('Credential'),
    signedHeaders: of('SignedHeaders'),
    signature: of('Signature'),
    date,
    payloadHash: 'UNSIGNED-PAYLOAD',
  }
}

function claimOfHeader({ headers }: IncomingMessage, body: Buffer): Claim {
  const parts = /Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)/.exec(
    headers.authorization ?? '',
  )
  if (parts === null) throw new S3Error(403, 'AccessDenied')
  const [, credential = '', signedHeaders = '', signature = ''] = parts
  const payloadHash = headerOf(headers, 'x-amz-content-sha256') ?? sha256Hex('')
  if (/^[0-9a-f]{64}$/.test(payloadHash) && payloadHash !== sha256Hex(body)) {
    throw new S3Error(400, 'XAmzContentSHA256Mismatch')
  }
  return { credential, signedHeaders, signature, date: headerOf(headers, 'x-amz-date') ?? '', payloadHash }
}

function canonicalise({ method, headers }: IncomingMessage, url: URL, claim: Claim): string {
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort((a, b) => byCodePoint(a[0], b[0]) || byCodePoint(a[1], b[1]))
    .map((pair) => pair.join('='))
    .join('&')
  const signed = claim.signedHeaders
    .split(';')
    .map((name) => `${name}:${(headerOf(headers, name) ?? '').trim().replace(/\s+/g, ' ')}\n`)
    .join('')
  const path = url.pathname
    .split('/')
    .map((part) => uriEncode(decodeURIComponent(part)))
    .join('/')
  return [method, path, query, signed, claim.signedHeaders, claim.payloadHash].join('\n')
}

/** One header as text. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value.join(',') : value
}

/** Decodes an aws-chunked body into its bytes and its trailing headers, which hold the checksum. */
export function decodeChunked(raw: Buffer): { body: Buffer; trailers: Record<string, string> } {
  const chunks: Buffer[] = []
  const trailers: Record<string, string> = {}
  let at = 0
  for (;;) {
    const lineEnd = raw.indexOf('\r\n', at)
    const length = Number.parseInt(raw.toString('latin1', at, lineEnd), 16)
    at = lineEnd + 2
    if (!length) break
    chunks.push(raw.subarray(at, at + length))
    at += length + 2
  }
  for (const line of raw.toString('latin1', at).split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) trailers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
  }
  return { body: Buffer.concat(chunks), trailers }
}

const CHECKSUMS: Readonly<Record<string, (body: Buffer) => string>> = {
  'x-amz-checksum-crc32': (body) => {
    const sum = Buffer.alloc(4)
    sum.writeUInt32BE(zlib.crc32(body))
    return sum.toString('base64')
  },
  'x-amz-checksum-sha1': (body) => hash('sha1', body).digest('base64'),
  'x-amz-checksum-sha256': (body) => hash('sha256', body).digest('base64'),
}

/** Checks every checksum that the client sent; returns those to echo and to keep. */
export function verifyChecksums(headers: IncomingHttpHeaders, body: Buffer): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, compute] of Object.entries(CHECKSUMS)) {
    const sent = headerOf(headers, name)
    if (sent === undefined) continue
    if (compute(body) !== sent) throw new S3Error(400, 'BadDigest')
    kept[name] = sent
  }
  const md5 = headerOf(headers, 'content-md5')
  if (md5 !== undefined && hash('md5', body).digest('base64') !== md5) throw new S3Error(400, 'BadDigest')
  return kept
}
