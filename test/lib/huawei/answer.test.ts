import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { Fault } from '../../../lib/errors.ts'
import { ask, readAnswer } from '../../../lib/huawei/answer.ts'
import { bodyOf, refusalOf } from '../../../lib/huawei/body.ts'
import { explain } from '../../../lib/huawei/explain.ts'
import type { Response } from '../../../lib/huawei/http.ts'
import { redacted } from '../../../lib/huawei/redact.ts'
import { mayHaveBeenCarriedOut } from '../../../lib/huawei/transport-failure.ts'
import { fastestMs } from '../../support/fastest.ts'
import { listBackups, respond } from '../../support/responses.ts'

const page = z.object({ backups: z.array(z.object({ id: z.string() })), count: z.number() })
const SHARED = join(import.meta.dirname, '../../../../shared/data')
const RECORDED = join(SHARED, 'realdata/errors')
const ERRORS = join(SHARED, 'errors.json')

describe('readAnswer', () => {
  it('gives the value that the schema describes, and leaves out what it does not name', () => {
    const body = { backups: [{ id: 'a', more: 1 }], count: 1 }
    expect(readAnswer(listBackups(), respond(200, body), page)).toEqual({ backups: [{ id: 'a' }], count: 1 })
  })

  it.each([
    [400, 'upstream_refused'],
    [401, 'upstream_refused'],
    [403, 'upstream_refused'],
    [404, 'upstream_refused'],
    [409, 'upstream_refused'],
    [422, 'upstream_refused'],
    [429, 'upstream_throttled'],
    [500, 'upstream_unavailable'],
    [502, 'upstream_unavailable'],
    [503, 'upstream_unavailable'],
    [504, 'upstream_timeout'],
    [302, 'upstream_unavailable'],
  ])('FLT-013 %i is %s, with the code, the text and the request id of Huawei', (status, code) => {
    const body = { error_code: 'BackupService.6105', error_msg: 'vault not found', request_id: 'req-1' }
    const fault = faultIn(respond(status, body))
    expect(fault).toMatchObject({
      code,
      upstream: {
        httpStatus: status,
        errorCode: 'BackupService.6105',
        errorMsg: 'vault not found',
        requestId: 'req-1',
      },
    })
    expect(fault.message).toMatch(/^Cannot GET cbr\.cn-north-4\.myhuaweicloud\.com\/v3\//)
  })

  it('says what a known code means and what to do next', () => {
    const body = { error_code: 'BackupService.6105', error_msg: 'vault not found' }
    expect(faultIn(respond(404, body, { 'x-request-id': 'r9' })).message).toBe(
      'Cannot GET cbr.cn-north-4.myhuaweicloud.com/v3/0123456789abcdef0123456789abcdef/backups: Huawei answered 404 ' +
        'BackupService.6105 "vault not found". There is no such vault: check the vault id, and that region and project are those of the vault (request id r9)',
    )
  })

  it('FLT-015 a clock that is off is named with both times and the offset', () => {
    const message =
      'Incorrect IAM authentication information: calc aksk signature fail:signature expired, signature time:20211217T064303Z,server time:20211217T065804Z'
    expect(faultIn(respond(401, { error_msg: message, error_code: 'APIGW.0301' })).message).toContain(
      'The clock of this machine is off by 15 min: it signed at 2021-12-17T06:43:03.000Z when Huawei had 2021-12-17T06:58:04.000Z. Set the clock',
    )
  })

  it('a wrong key is answered with the names of the variables to check', () => {
    const body = {
      error_msg: 'Incorrect IAM authentication information: Unauthorized',
      error_code: 'APIGW.0301',
    }
    expect(faultIn(respond(401, body)).message).toContain('HUAWEICLOUD_SDK_AK')
  })

  it('the 401 of CBR for a malformed URL is a 404, and the credentials are not blamed', () => {
    const fault = faultIn(respond(401, { unauthorized: { code: '401', message: 'Malformed request url' } }))
    expect(fault).toMatchObject({ code: 'upstream_refused', upstream: { httpStatus: 404 } })
    expect(fault.message).toContain('the credentials are not the cause')
    expect(fault.message).not.toContain('HUAWEICLOUD')
  })

  it('403 speaks of IAM permissions', () => {
    for (const body of [{}, { error_code: 'BackupService.8600', error_msg: 'x' }])
      expect(faultIn(respond(403, body)).message).toContain('IAM permission')
  })

  it.each([
    ['/v3/p/backups', 'BackupService.8600', 'cbr:*:list and cbr:*:get, for checkpoints cbr:vaults:backup'],
    ['/v2/p/instances', 'DCS.2003', 'DCS ReadOnlyAccess'],
    ['/v3/projects', '403', 'IAM ReadOnlyAccess'],
  ])('403 for %s names the permission of that service, and of no other', (path, code, permission) => {
    for (const body of [{}, { error_code: code, error_msg: 'x' }])
      expect(faultIn(respond(403, body), listBackups({ path })).message).toContain(
        `give this user the IAM permission for the action (${permission})`,
      )
  })

  it('a refused password login speaks of the password, and of no access key', () => {
    const body = {
      error: { code: 401, message: 'The username or password is wrong.', title: 'Unauthorized' },
    }
    const login = listBackups({ method: 'POST', origin: 'https://iam.example.com', path: '/v3/auth/tokens' })
    const { message } = faultIn(respond(401, body), login)
    expect(message).toContain('Check HUAWEICLOUD_USERNAME, HUAWEICLOUD_PASSWORD and HUAWEICLOUD_DOMAIN_NAME')
    expect(message).not.toContain('HUAWEICLOUD_SDK_AK')
  })

  it.each([401, 403])('a code that only repeats the status %i is said once', (status) => {
    const fault = faultIn(respond(status, { error: { code: status, message: 'no', title: 'x' } }))
    expect(fault.message).toContain(`Huawei answered ${status} "no". `)
    expect(fault.upstream?.errorCode).toBe(String(status))
  })

  it('429 says when to come back, where the answer tells', () => {
    const text =
      'The throttling threshold has been reached: policy user over ratelimit,limit:200,time:5 minute'
    const body = { error_code: 'APIGW.0308', error_msg: text }
    expect(faultIn(respond(429, body)).retryAfterMs).toBe(300_000)
    expect(faultIn(respond(429, body, { 'retry-after': '7' })).retryAfterMs).toBe(7000)
    expect(faultIn(respond(429)).retryAfterMs).toBeUndefined()
  })

  it.each(['99999999', '9'.repeat(30), 'Fri, 31 Dec 9999 23:59:59 GMT'])(
    'FLT-012 429 says to come back in a day at most: %s',
    (text) => {
      const headers = { 'retry-after': text, date: 'Fri, 20 Nov 2026 12:00:00 GMT' }
      expect(faultIn(respond(429, {}, headers)).retryAfterMs).toBe(86_400_000)
    },
  )

  it('503 says so too, also where Retry-After is a date: that counts from the date of the answer', () => {
    const until = { 'retry-after': 'Fri, 20 Nov 2026 12:01:00 GMT' }
    expect(faultIn(respond(503, {}, { 'retry-after': '60' })).retryAfterMs).toBe(60_000)
    const sent = { ...until, date: 'Fri, 20 Nov 2026 12:00:15 GMT' }
    for (const status of [429, 503]) expect(faultIn(respond(status, {}, sent)).retryAfterMs).toBe(45_000)
    expect(faultIn(respond(503, {}, until)).retryAfterMs).toBeUndefined()
  })

  it('FLT-009 a redirect names the other host, and that it was not followed', () => {
    const fault = faultIn(respond(302, '', { location: 'https://login.example.com/?ticket=hunter2' }))
    expect(fault.message).toContain('redirects to login.example.com, which is not followed')
    expect(fault.message).not.toContain('hunter2')
  })

  it('FLT-016 a 200 that holds an error is an error, not an empty list', () => {
    const body = { error_code: 'BackupService.9900', error_msg: 'limit is not valid' }
    expect(faultIn(respond(200, body))).toMatchObject({
      code: 'upstream_refused',
      upstream: { httpStatus: 200, errorCode: 'BackupService.9900' },
    })
  })

  it('FLT-016 rows that carry an error_code of their own are data', () => {
    const body = { total_num: 1, backup_record_response: [{ error_code: 'dcs.08.0008' }], error_code: null }
    expect(readAnswer(listBackups(), respond(200, body), z.unknown())).toEqual(body)
  })

  it('FLT-017 a page of HTML is no answer: at most 200 characters of it are shown, and no secret', () => {
    const html = `<html>\u001b[31m<input name="token" value="x"> token=hunter2 ${'long '.repeat(200)}</html>`
    const fault = faultIn(respond(200, html, { 'content-type': 'text/html; charset=utf-8' }))
    expect(fault.message).toContain('unexpected content-type "text/html; charset=utf-8"')
    expect(/: "(<html>.*…)"/.exec(fault.message)?.[1]?.length).toBe(200)
    expect(fault.message).not.toContain('hunter2')
    expect(fault.message).not.toContain('\u001b')
  })

  it('FLT-018 JSON that is called text/plain is read where the schema fits', () => {
    const plain = { 'content-type': 'text/plain' }
    expect(readAnswer(listBackups(), respond(200, { backups: [], count: 0 }, plain), page).count).toBe(0)
    expect(faultIn(respond(200, { backups: 'none' }, plain)).message).toContain(
      'does not have the expected form',
    )
  })

  it('FLT-019 an empty answer is a fault, but for who says what it means', async () => {
    expect(faultIn(respond(204, '')).message).toContain('204 with an empty body')
    expect(faultIn(respond(200, '')).code).toBe('upstream_unavailable')
    const none = { backups: [], count: 0 }
    expect(await ask(async () => respond(204, ''), listBackups(), page, { whenEmpty: none })).toBe(none)
  })

  it('FLT-019 nothing but a 204 means that there is nothing', async () => {
    const none = { backups: [], count: 0 }
    const asked = ask(async () => respond(200, ''), listBackups(), page, { whenEmpty: none })
    await expect(asked).rejects.toThrow('Huawei answered 200 with an empty body')
  })

  it.each(['{"a":1', '{"a":NaN}', '{"a":1,}', '\ufeff{"a":1}', Buffer.from('{"a":1}', 'utf16le')])(
    'FLT-020 %j is not valid JSON',
    (body) => {
      expect(faultIn(respond(200, body))).toMatchObject({
        code: 'upstream_unavailable',
        message: expect.stringContaining('not valid JSON'),
      })
    },
  )

  it('FLT-021 invalid UTF-8 is shown as a replacement character, and flagged', () => {
    const body = Buffer.concat([Buffer.from('{"name":"a'), Buffer.from([0xff]), Buffer.from('"}')])
    expect(readAnswer(listBackups(), respond(200, body), z.unknown())).toEqual({ name: 'a\ufffd' })
    expect(bodyOf(respond(200, body))).toMatchObject({ lossy: true })
    expect(bodyOf(respond(200, { name: 'a\ufffd' }))).toMatchObject({ lossy: false })
  })

  it('names the place where an answer does not have the expected form', () => {
    const fault = faultIn(respond(200, { backups: [{ id: 'a' }, { id: 7 }], count: 2 }))
    expect(fault.message).toContain('backups.1.id (invalid_type: expected string)')
    expect(faultIn(respond(200, [])).message).toContain('the whole (invalid_type: expected object)')
  })

  it('knows which refused request cannot have been carried out', () => {
    const gateway = { error_code: 'APIGW.0308', error_msg: 'x' }
    const words = { error_code: 'BackupService.6125', error_msg: 'x' }
    for (const status of [400, 404, 409]) {
      expect(mayHaveBeenCarriedOut(faultIn(respond(status, words))), `${status}`).toBe(false)
      expect(mayHaveBeenCarriedOut(faultIn(respond(status))), `${status}, mute`).toBe(true)
    }
    expect(mayHaveBeenCarriedOut(faultIn(respond(503, gateway)))).toBe(false)
    for (const response of [respond(500), respond(503), respond(504), respond(200, '{'), respond(302)])
      expect(mayHaveBeenCarriedOut(faultIn(response))).toBe(true)
    expect(mayHaveBeenCarriedOut(new Error('anything'))).toBe(true)
  })
})

describe.skipIf(!existsSync(RECORDED))('the recorded error bodies (../shared/data)', () => {
  const files = existsSync(RECORDED) ? readdirSync(RECORDED) : []
  it.each(files)('%s: code and text are found', (file) => {
    const { status, body } = JSON.parse(readFileSync(join(RECORDED, file), 'utf8')) as {
      status: number
      body: unknown
    }
    const { errorCode = '', errorMsg = '' } = refusalOf(respond(status, body))
    expect(JSON.stringify(body)).toContain(errorCode)
    expect([errorCode, errorMsg]).not.toContain('')
  })
})

describe.skipIf(!existsSync(ERRORS))('every shape and code of ../shared/data/errors.json', () => {
  const shape = z.record(z.string(), z.unknown())
  const known = z.object({
    shapes: z.record(z.string(), shape),
    codes: z.record(z.string(), z.object({ http: z.nullable(z.number()), service: z.string() })),
  })
  const { shapes, codes } = existsSync(ERRORS)
    ? known.parse(JSON.parse(readFileSync(ERRORS, 'utf8')))
    : { shapes: {}, codes: {} }

  it.each([
    ['cbr', 'BackupService.9900'],
    ['cbr_malformed_url', '401'],
    ['apigw', 'APIGW.0301'],
    ['dcs_v2', 'DCS.4872'],
    ['dcs_v1', '111400086'],
    ['iam_v3', '401'],
    ['iam_policy', 'PAP5.0012'],
  ])('reads %s: the code is %s, and there is a text', (name, code) => {
    const refusal = refusalOf(respond(400, JSON.stringify(shapes[name]), { 'x-request-id': 'r9' }))
    expect(refusal.errorCode).toBe(code)
    expect(refusal.errorMsg).toMatch(/./)
    expect(refusal.requestId).toBe(name === 'apigw' ? '...' : 'r9')
    expect(refusal.malformedUrl).toBe(name === 'cbr_malformed_url')
  })

  it('has no shape that is not in that table', () => {
    expect(Object.keys(shapes)).toHaveLength(7)
  })

  it.each(Object.entries(codes).filter(([, { http }]) => http !== null))(
    'makes one sentence of %s that says what happened and what to do, with the request id',
    (code, { http }) => {
      const body = JSON.stringify({ error_code: code, error_msg: 'said by Huawei' })
      const { message, upstream } = faultIn(respond(http ?? 500, body, { 'x-request-id': 'r9' }))
      expect(message).toMatch(
        /^Cannot GET \S+: Huawei answered \d{3} .*"said by Huawei"\. [A-Z].{10,}\(request id r9\)$/,
      )
      expect(upstream).toMatchObject({ errorCode: code, errorMsg: 'said by Huawei', requestId: 'r9' })
    },
  )
})

describe('refusalOf', () => {
  it.each([
    [{ error_code: 'A.1', error_msg: 'm', code: 'B', message: 'n' }, 'A.1'],
    [{ errorCode: 'A.2', errorMsg: 'm', error: { code: 'B', message: 'n' } }, 'A.2'],
    [{ code: 'A.3', message: 'm' }, 'A.3'],
    [{ error: { code: 401, message: 'm', title: 'Unauthorized' } }, '401'],
    [{ error: { error_code: 'A.4', error_msg: 'm' } }, 'A.4'],
    [{ error_code: null, error_msg: 'm' }, undefined],
    [[], undefined],
    ['text', undefined],
    [null, undefined],
  ])('finds the code in %j', (body, code) => {
    expect(refusalOf(respond(400, JSON.stringify(body))).errorCode).toBe(code)
  })

  it('keeps no secret that the gateway echoes from our own request', () => {
    const echo =
      'verify aksk signature fail, canonicalRequest:GET|/v3/|host:a|x-security-token:gQpjbi1ub3J0aC0x|x-sdk-date:1|host;x-sdk-date'
    const { errorMsg } = refusalOf(respond(401, { error_code: 'APIGW.0301', error_msg: echo }))
    expect(errorMsg).not.toContain('gQpjbi1ub3J0aC0x')
    expect(errorMsg).toContain('x-sdk-date:1')
  })
})

describe('redacted', () => {
  it.each([
    ['X-Auth-Token: MIIabc', 'MIIabc'],
    ['{"password":"hunter2"}', 'hunter2'],
    ['Authorization: SDK-HMAC-SHA256 Access=AK, Signature=abc', 'SDK-HMAC'],
    [`Signature=${'0a'.repeat(32)}`, '0a0a0a'],
    ['Cookie: agencyID=abc; J_SESSION_ID=0a1b2c3d', '0a1b2c3d'],
    ['said Bearer eyJh.b-c_d.e~f', 'eyJh'],
    ['see https://obs/x?AccessKeyId=H4IP&Expires=1&Signature=EQmD%3D now', 'H4IP'],
    ['see https://obs/x?AccessKeyId=H4IP&Expires=1&Signature=EQmD%3D now', 'EQmD'],
    ['at https://ann:pw123@proxy.example/x', 'pw123'],
    ['at https://ann:p@ss123@proxy.example/x', 'ss123'],
    ['see https://x/y?access_token=abc12345', 'abc12345'],
    ['two\nlines', '\n'],
    ['\u202egnp.exe', '\u202e'],
  ])('takes from %j what may be a secret or break a line', (text, secret) => {
    expect(redacted(text, 200)).not.toContain(secret)
  })

  it('keeps ids, and is quick with the worst text', async () => {
    expect(redacted('vault 0daac4c5-6707-4851-97ba-169e36266b66', 99)).toContain('169e36266b66')
    expect(redacted('GET https://cbr.example/v3/p/backups?limit=1&sort=id', 99)).toContain('?limit=1&sort=id')
    for (const worst of [
      'cookie '.repeat(10_000),
      'bearer '.repeat(10_000),
      '?token'.repeat(10_000),
      '?'.repeat(50_000),
      'a-'.repeat(25_000),
      `${'a.'.repeat(25_000)}://`,
      'a://'.repeat(10_000),
      ' '.repeat(50_000),
      'token: '.repeat(8000),
      'a'.repeat(50_000),
    ]) {
      expect(await fastestMs(() => redacted(worst, 500))).toBeLessThan(50)
    }
  })
})

describe.skipIf(!existsSync(ERRORS))('explain', () => {
  it('explains codes that exist, and says nothing of others', () => {
    const { codes } = JSON.parse(readFileSync(ERRORS, 'utf8')) as {
      codes: Record<string, unknown>
    }
    const explained = Object.keys(codes).filter((code) => explain(code) !== undefined)
    expect(explained.length).toBeGreaterThanOrEqual(70)
    for (const code of explained) expect(explain(code)?.next).toMatch(/^[a-z].*[^.]$/i)
    for (const code of ['', 'toString', '__proto__', 'BackupService.0']) expect(explain(code)).toBeUndefined()
  })
})

function faultIn(response: Response, request = listBackups()): Fault {
  try {
    readAnswer(request, response, page)
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('Expected a fault, got an answer')
}
