import { createHmac, timingSafeEqual } from 'node:crypto'
import { sha256 } from '../digest.ts'
import { formatSecond, type Instant } from '../time.ts'
import type { Request } from './http.ts'

const ALGORITHM = 'SDK-HMAC-SHA256'

/** What a signature covers. Path and query as they are before encoding, header names in lower case. */
export interface Signable {
  readonly method: string
  readonly path: string
  readonly query: readonly (readonly [name: string, value: string])[]
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** An access key of IAM; temporary ones come with a security token. */
export interface AccessKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly securityToken?: string | undefined
}

/** What an `Authorization` header of this scheme says. */
export interface Authorization {
  readonly accessKeyId: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

/** Step 1: the request in the one form that both sides can write down, over the headers that are to be signed. */
export function canonicalRequest(request: Signable, signedHeaders: readonly string[]): string {
  const names = signedHeaders.toSorted()
  return [
    request.method,
    withFinalSlash(encodePath(request.path)),
    encodeQuery(request.query),
    ...names.map((name) => `${name}:${(request.headers[name] ?? '').trim()}`),
    '',
    names.join(';'),
    sha256(request.body ?? ''),
  ].join('\n')
}

/** Step 2: what the secret key signs; `sdkDate` is the value of the header `x-sdk-date`. */
export function stringToSign(canonical: string, sdkDate: string): string {
  return [ALGORITHM, sdkDate, sha256(canonical)].join('\n')
}

/** Step 3: the signature in lower-case hex. The secret key signs by itself: this scheme derives no key from it. */
export function sign(text: string, secretAccessKey: string): string {
  return createHmac('sha256', secretAccessKey).update(text).digest('hex')
}

/** The value of the header `authorization`. */
export function authorizationHeader(authorization: Authorization): string {
  const { accessKeyId, signedHeaders, signature } = authorization
  const names = signedHeaders.toSorted().join(';')
  return `${ALGORITHM} Access=${accessKeyId}, SignedHeaders=${names}, Signature=${signature}`
}

/** The same request, dated and signed: what it carries is what is signed, so send it unchanged. */
export function signRequest(request: Request, key: AccessKey, at: Instant): Request {
  const sdkDate = toSdkDate(at)
  const headers = {
    ...request.headers,
    ...(key.securityToken === undefined ? {} : { 'x-security-token': key.securityToken }),
    host: new URL(request.origin).host,
    'x-sdk-date': sdkDate,
  }
  // The gateway cannot read names with an underscore back from its own variables; the official SDKs leave them out too.
  const signedHeaders = Object.keys(headers).filter((name) => !name.includes('_'))
  const text = stringToSign(canonicalRequest({ ...request, headers }, signedHeaders), sdkDate)
  const signature = sign(text, key.secretAccessKey)
  const authorization = authorizationHeader({ accessKeyId: key.accessKeyId, signedHeaders, signature })
  return { ...request, headers: { ...headers, authorization } }
}

/** Reads an `Authorization` header; undefined where it is not one of this scheme. */
export function parseAuthorization(header: string): Authorization | undefined {
  const match =
    /^SDK-HMAC-SHA256 Access=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/.exec(header)
  if (match === null) return undefined
  const [, accessKeyId = '', names = '', signature = ''] = match
  return { accessKeyId, signedHeaders: names.split(';'), signature }
}

/** Whether the holder of the secret key signed this very request; for servers. The age of `x-sdk-date` is theirs to judge. */
export function isSignedBy(
  request: Signable,
  authorization: Authorization,
  secretAccessKey: string,
): boolean {
  const sdkDate = request.headers['x-sdk-date'] ?? ''
  const canonical = canonicalRequest(request, authorization.signedHeaders)
  const expected = Buffer.from(sign(stringToSign(canonical, sdkDate), secretAccessKey))
  const received = Buffer.from(authorization.signature)
  return expected.length === received.length && timingSafeEqual(expected, received)
}

/** The query as it is sent and signed: encoded, then sorted by name and value; without `?`. */
export function encodeQuery(query: Signable['query']): string {
  return query
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .toSorted(([a, x], [b, y]) => byCodePoint(a, b) || byCodePoint(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

/** The path as it is sent: every segment encoded, slashes kept. */
export function encodePath(path: string): string {
  return path === '' ? '/' : path.split('/').map(encode).join('/')
}

/** The moment as the header `x-sdk-date` spells it: `20200608T023900Z`. */
export function toSdkDate(at: Instant): string {
  return formatSecond(at).replaceAll(/[-:]/g, '')
}

/** RFC 3986: all but `A-Za-z0-9-_.~`. A lone surrogate has no encoding, so what is sent is U+FFFD in its place. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function withFinalSlash(path: string): string {
  return path.endsWith('/') ? path : `${path}/`
}

/** Both texts are ASCII here, where the order of UTF-16 units is the order of code points. */
function byCodePoint(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
