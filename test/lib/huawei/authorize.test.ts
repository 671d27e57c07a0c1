import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Fault } from '../../../lib/errors.ts'
import { accessKey } from '../../../lib/huawei/access-key.ts'
import { authorizing } from '../../../lib/huawei/authorize.ts'
import { type CloudClock, createCloudClock, fixedClock } from '../../../lib/huawei/cloud-clock.ts'
import type { Request, Response, Send } from '../../../lib/huawei/http.ts'
import { iamToken } from '../../../lib/huawei/iam-token.ts'
import { isSignedBy, parseAuthorization } from '../../../lib/huawei/signature.ts'
import {
  mayHaveBeenCarriedOut,
  TransportFailure,
  transportFailureOf,
  unreachable,
} from '../../../lib/huawei/transport-failure.ts'
import { formatTime, fromEpochMs, hours, type Instant } from '../../../lib/time.ts'
import { objectAt, readJson } from '../../support/json.ts'
import { listBackups, respond } from '../../support/responses.ts'

const key = { accessKeyId: 'AK', secretAccessKey: 'SK' }
const user = { username: 'auditor', password: 'hunter2', domainName: 'acme' }
const NOON = Date.UTC(2026, 0, 1, 12)
const now = () => fromEpochMs(NOON)

describe('accessKey', () => {
  it('signs each request anew, with the time of the moment', async () => {
    let ms = NOON
    const { send, seen } = record(() => respond(200))
    const signed = authorizing(
      send,
      accessKey(
        key,
        createCloudClock(() => fromEpochMs(ms)),
      ),
    )
    await signed(listBackups())
    ms += 1000
    await signed(listBackups())
    expect(seen.map(({ headers }) => headers['x-sdk-date'])).toEqual(['20260101T120000Z', '20260101T120001Z'])
    for (const request of seen) expect(isGenuine(request)).toBe(true)
  })

  it('names the account where a request names no project, under the signature, as the SDKs do', async () => {
    const { send, seen } = record(() => respond(200))
    const signed = authorizing(send, accessKey({ ...key, domainId: 'account-1' }, createCloudClock(now)))
    await signed(listBackups({ path: '/v3/projects', headers: {} }))
    await signed(listBackups())
    expect(seen.map(({ headers }) => headers['x-domain-id'])).toEqual(['account-1', undefined])
    expect(seen[0]?.headers['authorization']).toContain('SignedHeaders=host;x-domain-id;x-sdk-date')
    for (const request of seen) expect(isGenuine(request)).toBe(true)
  })

  it('FLT-015 takes over the time of Huawei once, and signs again', async () => {
    const expired = (request: Request) =>
      request.headers['x-sdk-date'] === '20260101T123000Z'
        ? respond(200)
        : skewed(request, '20260101T123000Z')
    const { send, seen } = record(expired)
    const signed = authorizing(send, accessKey(key, createCloudClock(now)))
    expect((await signed(listBackups())).status).toBe(200)
    expect((await signed(listBackups())).status).toBe(200)
    expect(seen.length).toBe(3)
  })

  it('FLT-015 gives up after one correction, and hands on the refusal that names the time of our clock', async () => {
    const { send, seen } = record((request) => skewed(request, '20260101T123000Z'))
    const refused = await authorizing(send, accessKey(key, createCloudClock(now)))(listBackups())
    expect(refused.status).toBe(401)
    expect(String(refused.body)).toContain('signature time:20260101T120000Z')
    expect(seen.length).toBe(2)
  })

  it('tells the clock of a host that agrees with the time of a signature, as a 429 or a 503 does not', async () => {
    const statuses = [503, 429, 401, 200]
    const { send } = record(() => respond(statuses.shift() ?? 200))
    const told: unknown[] = []
    const agree = (origin: string, time: Instant) => void told.push([origin, time])
    const signed = authorizing(send, accessKey(key, createCloudClock(now)), { agree })
    for (let calls = 0; calls < 3; calls += 1) await signed(listBackups())
    expect(told).toEqual([])
    await signed(listBackups())
    expect(told).toEqual([[listBackups().origin, now()]])
  })

  it('FLT-014 does not repeat a request whose key was refused', async () => {
    const body = {
      error_code: 'APIGW.0301',
      error_msg: 'Incorrect IAM authentication information: Unauthorized',
    }
    const { send, seen } = record(() => respond(401, body))
    await authorizing(send, accessKey(key, createCloudClock(now)))(listBackups())
    expect(seen.length).toBe(1)
  })

  it('refuses a key with a line end or nothing in it, when it is made, and never shows it', () => {
    const make = () =>
      accessKey({ accessKeyId: '', secretAccessKey: 's3cret\n', securityToken: 'ok' }, createCloudClock(now))
    expect(make).toThrow(Fault)
    try {
      make()
    } catch (error) {
      expect(error).toMatchObject({
        code: 'invalid_configuration',
        mistakes: [{ pointer: 'HUAWEICLOUD_SDK_AK' }, { pointer: 'HUAWEICLOUD_SDK_SK' }],
      })
      // JSON leaves the message out.
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('s3cret')
    }
  })
})

