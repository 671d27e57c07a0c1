import { Buffer } from 'node:buffer'
import crypto from 'node:crypto'
import http, { type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import {
  decodeChunked,
  hash,
  headerOf,
  type Keys,
  S3Error,
  verifyChecksums,
  verifySignature,
} from './s3lite-wire.ts'

interface StoredObject {
  readonly body: Buffer
  readonly etag: string
  readonly at: Date
  readonly headers: Record<string, string>
  readonly checksums: Record<string, string>
}

interface Upload {
  readonly parts: Map<number, { readonly body: Buffer; readonly md5: Buffer }>
  readonly headers: Record<string, string>
}

/** A request as a fault sees it. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
}

/**
 * How a request may go wrong: refused with a status and a code; never answered (`hang`); cut off before it is carried
 * out (`reset`) or after it (`lose`, the answer is lost); answered with half of its body (`cut`).
 */
export type S3Fault = { readonly status: number; readonly code: string } | 'hang' | 'reset' | 'lose' | 'cut'

/** An S3 server in this process. */
export interface S3Lite extends Keys {
  readonly url: string
  /** The content: bucket, key, object. */
  readonly buckets: Map<string, Map<string, StoredObject>>
  /** The uploads that are neither completed nor aborted. */
  readonly uploads: Map<string, Upload>
  /** Every request so far, as `PUT /bucket/key`. */
  readonly log: string[]
  /** Decides which requests go wrong. */
  fail: ((request: SeenRequest) => S3Fault | undefined) | undefined
  /** Makes it one of those stores that take If-None-Match and If-Match and do not look at them. */
  ignoresConditions: boolean
  readonly stop: () => Promise<void>
}

interface Call {
  readonly method: string
  readonly bucketName: string
  readonly key: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

interface Answer {
  readonly status: number
  readonly body: string | Buffer
  readonly headers: Record<string, string>
}

type Bucket = Map<string, StoredObject>

const PART_MINIMUM_BYTES = 5 * 1024 * 1024 // of every part but the last
const KNOWN_QUERY = /^(x-id|uploads|uploadId|partNumber|versionId|response-.*|[Xx]-[Aa]mz-.*)$/
const KEPT_HEADERS = ['content-type', 'cache-control', 'content-disposition', 'content-language']
const ESCAPES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' }

const xml = (text: string) => text.replace(/[<>&"]/g, (c) => ESCAPES[c] ?? c)
const unXml = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
const bare = (etag: string) => etag.replaceAll('"', '')
const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b)) // the order S3 lists keys in

/**
 * Starts an in-memory S3 server on a free port of 127.0.0.1: real HTTP, real signatures, no dependencies.
 *
 * It answers what an S3 client in this project uses, strictly: Signature V4 in the header and in presigned URLs (with expiry by
 * `now`), aws-chunked bodies with trailing checksums, conditional writes, ranges, multipart uploads, copy, batch delete,
 * ListObjectsV2. Whatever it does not know it refuses with 501; it never pretends.
 */
export async function startS3({
  accessKeyId = 'test',
  secretAccessKey = 'test',
  now = Date.now,
}: Partial<Keys & { readonly now: () => number }> = {}): Promise<S3Lite> {
  const buckets = new Map<string, Bucket>()
  const uploads = new Map<string, Upload>()

  function verifyConditions(headers: IncomingHttpHeaders, current: StoredObject | undefined): void {
    if (self.ignoresConditions) return
    if (headers['if-none-match'] === '*' && current) throw new S3Error(412, 'PreconditionFailed')
    const expected = headers['if-match']
    if (expected === undefined) return
    if (!current) throw new S3Error(404, 'NoSuchKey')
    if (bare(expected) !== bare(current.etag)) throw new S3Error(412, 'PreconditionFailed')
  }

  function onBucket({ method, bucketName, query, headers, body }: Call): Answer {
    const bucket = buckets.get(bucketName)
    if (method === 'PUT' && [...query.keys()].every((name) => name === 'x-id')) {
      if (!bucket) buckets.set(bucketName, new Map())
      return reply(200, '', { location: `/${bucketName}` })
    }
    if (!bucket) throw new S3Error(404, 'NoSuchBucket')
    if (method === 'HEAD') return reply(200)
    if (method === 'DELETE') {
      if (bucket.size > 0) throw new S3Error(409, 'BucketNotEmpty')
      buckets.delete(bucketName)
      return reply(204)
    }
    if (method === 'POST' && query.has('delete')) return deleteMany(bucket, headers, body)
    if (method === 'GET' && query.get('list-type') === '2') {
      return reply(200, listObjects(bucketName, bucket, query))
    }
    throw new S3Error(501, 'NotImplemented')
  }

  function onUpload({ method, bucketName, key, query, headers, body }: Call, bucket: Bucket): Answer {
    const id = query.get('uploadId') ?? ''
    const upload = uploads.get(id)
    if (!upload) throw new S3Error(404, 'NoSuchUpload')
    if (method === 'PUT') {
      const checksums = verifyChecksums(headers, body)
      const md5 = hash('md5', body).digest()
      upload.parts.set(Number(query.get('partNumber')), { body, md5 })
      return reply(200, '', { etag: `"${md5.toString('hex')}"`, ...checksums })
    }
    if (method === 'DELETE') {
      uploads.delete(id)
      return reply(204)
    }
    if (method !== 'POST') throw new S3Error(501, 'NotImplemented')
    verifyConditions(headers, bucket.get(key))
    const object = assemble(upload, body.toString())
    bucket.set(key, object)
    uploads.delete(id)
    const answer = `<Bucket>${bucketName}</Bucket><Key>${xml(key)}</Key><ETag>${xml(object.etag)}</ETag>`
    return reply(200, `<CompleteMultipartUploadResult>${answer}</CompleteMultipartUploadResult>`)
  }

  function putObject({ key, headers, body }: Call, bucket: Bucket): Answer {
    verifyConditions(headers, bucket.get(key))
    const source = headerOf(headers, 'x-amz-copy-source')
    if (source !== undefined) {
      const [from = '', ...rest] = decodeURIComponent(source).replace(/^\//, '').split('/')
      const original = buckets.get(from)?.get(rest.join('/'))
      if (!original) throw new S3Error(404, 'NoSuchKey')
      const copy = { ...original, at: new Date() }
      bucket.set(key, copy)
      const answer = `<ETag>${xml(copy.etag)}</ETag><LastModified>${copy.at.toISOString()}</LastModified>`
      return reply(200, `<CopyObjectResult>${answer}</CopyObjectResult>`)
    }
    const checksums = verifyChecksums(headers, body)
    const etag = `"${hash('md5', body).digest('hex')}"`
    bucket.set(key, { body, etag, at: new Date(), headers: objectHeaders(headers), checksums })
    return reply(200, '', { etag, ...checksums })
  }

  function onObject(call: Call): Answer {
    const { method, bucketName, key, query, headers } = call
    const bucket = buckets.get(bucketName)
    if (!bucket) throw new S3Error(404, 'NoSuchBucket')
    for (const name of query.keys())
      if (!KNOWN_QUERY.test(name)) throw new S3Error(501, 'NotImplemented', name)
    if (method === 'POST' && query.has('uploads')) {
      const id = crypto.randomUUID()
      uploads.set(id, { parts: new Map(), headers: objectHeaders(headers) })
      const answer = `<Bucket>${bucketName}</Bucket><Key>${xml(key)}</Key><UploadId>${id}</UploadId>`
      return reply(200, `<InitiateMultipartUploadResult>${answer}</InitiateMultipartUploadResult>`)
    }
    if (query.has('uploadId')) return onUpload(call, bucket)
    if (method === 'PUT') return putObject(call, bucket)
    if (method === 'DELETE') {
      const expected = headers['if-match']
      if (expected !== undefined) verifyConditions({ 'if-match': expected }, bucket.get(key))
      bucket.delete(key)
      return reply(204)
    }
    if (method === 'GET' || method === 'HEAD') return sendObject(call, bucket.get(key))
    throw new S3Error(501, 'NotImplemented')
  }

  function handle(request: http.IncomingMessage, url: URL, raw: Buffer): Answer {
    verifySignature(request, url, raw, { accessKeyId, secretAccessKey, now })
    const isChunked = (headerOf(request.headers, 'x-amz-content-sha256') ?? '').startsWith('STREAMING-')
    const { body, trailers } = isChunked ? decodeChunked(raw) : { body: raw, trailers: {} }
    const [, bucketName = '', ...rest] = url.pathname.split('/')
    const key = decodeURIComponent(rest.join('/'))
    const { method = '' } = request
    const headers = { ...request.headers, ...trailers }
    const call = { method, bucketName, key, query: url.searchParams, headers, body }
    if (bucketName === '') {
      const names = [...buckets.keys()].map((name) => `<Bucket><Name>${name}</Name></Bucket>`).join('')
      return reply(200, `<ListAllMyBucketsResult><Buckets>${names}</Buckets></ListAllMyBucketsResult>`)
    }
    return key === '' ? onBucket(call) : onObject(call)
  }

  const server = http.createServer(async (request, res) => {
    const url = new URL(request.url ?? '/', 'http://s3.test')
    const { method = '', headers } = request
    const fault = self.fail?.({
      method,
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      headers,
    })
    if (fault === 'reset') return void request.socket.resetAndDestroy()
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    self.log.push(`${method} ${url.pathname}`)
    if (fault === 'hang') return
    try {
      if (typeof fault === 'object') throw new S3Error(fault.status, fault.code)
      if (fault === 'lose' || fault === 'cut') spoil(res, fault)
      send(res, handle(request, url, Buffer.concat(chunks)))
    } catch (error) {
      const refusal = error instanceof S3Error ? error : new S3Error(500, 'InternalError', String(error))
      const body = `<Error><Code>${refusal.code}</Code><Message>${xml(refusal.message)}</Message></Error>`
      send(res, reply(refusal.status, method === 'HEAD' ? '' : body))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  const self: S3Lite = {
    accessKeyId,
    secretAccessKey,
    url: `http://127.0.0.1:${port}`,
    buckets,
    uploads,
    log: [],
    fail: undefined,
    ignoresConditions: false,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return self
}

function reply(status: number, body: string | Buffer = '', headers: Record<string, string> = {}): Answer {
  return {
    status,
    body,
    headers: body.length > 0 ? { 'content-type': 'application/xml', ...headers } : headers,
  }
}

function send(res: ServerResponse, { status, body, headers }: Answer): void {
  res.writeHead(status, { 'x-amz-request-id': crypto.randomUUID(), ...headers })
  res.end(body)
}

/** Lets the request be carried out, and spoils the answer. */
function spoil(res: ServerResponse, fault: 'lose' | 'cut'): void {
  res.end = (body?: unknown) => {
    if (fault === 'cut' && body instanceof Buffer) res.write(body.subarray(0, body.length / 2))
    void turn().then(() => res.socket?.resetAndDestroy())
    return res
  }
}

function deleteMany(bucket: Bucket, headers: IncomingHttpHeaders, body: Buffer): Answer {
  verifyChecksums(headers, body)
  const keys = [...body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => unXml(key))
  for (const key of keys) bucket.delete(key)
  const deleted = keys.map((key) => `<Deleted><Key>${xml(key)}</Key></Deleted>`).join('')
  return reply(200, `<DeleteResult>${deleted}</DeleteResult>`)
}

function assemble(upload: Upload, wanted: string): StoredObject {
  const parts = [...wanted.matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, number]) => {
    const part = upload.parts.get(Number(number))
    if (!part) throw new S3Error(400, 'InvalidPart')
    return part
  })
  if (parts.slice(0, -1).some((part) => part.body.length < PART_MINIMUM_BYTES)) {
    throw new S3Error(400, 'EntityTooSmall')
  }
  const md5 = hash('md5', Buffer.concat(parts.map((part) => part.md5))).digest('hex')
  const body = Buffer.concat(parts.map((part) => part.body))
  return { body, etag: `"${md5}-${parts.length}"`, at: new Date(), headers: upload.headers, checksums: {} }
}

function sendObject({ method, headers }: Call, object: StoredObject | undefined): Answer {
  if (!object) throw new S3Error(404, 'NoSuchKey')
  const { body, etag } = object
  const known = headers['if-none-match']
  if (known !== undefined && bare(known) === bare(etag)) return reply(304, '', { etag })
  const expected = headers['if-match']
  if (expected !== undefined && bare(expected) !== bare(etag)) throw new S3Error(412, 'PreconditionFailed')
  const base = {
    'content-type': 'binary/octet-stream',
    ...object.headers,
    etag,
    'last-modified': object.at.toUTCString(),
    'accept-ranges': 'bytes',
  }
  const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '')
  if (range === null) {
    const checksums = headers['x-amz-checksum-mode'] === undefined ? {} : object.checksums
    const whole = { ...base, ...checksums, 'content-length': String(body.length) }
    return reply(200, method === 'HEAD' ? '' : body, whole)
  }
  const start = Number(range[1])
  const end = range[2] ? Math.min(Number(range[2]), body.length - 1) : body.length - 1
  if (start >= body.length) throw new S3Error(416, 'InvalidRange')
  const part = {
    ...base,
    'content-length': String(end - start + 1),
    'content-range': `bytes ${start}-${end}/${body.length}`,
  }
  return reply(206, method === 'HEAD' ? '' : body.subarray(start, end + 1), part)
}

function objectHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of Object.keys(headers)) {
    const value = headerOf(headers, name)
    if (value !== undefined && (name.startsWith('x-amz-meta-') || KEPT_HEADERS.includes(name)))
      kept[name] = value
  }
  const encoding = (headerOf(headers, 'content-encoding') ?? '').replace(/,? ?aws-chunked,? ?/, '')
  return encoding === '' ? kept : { ...kept, 'content-encoding': encoding }
}

/** One page of ListObjectsV2: keys in byte order, common prefixes folded, continued after the last entry given. */
function listObjects(name: string, bucket: Bucket, query: URLSearchParams): string {
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter')
  const max = Number(query.get('max-keys') ?? 1000)
  const token = query.get('continuation-token')
  const after = token ? Buffer.from(token, 'base64url').toString() : (query.get('start-after') ?? '')
  const rows: string[] = []
  const folders = new Set<string>()
  let last = ''
  let isTruncated = false
  for (const [key, object] of [...bucket].sort(([a], [b]) => byBytes(a, b))) {
    if (!key.startsWith(prefix)) continue
    const cut = delimiter ? key.indexOf(delimiter, prefix.length) : -1
    const folder = cut >= 0 ? key.slice(0, cut + 1) : undefined
    const entry = folder ?? key
    if (byBytes(entry, after) <= 0 || folders.has(entry)) continue
    isTruncated = rows.length + folders.size >= max
    if (isTruncated) break
    if (folder !== undefined) folders.add(folder)
    else rows.push(rowOf(key, object))
    last = entry
  }
  const next = `<NextContinuationToken>${Buffer.from(last).toString('base64url')}</NextContinuationToken>`
  return [
    `<ListBucketResult><Name>${name}</Name><Prefix>${xml(prefix)}</Prefix><MaxKeys>${max}</MaxKeys>`,
    `<KeyCount>${rows.length + folders.size}</KeyCount><IsTruncated>${isTruncated}</IsTruncated>`,
    isTruncated ? next : '',
    ...rows,
    ...[...folders].map((folder) => `<CommonPrefixes><Prefix>${xml(folder)}</Prefix></CommonPrefixes>`),
    '</ListBucketResult>',
  ].join('')
}

function rowOf(key: string, { at, etag, body }: StoredObject): string {
  const time = `<LastModified>${at.toISOString()}</LastModified>`
  return `<Contents><Key>${xml(key)}</Key>${time}<ETag>${xml(etag)}</ETag><Size>${body.length}</Size></Contents>`
}
