import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { fleetOf, SERVER_ID, VAULT_ID } from '../local/emulator/fleet-of.ts'
import { type Call, type Door, type Heard, withDoor } from '../support/door.ts'
import { fastestMs } from '../support/fastest.ts'
import { rowsAt } from '../support/json.ts'

interface Case {
  readonly id: string
  readonly given: Readonly<Record<string, unknown>>
  readonly expect: string
}

const CASES = join(import.meta.dirname, '../../../shared/cases/bad-inputs.json')
const cases: readonly Case[] = existsSync(CASES) ? JSON.parse(readFileSync(CASES, 'utf8')) : []
const given = (id: string) => cases.find((one) => one.id === id)?.given

const REFUSED = { status: 400, body: { code: 'invalid_request', status: 400, errors: expect.any(Array) } }

function withParameters(parameters: object): object {
  return { checkpoint: { vault_id: VAULT_ID, parameters } }
}

async function refuses({ call, emulator, posts }: Door, line: string, options: Call = {}): Promise<Heard> {
  const before = emulator.requests.length
  const heard = await call(line, options)
  expect(heard, `${line} ${JSON.stringify(options).slice(0, 200)}`).toMatchObject(REFUSED)
  expect(emulator.requests.length).toBe(before)
  expect(posts()).toBe(0)
  return heard
}

describe.skipIf(cases.length === 0)(
  'the bad inputs of ../shared/cases (skipped where that folder is absent)',
  () => {
    const ofParameters = cases.filter(
      ({ given: { name, description } }) => name !== undefined || description !== undefined,
    )

    it('are all there', () => {
      expect(cases).toHaveLength(85)
      expect(ofParameters.length).toBeGreaterThan(20)
    })

    it.each(ofParameters)('$id in the parameters of a checkpoint', ({ given, expect: expected }) =>
      withDoor({}, async (door) => {
        const [field] = Object.keys(given)
        if (expected.startsWith('400')) {
          const heard = await refuses(door, 'POST /checkpoints', { body: withParameters(given) })
          expect(heard.body.errors).toEqual([
            { pointer: `/checkpoint/parameters/${field}`, detail: expect.stringContaining('allowed is') },
          ])
        } else {
          const heard = await door.call('POST /checkpoints', { body: withParameters(given) })
          expect(heard.status).toBe(200)
          const { name = expect.any(String), description = '' } = given
          expect(heard.body).toMatchObject({ checkpoint: { extra_info: { name, description } } })
        }
      }),
    )

    it.each(cases.filter(({ given, expect: expected }) => 'query' in given && expected.startsWith('400')))(
      '$id in the query of a list',
      ({ id, given: { query } }) =>
        withDoor({}, async (door) => {
          const QUERIES: Readonly<Record<string, readonly string[]>> = {
            'BAD-063': ['-1', '1e3', '0x10', 'NaN', '1.5', '', '10abc', '９'].map(
              (limit) => `limit=${encodeURIComponent(limit)}`,
            ),
            'BAD-064': ['limit=1&limit=2', 'limit=1,2'],
            'BAD-067': ['start_time=2026-01-02T00:00:00Z&end_time=2026-01-01T00:00:00Z'],
            'BAD-069': [Array.from({ length: 10_000 }, () => 'a=').join('&')],
          }
          for (const one of QUERIES[id] ?? [String(query)]) await refuses(door, `GET /backups?${one}`)
        }),
    )

    it('BAD-068: an unknown parameter that looks like a path into a prototype', () =>
      withDoor({}, async (door) => {
        await refuses(door, `GET /backups?${String(given('BAD-068')?.['query'])}`)
        expect(Object.prototype).not.toHaveProperty('y')
      }))
  },
)

