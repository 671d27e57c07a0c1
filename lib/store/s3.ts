import { Fault } from '../errors.ts'
import { checkKey, checkPrefix, isKeyPart } from './key.ts'
import type { S3Calls } from './s3-client.ts'
import { noS3Answer, s3Fault, unless } from './s3-fault.ts'
import { type Condition, honoursConditions } from './s3-probe.ts'
import { fetchPiece } from './s3-read.ts'
import { type Owner, settle } from './s3-settle.ts'
import { createS3Writer } from './s3-writer.ts'
import type { Store, StoredObject, Writer } from './store.ts'

const RANGE_BYTES = 1024 * 1024
const TYPES = new Map([
  ['json', 'application/json'],
  ['ndjson', 'application/x-ndjson'],
])

/** Where in S3, how to reach it, and what makes each write tell its own from others'. */
export interface S3StoreOptions {
  readonly bucket: string
  /** What goes before every key, without a `/` at its end; may be empty. */
  readonly prefix: string
  /** Called once, when the store is first used. */
  readonly connect: () => Promise<S3Calls>
  /** A new unique id for each write. */
  readonly newId: () => string
}

/** A store in a bucket of S3, or of any store that speaks its language and honours conditional writes: `probe` finds out. */
export function createS3Store({ bucket, prefix, connect, newId }: S3StoreOptions): Store {
  const folder = prefix === '' ? '' : `${prefix}/`
  const url = `s3://${bucket}/${prefix}`.replace(/\/$/, '')
  const locate = (key: string) => `${url}/${checkKey(key)}`
  const at = (name: string) => ({ Bucket: bucket, Key: folder + name })
  let connected: Promise<S3Calls> | undefined
  let probed: Promise<void> | undefined

  async function calling<T>(cannot: string, work: (s3: S3Calls) => Promise<T>): Promise<T> {
    try {
      connected ??= connect()
      return await work(await connected)
    } catch (error) {
      throw s3Fault(cannot, error)
    }
  }

  // Each write is marked with an id of its own, so that one whose answer was lost can be told from others'.
  function marked(s3: S3Calls, name: string, contentType = typeOf(name)) {
    const writer = newId()
    const ownerNow = async (): Promise<Owner> => {
      const head = await unless('NotFound', undefined, s3.head(at(name)))
      return head === undefined ? 'nobody' : head.Metadata?.['writer'] === writer ? 'us' : 'others'
    }
    return {
      about: { ContentType: contentType, Metadata: { writer } },
      settle: (write: () => Promise<unknown>) => settle(write, ownerNow),
    }
  }

  function put(s3: S3Calls, name: string, content: string | Uint8Array, condition: Condition) {
    const { about, settle } = marked(s3, name)
    const body = typeof content === 'string' ? Buffer.from(content) : content
    return settle(() => s3.put({ ...at(name), ...about, ...condition, Body: body }))
  }

  async function get(key: string): Promise<StoredObject | undefined> {
    return calling(`read ${locate(key)}`, (s3) => unless('NoSuchKey', undefined, fetchPiece(s3, at(key))))
  }

  // Range by range, so that a reader who takes his time holds no connection: merging many objects would run out of them.
  async function* read(key: string): AsyncIterable<Uint8Array> {
    const cannot = `read ${locate(key)}`
    let version: string | undefined
    for (let start = 0, totalBytes = 1; start < totalBytes; ) {
      const range = { start, end: start + RANGE_BYTES, version }
      const piece = await calling(cannot, (s3) =>
        unless('NoSuchKey', undefined, fetchPiece(s3, at(key), range)),
      )
      if (piece === undefined) throw new Fault('not_found', `Cannot ${cannot}: there is no such object`)
      ;({ version, totalBytes } = piece)
      start += piece.bytes.length
      yield piece.bytes
    }
  }

  async function* names(prefix: string): AsyncIterable<string> {
    const under = folder + checkPrefix(prefix)
    let token: string | undefined
    do {
      const page = await calling(`list ${url}/${prefix}`, async (s3) => {
        const answer = await s3.list({
          Bucket: bucket,
          Prefix: under,
          Delimiter: '/',
          ContinuationToken: token,
        })
        const isWhole = answer.IsTruncated === (answer.NextContinuationToken !== undefined)
        // A page of something else has no lists either: it must not pass for an empty folder.
        if (!isWhole) throw noS3Answer()
        return answer
      })
      const objects = page.Contents?.map(({ Key = '' }) => Key) ?? []
      const folders = page.CommonPrefixes?.map(({ Prefix = '' }) => Prefix) ?? []
      yield* [...objects, ...folders]
        .map((key) => key.slice(under.length))
        .filter((name) => isKeyPart(name.replace(/\/$/, '')))
        .sort()
      token = page.NextContinuationToken
    } while (token !== undefined)
  }

  async function writer(key: string, contentType: string): Promise<Writer> {
    const cannot = `write ${locate(key)}`
    const whole = await calling(cannot, async (s3) =>
      createS3Writer(s3, { at: at(key), ...marked(s3, key, contentType) }),
    )
    return {
      write: (chunk) => calling(cannot, () => whole.write(chunk)),
      close: () => calling(cannot, whole.close),
      abort: whole.abort,
    }
  }

  async function ask(): Promise<void> {
    await calling(`write to the store ${url}`, async (s3) => {
      const asking = {
        put: (name: string, condition: Condition) => put(s3, name, 'probe', condition),
        remove: (name: string) => s3.remove(at(name)),
      }
      // The second name is one that no other process probes at the same time and takes away between our two writes.
      if (await honoursConditions(asking, '.probe')) return
      if (await honoursConditions(asking, `.probe-${newId()}`)) return
      throw new Fault(
        'unavailable',
        `Cannot use the store ${url}: it ignores If-None-Match or If-Match, so two audits could overwrite each other; use a store with conditional writes (Amazon S3 has them)`,
      )
    })
  }

  return {
    url,
    locate,
    get,
    read,
    names,
    writer,
    async probe() {
      probed ??= ask()
      try {
        await probed
      } catch (error) {
        probed = undefined
        throw error
      }
    },
    async putIfAbsent(key, content) {
      return calling(`write ${locate(key)}`, (s3) => put(s3, key, content, { IfNoneMatch: '*' }))
    },
    async replaceIfUnchanged(key, content, version) {
      return calling(`replace ${locate(key)}`, (s3) => put(s3, key, content, { IfMatch: version }))
    },
    async remove(key) {
      await calling(`remove ${locate(key)}`, (s3) => s3.remove(at(key)))
    },
  }
}

function typeOf(name: string): string {
  return TYPES.get(name.slice(name.lastIndexOf('.') + 1)) ?? 'application/octet-stream'
}
