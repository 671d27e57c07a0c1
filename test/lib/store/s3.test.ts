import { inspect } from 'node:util'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { mockClient } from 'aws-sdk-client-mock'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openStore } from '../../../lib/store/address.ts'
import type { Store } from '../../../lib/store/store.ts'
import { describeStore } from '../../contract/store.ts'
import { type S3ForTests, startS3ForTests } from '../../support/s3.ts'
import type { S3Fault, SeenRequest } from '../../support/s3lite.ts'

// The SDK looks for credentials in the environment, as it will when deployed.
vi.stubEnv('AWS_ACCESS_KEY_ID', 'test-access-key')
vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test-secret-key')

describeStore('S3', async () => {
  const { server, address, env } = await startS3ForTests()
  return { address, endpoint: server.url, env, stop: server.stop }
})

describe('createS3Store', () => {
  const PART_BYTES = 5 * 1024 * 1024
  let s3: S3ForTests
  let store: Store
  const open = (address = s3.address, silenceMs?: number) =>
    openStore(address, { endpoint: s3.server.url, newId: () => crypto.randomUUID(), silenceMs })
  /** A machine that is busy is silent too: only where the server never answers is this long enough. */
  const impatient = () => open(s3.address, 500)
  const bucket = () => s3.server.buckets.get('audit-reports') ?? new Map()
  const requests = () => s3.server.log.map((line) => line.replace('/audit-reports/team/backups', ''))
  const failWith = (
    fault: S3Fault,
    matches: (request: SeenRequest) => boolean = () => true,
    times = Infinity,
  ) => {
    let left = times
    s3.server.fail = (request) => (matches(request) && left-- > 0 ? fault : undefined)
  }
  const isPut = ({ method }: SeenRequest) => method === 'PUT'
  const isComplete = ({ method, query }: SeenRequest) => method === 'POST' && query.has('uploadId')

  beforeEach(async () => {
    s3 = await startS3ForTests()
    store = open()
  })
  afterEach(() => s3.server.stop())

  describe('puts things where and how they belong', () => {
    it('keeps the objects under its prefix, with their type', async () => {
      await store.putIfAbsent('latest.json', '{}')
      const writer = await store.writer('a/report.html', 'text/html; charset=utf-8')
      await writer.close()
      const types = [...bucket()].map(([key, { headers }]) => [key, headers['content-type']])
      expect(types).toEqual([
        ['team/backups/latest.json', 'application/json'],
        ['team/backups/a/report.html', 'text/html; charset=utf-8'],
      ])
      expect(store.locate('latest.json')).toBe('s3://audit-reports/team/backups/latest.json')
    })

    it('works without a prefix', async () => {
      const root = open('s3://audit-reports')
      await root.putIfAbsent('a/b', '1')
      expect([...bucket().keys()]).toEqual(['a/b'])
      expect(await listOf(root.names(''))).toEqual(['a/'])
    })

    it('lists more names than fit into a page, folders among them, in order', async () => {
      await store.putIfAbsent('x', '')
      const [object] = bucket().values()
      const names = Array.from({ length: 2500 }, (_, i) => (i % 3 === 0 ? `n${i}/` : `n${i}`))
      for (const name of names) bucket().set(`team/backups/${name.replace('/', '/a')}`, object)
      expect(await listOf(store.names(''))).toEqual([...names, 'x'].sort())
      expect(s3.server.log.filter((line) => line.startsWith('GET'))).toHaveLength(3)
    })

    it('shows no object that has no key', async () => {
      await store.putIfAbsent('x', '')
      const [object] = bucket().values()
      for (const name of ['', '.probe', 'b c', '..', 'd//e']) bucket().set(`team/backups/${name}`, object)
      expect(await listOf(store.names(''))).toEqual(['d/', 'x'])
    })
  })

  describe('sends the commands that it should', () => {
    it('puts what fits into a part at once, and only if the key is free', async () => {
      const calls = mockClient(S3Client).on(PutObjectCommand).resolves({})
      try {
        const writer = await store.writer('a', 'text/csv')
        for (let i = 0; i < 5; i++) await writer.write(Buffer.alloc(PART_BYTES / 5))
        expect(await writer.close()).toBe(true)
        expect(calls.calls().map(({ args }) => args[0].input)).toEqual([
          expect.objectContaining({ Key: 'team/backups/a', IfNoneMatch: '*', ContentType: 'text/csv' }),
        ])
      } finally {
        calls.restore()
      }
    })

    it('sends what is larger in parts with checksums, and completes it only if the key is free', async () => {
      const calls = mockClient(S3Client)
      calls.on(CreateMultipartUploadCommand).resolves({ UploadId: 'upload-1' })
      calls.on(UploadPartCommand).callsFake(({ PartNumber, Body }) => ({
        ETag: `"${Body.length}"`,
        ChecksumCRC32: `crc-${PartNumber}`,
      }))
      calls.on(CompleteMultipartUploadCommand).resolves({})
      try {
        const writer = await store.writer('a', 'text/csv')
        await writer.write(Buffer.alloc(2 * PART_BYTES + 1))
        expect(await writer.close()).toBe(true)
        const [first, ...others] = calls.calls().map(({ args }) => args[0].input)
        expect(first).toMatchObject({ ContentType: 'text/csv', ChecksumAlgorithm: 'CRC32' })
        expect(others.at(-1)).toMatchObject({
          IfNoneMatch: '*',
          UploadId: 'upload-1',
          MultipartUpload: {
            Parts: [
              { PartNumber: 1, ETag: `"${PART_BYTES}"`, ChecksumCRC32: 'crc-1' },
              { PartNumber: 2, ETag: `"${PART_BYTES}"`, ChecksumCRC32: 'crc-2' },
              { PartNumber: 3, ETag: '"1"', ChecksumCRC32: 'crc-3' },
            ],
          },
        })
        expect(others).toHaveLength(4)
      } finally {
        calls.restore()
      }
    })
  })

  describe('takes what a network does to it', () => {
    it.each<[string, S3Fault]>([
      ['a 503', { status: 503, code: 'SlowDown' }],
      ['a reset connection', 'reset'],
      ['a collision of writers', { status: 409, code: 'ConditionalRequestConflict' }],
      ['an answer that never comes', 'hang'],
    ])('writes although it meets %s', async (_, fault) => {
      failWith(fault, isPut, 1)
      const writer = fault === 'hang' ? impatient() : store
      expect(await writer.putIfAbsent('a', '1')).toBe(true)
    })

    it('knows its own write when the answer was lost and the SDK sends it again', async () => {
      failWith('lose', isPut, 1)
      expect(await store.putIfAbsent('a', '1')).toBe(true)
      failWith('lose', isPut, 1)
      const version = (await store.get('a'))?.version ?? ''
      expect(await store.replaceIfUnchanged('a', '2', version)).toBe(true)
      expect(String((await store.get('a'))?.bytes)).toBe('2')
    })

    it.each([
      ['knows its own write', true],
      ['takes no write of another for its own', false],
    ])(
      '%s when an answer was lost, writers then collided and the write was there at last',
      async (_, isOurs) => {
        if (!isOurs) await open().putIfAbsent('a', '0')
        const conflict = { status: 409, code: 'ConditionalRequestConflict' }
        const faults: S3Fault[] = ['lose', conflict]
        s3.server.fail = (request) => (isPut(request) ? faults.shift() : undefined)
        expect(await store.putIfAbsent('a', '1')).toBe(isOurs)
        expect(requests().filter((line) => line.startsWith('PUT /a')).length).toBeGreaterThanOrEqual(3)
      },
    )

    it('knows its own write when every answer was lost', async () => {
      failWith('lose', isPut, 9)
      expect(await store.putIfAbsent('a', '1')).toBe(true)
    })

    it('fails when every answer was lost, and another wrote', async () => {
      await open().putIfAbsent('a', '0')
      failWith('lose', isPut, 9)
      await expect(store.putIfAbsent('a', '1')).rejects.toMatchObject({ name: 'Fault', code: 'unavailable' })
      expect(String((await store.get('a'))?.bytes)).toBe('0')
    })

    it('says why a write failed where nobody can be asked who wrote', async () => {
      s3.server.fail = (request) => (isPut(request) ? 'lose' : { status: 403, code: 'AccessDenied' })
      await expect(store.putIfAbsent('a', '1')).rejects.toThrow(/^Cannot write .*the store cannot be reached/)
    })

    it('does not take the write of another for its own, however often it sends', async () => {
      await open().putIfAbsent('a', '1')
      failWith('lose', isPut, 1)
      expect(await store.putIfAbsent('a', '1')).toBe(false)
    })

    it.each<[string, S3Fault]>([
      ['the answer is lost', 'lose'],
      ['writers collide', { status: 409, code: 'ConditionalRequestConflict' }],
    ])('completes a large object although %s', async (_, fault) => {
      failWith(fault, isComplete, 1)
      const writer = await store.writer('a', 'text/csv')
      await writer.write(Buffer.alloc(PART_BYTES + 1, 'x'))
      expect(await writer.close()).toBe(true)
      expect(bucket().get('team/backups/a')?.body).toHaveLength(PART_BYTES + 1)
    })

    it('reads on where an answer breaks off', async () => {
      const content = Buffer.alloc(2_500_000, 'abcdefg')
      await store.putIfAbsent('a', content)
      failWith('cut', ({ method }) => method === 'GET', 1)
      expect((await store.get('a'))?.bytes.equals(content)).toBe(true)
      let gets = 0
      failWith('cut', ({ method }) => method === 'GET' && gets++ % 2 === 1)
      expect(Buffer.concat(await listOf(store.read('a'))).equals(content)).toBe(true)
    })

    it('says of what is not what was stored that it is damaged, and does not call that a defect', async () => {
      await store.putIfAbsent('a', Buffer.from('{"expired":{"grace":"1h"}}'))
      const stored = bucket().get('team/backups/a')
      bucket().set('team/backups/a', { ...stored, body: Buffer.from('{"expired":{"grace":"9h"}}') })
      await expect(store.get('a')).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('is not what was stored'),
      })
    })

    it('never mixes two versions in one reading', async () => {
      await store.putIfAbsent('a', Buffer.alloc(1_500_000, 'a'))
      const version = (await store.get('a'))?.version ?? ''
      const reading = store.read('a')[Symbol.asyncIterator]()
      await reading.next()
      await store.replaceIfUnchanged('a', Buffer.alloc(1_500_000, 'b'), version)
      await expect(reading.next()).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('replaced meanwhile'),
      })
    })

    it('holds no connection while a reader pauses, so that a hundred may be merged', async () => {
      await store.putIfAbsent('a', Buffer.alloc(1_100_000))
      const readings = Array.from({ length: 100 }, () => store.read('a')[Symbol.asyncIterator]())
      for (const reading of readings) expect((await reading.next()).done).toBe(false)
      for (const reading of readings) expect((await reading.next()).done).toBe(false)
    })

    it('leaves no upload behind: aborted, failed, or beaten', async () => {
      const large = Buffer.alloc(PART_BYTES + 1)
      const aborted = await store.writer('a', 'text/csv')
      await aborted.write(large)
      expect(s3.server.uploads.size).toBe(1)
      await aborted.abort()
      const failed = await store.writer('a', 'text/csv')
      failWith({ status: 403, code: 'AccessDenied' }, isPut)
      await expect(failed.write(large)).rejects.toMatchObject({ code: 'unavailable' })
      await failed.abort()
      s3.server.fail = undefined
      const beaten = await store.writer('a', 'text/csv')
      await beaten.write(large)
      await store.putIfAbsent('a', 'first')
      expect(await beaten.close()).toBe(false)
      expect(s3.server.uploads.size).toBe(0)
      expect(String((await store.get('a'))?.bytes)).toBe('first')
    })
  })

  describe('says in one sentence what is wrong', () => {
    const CASES: [S3Fault, RegExp][] = [
      [
        { status: 403, code: 'AccessDenied' },
        /refuses; allow this role s3:GetObject.*\(AccessDenied, HTTP 403/,
      ],
      [{ status: 403, code: 'InvalidAccessKeyId' }, /other credentials; check AWS_ACCESS_KEY_ID/],
      [{ status: 403, code: 'RequestTimeTooSkewed' }, /clock of this machine is wrong/],
      [{ status: 403, code: 'QuotaExceeded' }, /is full; free some space/],
      [{ status: 403, code: 'Strange' }, /refuses; allow this role.*\(Strange, HTTP 403/],
      [{ status: 404, code: 'NoSuchBucket' }, /no such bucket; create it, or correct REPORT_STORE/],
      [{ status: 409, code: 'OperationAborted' }, /\(OperationAborted, HTTP 409/],
      [{ status: 507, code: 'InsufficientStorage' }, /is full; free some space/],
      [{ status: 503, code: 'SlowDown' }, /overloaded; try again later \(SlowDown, HTTP 503, 3 attempts/],
      [{ status: 500, code: 'InternalError' }, /in trouble; try again later/],
      [{ status: 501, code: 'NotImplemented' }, /does not know this call/],
      [{ status: 400, code: 'AuthorizationHeaderMalformed' }, /another region; set AWS_REGION/],
      [{ status: 418, code: '<b>no word</b>' }, /do not expect; see its documentation \([\w.-]+, HTTP 418/],
      ['hang', /does not answer in time.*\((TimeoutError|ETIMEDOUT), 3 attempts/],
      ['reset', /cannot be reached; check AWS_ENDPOINT_URL_S3.*\(ECONNRESET, 3 attempts/],
    ]
    it.each(CASES)('%j', async (fault, sentence) => {
      failWith(fault)
      const asked = fault === 'hang' ? impatient() : store
      const tried = await Promise.allSettled([
        asked.putIfAbsent('a', '1'),
        asked.get('a'),
        listOf(asked.names('')),
        ...(fault === 'hang' || fault === 'reset' ? [] : [store.remove('a'), store.probe()]),
      ])
      for (const attempt of tried) {
        expect(attempt).toMatchObject({ reason: { name: 'Fault', code: 'unavailable' } })
        if (attempt.status === 'fulfilled') continue
        expect(attempt.reason.message).toMatch(/^Cannot \w+ .*s3:\/\/audit-reports\/team\/backups/)
        expect(attempt.reason.message).toMatch(sentence)
        expect(inspect(attempt.reason, { depth: 9, showHidden: true })).not.toMatch(
          /test-(access|secret)-key|Signature=/,
        )
      }
    })

    it('a server that is not there', async () => {
      await s3.server.stop()
      await expect(store.probe()).rejects.toMatchObject({
        message: expect.stringMatching(
          /^Cannot write to the store s3:.* cannot be reached.*\(ECONNREFUSED, 3 attempts\)$/,
        ),
      })
    })

    it('no region, and no credentials', async () => {
      for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null')
      vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
      for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION']) vi.stubEnv(name, undefined)
      const nowhere = openStore('s3://bucket/x', { newId: () => 'id' })
      await expect(nowhere.get('a')).rejects.toMatchObject({
        code: 'invalid_configuration',
        message: expect.stringContaining('set AWS_REGION'),
      })
      vi.stubEnv('AWS_ACCESS_KEY_ID', undefined)
      await expect(open().get('a')).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(/other credentials; check AWS_ACCESS_KEY_ID/),
      })
      vi.stubEnv('AWS_ACCESS_KEY_ID', 'test-access-key')
    })

    it('a server that does not speak S3', async () => {
      const { createServer } = await import('node:http')
      const server = createServer((_, res) => res.writeHead(200).end('<html>Welcome to nginx</html>')).listen(
        0,
      )
      const port = Object(server.address()).port
      const web = openStore('s3://bucket/x', { endpoint: `http://127.0.0.1:${port}`, newId: () => 'id' })
      await expect(web.probe()).rejects.toMatchObject({ code: 'unavailable' })
      for (const attempt of [() => web.get('a'), () => listOf(web.read('a')), () => listOf(web.names(''))]) {
        await expect(attempt()).rejects.toMatchObject({
          code: 'unavailable',
          message: expect.stringMatching(/^Cannot \w+ s3:.*: what answers there is no S3/),
        })
      }
      server.close()
      server.closeAllConnections()
    })
  })

  describe('probe', () => {
    it('accepts a store that honours conditional writes, with four requests once per process', async () => {
      await Promise.all([store.probe(), store.probe()])
      await store.probe()
      expect(requests()).toEqual(['PUT /.probe', 'PUT /.probe', 'PUT /.probe', 'DELETE /.probe'])
      expect(bucket().size).toBe(0)
    })

    it('refuses one that takes the condition and does not look at it', async () => {
      s3.server.ignoresConditions = true
      await expect(store.probe()).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(/^Cannot use the store s3:.* ignores If-None-Match or If-Match/),
      })
      expect(bucket().size).toBe(0)
    })

    it('needs no right to delete, and then leaves one object however often it is asked', async () => {
      failWith({ status: 403, code: 'AccessDenied' }, ({ method }) => method === 'DELETE')
      await store.probe()
      await open().probe()
      expect([...bucket().keys()]).toEqual(['team/backups/.probe'])
    })

    it('is not misled by other processes that probe at the same time', async () => {
      await Promise.all(Array.from({ length: 8 }, () => open().probe()))
      expect(bucket().size).toBe(0)
    })

    it('asks again after it failed', async () => {
      failWith({ status: 403, code: 'AccessDenied' }, isPut, 1)
      await expect(store.probe()).rejects.toMatchObject({ code: 'unavailable' })
      await store.probe()
    })
  })
})

async function listOf<T>(all: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const one of all) list.push(one)
  return list
}