describe('the target in a query', () => {
  it('is complained of once where its region is given as nothing, though several targets fit', () =>
    withDoor({ environment: { AUDIT_TARGETS: 'cn-north-4:a,cn-east-3:b' } }, async (door) => {
      const heard = await refuses(door, 'GET /backups?region=&project_id=')
      expect(heard.body.errors).toEqual([
        { pointer: '/query/region', detail: 'found "", allowed is 1 to 64 characters' },
        { pointer: '/query/project_id', detail: 'found "", allowed is 1 to 64 characters' },
      ])
    }))
})

describe('the body of POST /checkpoints', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

  it.each([
    ['not json', '/body'],
    ['', '/body'],
    ['   ', '/body'],
    ['{"checkpoint":{}', '/body'],
    ['[1,]', '/body'],
    ['NaN', '/body'],
    ["{'checkpoint':{}}", '/body'],
    ['\ufeff{"checkpoint":{}}', '/body'],
    [nested(100_000), '/body'],
    [`{"a":${nested(33)}}`, '/body'],
    [`[${'0,'.repeat(30_000)}0]`, '/body'],
    ['null', '/body'],
    ['[]', '/body'],
    ['"text"', '/body'],
    ['1e400', '/body'],
    ['-1e400', '/body'],
    ['12345678901234567890', '/body'],
    ['{"constructor":{"prototype":{"x":1}}}', '/constructor'],
    ['{"__proto__":{"checkpoint":{}}}', '/__proto__'],
    ['{"then":"x"}', '/then'],
    ['{"toJSON":"x"}', '/toJSON'],
    [`{"checkpoint":{"vault_id":"${VAULT_ID}","dry_run":1}}`, '/checkpoint/dry_run'],
    [`{"checkpoint":{"vault_id":"{${VAULT_ID}}"}}`, '/checkpoint/vault_id'],
    [`{"checkpoint":{"vault_id":"${VAULT_ID} "}}`, '/checkpoint/vault_id'],
    ['{"checkpoint":{"vault_id":"vault-1"}}', '/checkpoint/vault_id'],
    ['{"checkpoint":{"vault_id":12345678901234567890}}', '/checkpoint/vault_id'],
    ['{"checkpoint":{"vault_id":1e400}}', '/checkpoint/vault_id'],
  ])('is refused as %.60s', (body, pointer) =>
    withDoor({}, async (door) => {
      const heard = await refuses(door, 'POST /checkpoints', { body })
      expect(rowsAt(heard.body, 'errors').map((error) => error.pointer)).toContain(pointer)
    }),
  )

  it.each([
    [{ incremental: 'true' }, '/incremental'],
    [{ auto_trigger: 1 }, '/auto_trigger'],
    [{ description: 'x'.repeat(256) }, '/description'],
    [{ description: 'a\ud800' }, '/description'],
    [{ description: null }, '/description'],
    [{ name: 'x'.repeat(65) }, '/name'],
    [{ name: '' }, '/name'],
    [{ nmae: 'x' }, '/nmae'],
    [{ resources: [SERVER_ID, 'x'] }, '/resources/1'],
    [{ resources: SERVER_ID }, '/resources'],
    [{ resources: [SERVER_ID, SERVER_ID.toUpperCase()] }, '/resources'],
    [{ resource_details: [{ id: SERVER_ID }] }, '/resource_details/0/type'],
    [{ resource_details: [{ id: SERVER_ID, type: 'OS::Nova' }] }, '/resource_details/0/type'],
    [
      {
        resource_details: [
          { id: SERVER_ID, type: 'OS::Nova::Server', extra_info: { exclude_volumes: ['x'] } },
        ],
      },
      '/resource_details/0/extra_info/exclude_volumes/0',
    ],
    [
      { resource_details: [1, 2].map(() => ({ id: SERVER_ID, type: 'OS::Nova::Server' })) },
      '/resource_details',
    ],
    [
      {
        resource_details: Array.from({ length: 257 }, (_, index) => ({
          id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
          type: 'OS::Nova::Server',
        })),
      },
      '/resource_details',
    ],
  ])('names what is wrong: case %#', (parameters, pointer) =>
    withDoor({}, async (door) => {
      const heard = await refuses(door, 'POST /checkpoints', { body: withParameters(parameters) })
      expect(heard.body.errors).toEqual([
        { pointer: `/checkpoint/parameters${pointer}`, detail: expect.any(String) },
      ])
    }),
  )

  it('tells the length of a text that is too long to be said back', () =>
    withDoor({}, async (door) => {
      const body = withParameters({ description: 'x'.repeat(300) })
      const heard = await refuses(door, 'POST /checkpoints', { body })
      expect(rowsAt(heard.body, 'errors')[0]?.detail).toMatch(
        /^found "\[redacted\]" of 300 characters, allowed is a text of at most 255 characters$/,
      )
    }))

  it('says how many mistakes more there are where it names the first of them alone', () =>
    withDoor({}, async (door) => {
      const strangers = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`a${index}`, 1]))
      const resources = Array.from({ length: 256 }, () => 'x')
      const lastOf = async (parameters: object) =>
        rowsAt(
          (await refuses(door, 'POST /checkpoints', { body: withParameters(parameters) })).body,
          'errors',
        ).at(-1)
      // Each of them, and that they are one and the same.
      expect(await lastOf({ resources })).toEqual({ pointer: '/body', detail: 'has further mistakes: 157' })
      expect(await lastOf({ resources, ...strangers })).toMatchObject({ detail: 'has further mistakes: 178' })
      expect(await lastOf(strangers)).toEqual({
        pointer: '/checkpoint/parameters',
        detail: 'has further unknown keys: 1',
      })
    }))

  it('names the mistakes of query, header and body at once, and what was meant', () =>
    withDoor({}, async (door) => {
      const heard = await refuses(door, 'POST /checkpoints?regoin=x', {
        body: { checkpoint: { vault_id: 'x', parameters: { nmae: 'x' } } },
        headers: { 'idempotency-key': '' },
      })
      expect(heard.body.errors).toEqual([
        { pointer: '/query/regoin', detail: expect.stringContaining('did you mean region?') },
        { pointer: '/header/idempotency-key', detail: expect.stringContaining('found nothing') },
        { pointer: '/checkpoint/vault_id', detail: expect.stringContaining('found "x", allowed is a uuid') },
        {
          pointer: '/checkpoint/parameters/nmae',
          detail: expect.stringContaining('did you mean name?'),
        },
      ])
    }))

  it('is not followed in what it says last: a key that is written twice is named beside all other mistakes', () =>
    withDoor({}, async (door) => {
      const body = `{"checkpoint":{"vault_id":"${VAULT_ID}","vault_id":"x","parameters":{"name":"a","n\\u0061me":"b"}}}`
      const heard = await refuses(door, 'POST /checkpoints?regoin=x', { body })
      const detail = 'is written more than once, and only the last would hold; leave one'
      expect(heard.body.errors).toEqual([
        { pointer: '/query/regoin', detail: expect.any(String) },
        { pointer: '/checkpoint/vault_id', detail },
        { pointer: '/checkpoint/parameters/name', detail },
        { pointer: '/checkpoint/vault_id', detail: expect.stringContaining('found "x"') },
      ])
    }))

  it('has as many of the keys that are written twice named as help, and their number told, without delay', () =>
    withDoor({}, async (door) => {
      const twice = Array.from({ length: 2_000 }, (_, index) => `"k${index}":0,"k${index}":0`)
      const body = `{"${'secret'.repeat(80_000)}":{${twice.join(',')}}}`
      const { text } = await refuses(door, 'POST /checkpoints', { body })
      expect(text).toContain('"has further keys that are written more than once: 1980"')
      expect(text).not.toContain('secretsecret')
      expect(text.length).toBeLessThan(10_000)
    }))

  it.each([
    [{ 'content-type': 'text/plain' }, 'found "text/plain", allowed is application/json'],
    [
      { 'content-type': 'application/json; charset=utf-16' },
      'found "application/json; charset=utf-16", allowed is application/json',
    ],
    [{ 'content-type': '' }, 'found "", allowed is application/json'],
    [
      { 'content-type': 'application/merge-patch+json' },
      'found "application/merge-patch+json", allowed is application/json',
    ],
    // As the gateway joins two headers.
    [
      { 'content-type': 'application/json,application/json' },
      'found "application/json,[redacted]", allowed is application/json',
    ],
  ])('must be JSON by its content type, and is told what it was: %j', (headers, detail) =>
    withDoor({}, async (door) => {
      const heard = await refuses(door, 'POST /checkpoints', {
        body: { checkpoint: { vault_id: VAULT_ID } },
        headers,
      })
      expect(heard.body.errors).toEqual([{ pointer: '/header/content-type', detail }])
    }),
  )

  it('must come as it is: no content encoding is taken', () =>
    withDoor({}, async (door) => {
      const body = gzipSync(JSON.stringify({ checkpoint: { vault_id: VAULT_ID } })).toString('base64')
      const encoded = (encoding: string) => ({
        body,
        isBase64Encoded: true,
        headers: { 'content-encoding': encoding },
      })
      const heard = await refuses(door, 'POST /checkpoints', encoded('gzip'))
      expect(heard.body.errors).toEqual([
        { pointer: '/header/content-encoding', detail: 'found "gzip", allowed is no content encoding' },
      ])
      const plain = {
        body: { checkpoint: { vault_id: VAULT_ID } },
        headers: { 'content-encoding': 'identity' },
      }
      expect((await door.call('POST /checkpoints', plain)).status).toBe(200)
    }))

  it('is taken in base64 where the gateway encoded it, strictly', () =>
    withDoor({}, async (door) => {
      const encode = (bytes: Buffer) => ({ body: bytes.toString('base64'), isBase64Encoded: true })
      const text = JSON.stringify({ checkpoint: { vault_id: VAULT_ID } })
      const withDescription = (description: string) => JSON.stringify(withParameters({ description }))
      await refuses(door, 'POST /checkpoints', { body: '!!not base64!!', isBase64Encoded: true })
      await refuses(door, 'POST /checkpoints', encode(Buffer.from(text, 'utf16le')))
      await refuses(door, 'POST /checkpoints', encode(Buffer.from(withDescription('\xff'), 'latin1')))
      await refuses(door, 'POST /checkpoints', encode(Buffer.from(`\ufeff${text}`)))
      await refuses(door, 'POST /checkpoints', { body: Buffer.from(text).toString('base64') })
      expect((await door.call('POST /checkpoints', encode(Buffer.from(text)))).status).toBe(200)
    }))

  it('may be as large as 1 MiB after decoding, and not a byte larger', () =>
    withDoor({}, async (door) => {
      const text = JSON.stringify({ checkpoint: { vault_id: VAULT_ID } })
      const sized = (bytes: number) => Buffer.from(text.padEnd(bytes)).toString('base64')
      for (const bytes of [2 ** 20 + 1, 2 ** 22]) {
        const refused = await refuses(door, 'POST /checkpoints', {
          body: sized(bytes),
          isBase64Encoded: true,
        })
        // The gateway before it may have kept the rest.
        const detail = 'found more than 1048576 bytes, allowed are at most 1048576'
        expect(refused.body.errors).toEqual([{ pointer: '/body', detail }])
      }
      const heard = await door.call('POST /checkpoints', { body: sized(2 ** 20), isBase64Encoded: true })
      expect(heard.status).toBe(200)
    }))

  it('finds what is wrong with thousands of values without delay', () =>
    withDoor({ fleet: fleetOf([]) }, async (door) => {
      const body = withParameters({ resources: Array.from({ length: 9_000 }, () => 0) })
      const refusal = () => refuses(door, 'POST /checkpoints', { body })
      expect((await refusal()).body.errors).toHaveLength(101)
      expect(await fastestMs(refusal)).toBeLessThan(500)
    }))
})
