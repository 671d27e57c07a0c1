import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Request } from '../../../lib/huawei/http.ts'
import {
  authorizationHeader,
  canonicalRequest,
  encodePath,
  encodeQuery,
  isSignedBy,
  parseAuthorization,
  type Signable,
  sign,
  signRequest,
  stringToSign,
  toSdkDate,
} from '../../../lib/huawei/signature.ts'
import { fromEpochMs, type Instant } from '../../../lib/time.ts'

interface Vector {
  readonly name: string
  readonly ak: string
  readonly sk: string
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string | number>>
  readonly date: string
  readonly signedHeaders: Readonly<Record<string, string>>
  readonly unsignedHeaders?: Readonly<Record<string, string>>
  readonly body: string
  readonly expected: string
  readonly canonicalRequest?: string
  readonly stringToSign?: string
}

const SHARED = join(import.meta.dirname, '../../../../shared/data')
const VECTORS = join(SHARED, 'signing-vectors.json')
const REQUESTS = join(SHARED, 'signing-requests.json')
const key = { accessKeyId: 'AccessKey', secretAccessKey: 'SecretKey' }
const at = fromEpochMs(Date.UTC(2020, 5, 8, 2, 39, 0, 999))

describe.skipIf(!existsSync(VECTORS))('the vectors of the official SDKs (../shared/data)', () => {
  const staged = existsSync(VECTORS) ? vectorsOf(VECTORS) : []
  const whole = existsSync(REQUESTS) ? vectorsOf(REQUESTS) : []

  it('are all there', () => {
    expect([staged.length, whole.length]).toEqual([11, 11])
  })

  it.each(staged)('$name: the canonical request', (vector) => {
    expect(canonicalRequest(toSignable(vector), signedNames(vector))).toBe(vector.canonicalRequest)
  })

  it.each(staged)('$name: the string to sign', (vector) => {
    expect(stringToSign(vector.canonicalRequest ?? '', vector.date)).toBe(vector.stringToSign)
  })

  it.each(staged)('$name: the Authorization header', (vector) => {
    const signature = sign(vector.stringToSign ?? '', vector.sk)
    expect(
      authorizationHeader({ accessKeyId: vector.ak, signedHeaders: signedNames(vector), signature }),
    ).toBe(vector.expected)
  })

  it.each(whole)('$name: a server reads the header and finds it genuine', (vector) => {
    const authorization = parseAuthorization(vector.expected)
    if (authorization === undefined) throw new Error(`Cannot read ${vector.expected}`)
    expect(isSignedBy(toSignable(vector), authorization, vector.sk)).toBe(true)
    expect(isSignedBy(toSignable(vector), authorization, `${vector.sk}.`)).toBe(false)
  })

  it('encode the query of the Python suite', () => {
    const { canonical_query_vector: vector } = JSON.parse(readFileSync(VECTORS, 'utf8')) as {
      canonical_query_vector: { expected: string; inputs: Record<string, string | string[]> }
    }
    const pairs = Object.entries(vector.inputs).flatMap(([name, values]) =>
      [values].flat().map((value) => [name, value] as const),
    )
    expect(encodeQuery(pairs.toReversed())).toBe(vector.expected)
  })
})