describe('iamToken', () => {
  it('logs in once for all calls of a project, as IAM asks for it', async () => {
    const iam = startIam()
    const send = authorizing(iam.send, iamToken(user, iam.source))
    await Promise.all(Array.from({ length: 20 }, () => send(listBackups())))
    expect(iam.logins.length).toBe(1)
    expect(iam.logins[0]).toMatchObject({
      method: 'POST',
      origin: 'https://iam.example.com',
      path: '/v3/auth/tokens',
      query: [['nocatalog', 'true']],
    })
    expect(JSON.parse(iam.logins[0]?.body ?? '')).toEqual({
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'auditor', password: 'hunter2', domain: { name: 'acme' } } },
        },
        scope: { project: { id: '0123456789abcdef0123456789abcdef' } },
      },
    })
  })

  it('asks for a token of the account where the request names no project', async () => {
    const iam = startIam()
    await authorizing(
      iam.send,
      iamToken(user, iam.source),
    )(listBackups({ headers: {}, path: '/v3/projects' }))
    expect(objectAt(readJson(iam.logins[0]?.body ?? ''), 'auth.scope')).toEqual({ domain: { name: 'acme' } })
  })

  it('renews shortly before the token expires, once for all who wait', async () => {
    const iam = startIam()
    const send = authorizing(iam.send, iamToken(user, iam.source))
    await send(listBackups())
    iam.advance(23.9)
    await send(listBackups())
    expect(iam.logins.length).toBe(1)
    iam.advance(0.05)
    await Promise.all(Array.from({ length: 10 }, () => send(listBackups())))
    expect(iam.logins.length).toBe(2)
  })

  it('FLT-014 renews once after a 401, for all calls together, and tries each once more', async () => {
    const iam = startIam()
    const send = authorizing(iam.send, iamToken(user, iam.source))
    await send(listBackups())
    iam.revoke()
    const responses = await Promise.all(Array.from({ length: 10 }, () => send(listBackups())))
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
    expect(iam.logins.length).toBe(2)
  })

  it('FLT-014 a refusal of the old token that comes late does not throw the new one away', async () => {
    const iam = startIam()
    const { promise: gate, resolve: release } = Promise.withResolvers<void>()
    const late: Send = async (request) => {
      const response = await iam.send(request)
      if (request.path === '/late' && response.status === 401) await gate
      return response
    }
    const send = authorizing(late, iamToken(user, iam.source))
    await send(listBackups())
    iam.revoke()
    const waiting = send(listBackups({ path: '/late' }))
    await send(listBackups())
    release()
    expect((await waiting).status).toBe(200)
    expect(iam.logins.length).toBe(2)
  })

  it('FLT-014 never loops where the new token is refused as well', async () => {
    const iam = startIam({ accepts: () => false })
    const response = await authorizing(iam.send, iamToken(user, iam.source))(listBackups())
    expect([response.status, iam.logins.length, iam.calls()]).toEqual([401, 2, 2])
  })

  it('does not renew for the 401 of CBR that means a malformed URL', async () => {
    const { send, seen } = record((request) =>
      request.method === 'POST'
        ? grant('t', NOON)
        : respond(401, { unauthorized: { code: '401', message: 'Malformed request url' } }),
    )
    const response = await authorizing(
      send,
      iamToken(user, { origin: 'https://iam.example.com', clock: fixedClock(now) }),
    )(listBackups())
    expect([response.status, seen.length]).toEqual([401, 2])
  })

  it('a wrong password is refused for good, by name, without the password', async () => {
    const body = {
      error: { code: 401, message: 'The username or password is wrong.', title: 'Unauthorized' },
    }
    const { send } = record(() => respond(401, body))
    const error = await authorizing(
      send,
      iamToken(user, { origin: 'https://iam.example.com', clock: fixedClock(now) }),
    )(listBackups()).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'upstream_refused', upstream: { httpStatus: 401, errorCode: '401' } })
    expect(transportFailureOf(error)).toMatchObject({ sent: 'no', transient: false })
    expect(String(error)).toContain('Cannot log in to IAM: ')
    expect(String(error)).not.toContain('hunter2')
  })

  it.each([-16, 16, 7 * 24 * 60])(
    'stops at a clock that IAM is %d min ahead of, or goes by the time of IAM where it may',
    async (ahead) => {
      const date = new Date(NOON + ahead * 60_000)
      const log = (clock: CloudClock) => {
        const { send } = record((request) =>
          request.method === 'POST' ? grant('t', NOON + 8 * 86_400_000, date.toUTCString()) : respond(200),
        )
        return authorizing(send, iamToken(user, { origin: 'https://iam.example.com', clock }))(listBackups())
      }
      const error = await log(fixedClock(now)).catch((reason: unknown) => reason)
      expect(error).toMatchObject({
        code: 'upstream_refused',
        message: `Cannot log in to IAM: The clock of this machine is off by ${Math.abs(ahead)} min: it had 2026-01-01T12:00:00.000Z when IAM had ${date.toISOString()}. Set the clock`,
      })
      expect(transportFailureOf(error)).toMatchObject({ sent: 'no', transient: false })
      const clock = createCloudClock(now)
      expect((await log(clock)).status).toBe(200)
      expect(clock.now()).toBe(fromEpochMs(date.getTime()))
    },
  )

  it('judges a token by the time of IAM, whatever other hosts have', async () => {
    const behind = new Date(NOON - 25 * 3_600_000)
    const { send, seen } = record((request) =>
      request.method === 'POST' ? grant('t', behind.getTime(), behind.toUTCString()) : respond(200),
    )
    const clock = createCloudClock(now)
    clock.agree('https://cbr.example.com', now())
    const logged = authorizing(send, iamToken(user, { origin: 'https://iam.example.com', clock }))
    for (let calls = 0; calls < 3; calls += 1) await logged(listBackups())
    expect(seen.filter(({ method }) => method === 'POST')).toHaveLength(1)
    expect(clock.now()).toBe(now())
  })

  it.each([
    'Thu, 01 Jan 2026 11:46:00 GMT',
    'Thu, 01 Jan 2026 12:14:00 GMT',
    '-5',
    'Wed, 99 Jan 2020 12:14:00 GMT',
    '2020-01-01T00:00:00Z',
  ])('finds nothing wrong with the clock by the date %j', async (date) => {
    const { send } = record((request) => (request.method === 'POST' ? grant('t', NOON, date) : respond(200)))
    const source = { origin: 'https://iam.example.com', clock: fixedClock(now) }
    expect((await authorizing(send, iamToken(user, source))(listBackups())).status).toBe(200)
  })

  it.each<[string, () => Response]>([
    ['a broken connection', () => fail(new TransportFailure('ECONNRESET', 'connection broken', 'maybe'))],
    ['a 500', () => respond(500)],
    [
      'an answer without a token',
      () => respond(201, { token: { expires_at: '2026-01-02T00:00:00.000000Z' } }),
    ],
  ])(
    '%s at login leaves the request itself unsent, may be tried again, and is not remembered',
    async (_name, act) => {
      let healthy = false
      const { send } = record((request) => {
        if (request.path !== '/v3/auth/tokens') return respond(200)
        return healthy ? grant('t', NOON) : act()
      })
      const logged = authorizing(
        send,
        iamToken(user, { origin: 'https://iam.example.com', clock: fixedClock(now) }),
      )
      const error = await logged(listBackups({ method: 'POST', body: '{}' })).catch(
        (reason: unknown) => reason,
      )
      expect(transportFailureOf(error)).toMatchObject({ sent: 'no', transient: true })
      expect(mayHaveBeenCarriedOut(error)).toBe(false)
      healthy = true
      expect((await logged(listBackups())).status).toBe(200)
    },
  )

  it('one caller who gives up does not spoil the login for the others', async () => {
    const iam = startIam()
    const send = authorizing(iam.send, iamToken(user, iam.source))
    const controller = new AbortController()
    const impatient = send(listBackups(), controller.signal)
    const patient = send(listBackups())
    controller.abort()
    await expect(impatient).rejects.toMatchObject({ code: 'upstream_timeout', cause: { sent: 'no' } })
    expect((await patient).status).toBe(200)
    expect(iam.logins.length).toBe(1)
  })

  it('refuses an empty user, password or domain when it is made, all at once', () => {
    try {
      iamToken(
        { username: '', password: '', domainName: ' ' },
        { origin: 'https://iam.example.com', clock: fixedClock(now) },
      )
      expect.unreachable()
    } catch (error) {
      expect((error as Fault).mistakes.map(({ pointer }) => pointer)).toEqual([
        'HUAWEICLOUD_USERNAME',
        'HUAWEICLOUD_PASSWORD',
        'HUAWEICLOUD_DOMAIN_NAME',
      ])
    }
  })
})