describe('the signer of the official SDK as an oracle', () => {
  const { AKSKSigner } = createRequire(import.meta.url)(
    '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js',
  ) as {
    AKSKSigner: {
      sign(
        request: object,
        credential: { getAk(): string; getSk(): string },
      ): Readonly<Record<string, string>>
    }
  }

  // What the official signer gets wrong or does otherwise is kept out of the random requests (checked by running it):
  //  - it signs a path that is already encoded, so one that needs no encoding is asked for;
  //  - it sorts names and repeated values before encoding: both are drawn from letters that encode to themselves;
  //  - it does not trim header values, and sorts header names by locale: plain words, one character class;
  //  - it serialises the body itself: bodies are what JSON.stringify writes, and an empty one is left out (it would sign `{}`);
  //  - it crashes on a lone surrogate at the end of a text: texts are well formed.
  const unreserved = fc.stringMatching(/^[A-Za-z0-9_.~-]{1,12}$/)
  const requests = fc.record({
    method: fc.constantFrom('GET' as const, 'POST' as const, 'PUT' as const, 'DELETE' as const),
    segments: fc.array(unreserved, { maxLength: 5 }),
    single: fc.dictionary(unreserved, fc.string({ unit: 'grapheme' }), { maxKeys: 5 }),
    repeated: fc.dictionary(unreserved, fc.array(unreserved, { minLength: 1, maxLength: 4 }), { maxKeys: 2 }),
    headers: fc.dictionary(
      fc.stringMatching(/^x-[a-z]{1,8}$/),
      fc.stringMatching(/^[a-z0-9]([a-z0-9 ]{0,8}[a-z0-9])?$/),
      { maxKeys: 3 },
    ),
    body: fc.option(fc.dictionary(fc.string(), fc.string(), { minKeys: 1, maxKeys: 3 }), { nil: undefined }),
    at: fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2035, 0) }).map(fromEpochMs),
  })

  it('gives the same signature for any request outside its known faults', () => {
    fc.assert(
      fc.property(requests, ({ method, segments, single, repeated, headers, body, at: when }) => {
        const query = { ...single, ...repeated }
        const path = `/${segments.join('/')}`
        const origin = 'https://cbr.cn-north-4.myhuaweicloud.com'
        const theirs = AKSKSigner.sign(
          {
            endpoint: `${origin}${path}`,
            method,
            headers: { ...headers, 'X-Sdk-Date': toSdkDate(when) },
            queryParams: structuredClone(query),
            data: body,
          },
          { getAk: () => key.accessKeyId, getSk: () => key.secretAccessKey },
        )
        const ours = signRequest(
          {
            method,
            origin,
            path,
            query: Object.entries(query).flatMap(([name, values]) =>
              [values].flat().map((value) => [name, value] as const),
            ),
            headers,
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          },
          key,
          when,
        )
        expect(ours.headers['authorization']).toBe(theirs['Authorization'])
      }),
      { numRuns: 300 },
    )
  })

  const origin = 'https://cbr.cn-north-4.myhuaweicloud.com'
  const when = fromEpochMs(Date.UTC(2026, 0))
  const secrets = { getAk: () => key.accessKeyId, getSk: () => key.secretAccessKey }
  const date = { 'X-Sdk-Date': toSdkDate(when) }

  it.each([
    ['a path that needs encoding', { path: '/v3/a b' }],
    ['a header with blanks around its value', { headers: { 'x-note': ' a ' } }],
    ['the names A, [ and a, sorted before they are encoded', { query: { A: '1', '[': '2', a: '3' } }],
    ['an empty body, which it signs as {}', { data: {} }],
  ])('signs otherwise than we at %s (docs/sdk.md)', (_, change) => {
    const { path, headers, query } = { path: '/v3', headers: {}, query: {}, ...change }
    const request = { endpoint: `${origin}${path}`, method: 'GET', headers: { ...headers, ...date } }
    const data = 'data' in change ? { data: change.data } : {}
    const theirs = AKSKSigner.sign({ ...request, queryParams: query, ...data }, secrets)
    const ours = signRequest(
      { method: 'GET', origin, path, headers, query: Object.entries(query) },
      key,
      when,
    )
    expect(ours.headers['authorization']).not.toBe(theirs['Authorization'])
  })

  it('ends in an error at half a character (docs/sdk.md)', () => {
    const request = { endpoint: origin, method: 'GET', headers: date, queryParams: { name: 'a\ud800' } }
    expect(() => AKSKSigner.sign(request, secrets)).toThrow()
  })
})

describe('signRequest', () => {
  const request: Request = {
    method: 'GET',
    origin: 'https://cbr.cn-north-4.myhuaweicloud.com',
    path: '/v3/p/backups',
    query: [
      ['status', 'error'],
      ['status', 'available'],
      ['limit', '1000'],
    ],
    headers: { 'x-project-id': 'p' },
  }

  it('adds host, date and token, and signs them together with the headers that were there', () => {
    const headers = { ...request.headers, 'x-domain-id': 'd' }
    const signed = signRequest({ ...request, headers }, { ...key, securityToken: 'token' }, at)
    expect(signed.headers).toMatchObject({
      host: 'cbr.cn-north-4.myhuaweicloud.com',
      'x-sdk-date': '20200608T023900Z',
      'x-security-token': 'token',
      'x-project-id': 'p',
    })
    expect(parseAuthorization(signed.headers['authorization'] ?? '')?.signedHeaders).toEqual([
      'host',
      'x-domain-id',
      'x-project-id',
      'x-sdk-date',
      'x-security-token',
    ])
  })

  it('signs the port with the host where it is not the usual one', () => {
    expect(signRequest({ ...request, origin: 'http://127.0.0.1:8877' }, key, at).headers['host']).toBe(
      '127.0.0.1:8877',
    )
    expect(signRequest({ ...request, origin: 'https://a.example:443' }, key, at).headers['host']).toBe(
      'a.example',
    )
  })

  it('gives the same signature whatever the order of the parameters', () => {
    const pairs = fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), {
      maxLength: 8,
    })
    const shuffled = pairs.chain((query) =>
      fc.tuple(
        fc.constant(query),
        fc.shuffledSubarray(query, { minLength: query.length, maxLength: query.length }),
      ),
    )
    fc.assert(
      fc.property(shuffled, ([query, other]) => {
        expect(signRequest({ ...request, query: other }, key, at)).toMatchObject({
          headers: signRequest({ ...request, query }, key, at).headers,
        })
      }),
    )
  })

  it('is refused by the server as soon as anything that is signed was changed', () => {
    const signed = signRequest({ ...request, method: 'POST', body: '{}' }, key, at)
    const authorization = parseAuthorization(signed.headers['authorization'] ?? '')
    if (authorization === undefined) throw new Error('Cannot read our own header')
    expect(isSignedBy(signed, authorization, key.secretAccessKey)).toBe(true)
    const forgeries: readonly Signable[] = [
      { ...signed, method: 'PUT' },
      { ...signed, path: '/v3/q/backups' },
      { ...signed, query: [] },
      { ...signed, body: '{ }' },
      { ...signed, headers: { ...signed.headers, 'x-project-id': 'q' } },
      { ...signed, headers: { ...signed.headers, 'x-sdk-date': '20200608T023901Z' } },
    ]
    for (const forgery of forgeries)
      expect(isSignedBy(forgery, authorization, key.secretAccessKey)).toBe(false)
  })
})

describe('encoding', () => {
  it('sorts by name, then by value, after encoding', () => {
    const query = [
      ['b', '2'],
      ['a-b', ''],
      ['é', '1'],
      ['a', '2'],
      ['a', '10'],
      ['~', ''],
    ] as const
    expect(encodeQuery(query)).toBe('%C3%A9=1&a=10&a=2&a-b=&b=2&~=')
  })

  it('keeps the slashes of a path and encodes all the rest by RFC 3986', () => {
    expect(encodePath("/v3/a b/(*)'!/é")).toBe('/v3/a%20b/%28%2A%29%27%21/%C3%A9')
    expect(encodePath('')).toBe('/')
  })

  it('puts a replacement character where a lone surrogate was, rather than to fail', () => {
    expect(encodeQuery([['name', 'a\ud800']])).toBe('name=a%EF%BF%BD')
  })

  it('floors the date to whole seconds', () => {
    expect(toSdkDate(at)).toBe('20200608T023900Z')
    expect(toSdkDate((at + 1000) as Instant)).toBe('20200608T023901Z')
  })

  it('reads no header of another scheme', () => {
    for (const header of ['', 'Bearer abc', 'SDK-HMAC-SHA256 Access=a, SignedHeaders=host, Signature=abc'])
      expect(parseAuthorization(header)).toBeUndefined()
  })
})

function vectorsOf(file: string): readonly Vector[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as { vectors: readonly Vector[] }).vectors
}

function toSignable(vector: Vector): Signable {
  const headers = Object.entries({ ...vector.unsignedHeaders, ...vector.signedHeaders })
  return {
    method: vector.method,
    path: vector.path,
    query: Object.entries(vector.query).map(([name, value]) => [name, String(value)] as const),
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    body: vector.body,
  }
}

function signedNames(vector: Vector): readonly string[] {
  return Object.keys(vector.signedHeaders).map((name) => name.toLowerCase())
}