function record(answer: (request: Request) => Response): { readonly send: Send; readonly seen: Request[] } {
  const seen: Request[] = []
  const send: Send = async (request) => {
    seen.push(request)
    return answer(request)
  }
  return { send, seen }
}

function isGenuine(request: Request): boolean {
  const authorization = parseAuthorization(request.headers['authorization'] ?? '')
  return authorization !== undefined && isSignedBy(request, authorization, key.secretAccessKey)
}

function skewed(request: Request, serverTime: string): Response {
  const text = `signature expired, signature time:${request.headers['x-sdk-date']},server time:${serverTime}`
  return respond(401, { error_code: 'APIGW.0301', error_msg: `calc aksk signature fail:${text}` })
}

function fail(failure: TransportFailure): never {
  throw unreachable('iam.example.com', failure)
}

function grant(token: string, nowMs: number, date?: string): Response {
  const expires = formatTime((fromEpochMs(nowMs) + hours(24)) as Instant).replace('Z', '000Z')
  const dated: Record<string, string> = date === undefined ? {} : { date }
  return respond(201, { token: { expires_at: expires } }, { 'x-subject-token': token, ...dated })
}

/** An IAM that hands out numbered tokens, and a service behind it that takes the newest one only. */
function startIam({ accepts = (token: string, newest: string) => token === newest } = {}) {
  let [ms, calls, issued] = [NOON, 0, 0]
  let newest = ''
  const logins: Request[] = []
  const send: Send = async (request) => {
    await Promise.resolve()
    if (request.path === '/v3/auth/tokens') {
      logins.push(request)
      issued += 1
      newest = `token-${issued}`
      return grant(newest, ms)
    }
    calls += 1
    return respond(accepts(request.headers['x-auth-token'] ?? '', newest) ? 200 : 401)
  }
  return {
    send,
    logins,
    source: { origin: 'https://iam.example.com', clock: fixedClock(() => fromEpochMs(ms)) },
    calls: () => calls,
    revoke: () => {
      newest = 'revoked'
    },
    advance: (count: number) => {
      ms += count * 3_600_000
    },
  }
}
