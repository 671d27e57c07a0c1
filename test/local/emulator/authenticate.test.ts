import { describe, expect, it } from 'vitest'
import { ask, NOW, withEmulator } from './client.ts'
import { fleetOf, PROJECT_ID } from './fleet-of.ts'

const PATH = `/v3/${PROJECT_ID}/backups`
const fleet = fleetOf([])

describe('the front door', () => {
  it('lets a signed request in and names each answer', () =>
    withEmulator({ fleet }, async (emulator) => {
      const { status, headers } = await ask(emulator, PATH)
      expect(status).toBe(200)
      expect(headers.get('server')).toBe('api-gateway')
      expect(headers.get('content-type')).toBe('application/json')
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
    }))

  it('refuses a wrong secret, an unknown key, an altered request and no credentials as the gateway does', () =>
    withEmulator({ fleet }, async (emulator) => {
      const { ak, sk } = emulator.credentials
      const refused = [
        await ask(emulator, PATH, { key: { ak, sk: 'wrong' } }),
        await ask(emulator, PATH, { key: { ak: 'WRONG', sk } }),
        await ask(emulator, PATH, { key: false }),
        await ask(emulator, PATH, { key: false, headers: { authorization: 'Bearer x' } }),
        await ask(emulator, PATH, { key: false, headers: { 'x-auth-token': 'x' } }),
      ]
      for (const { status, text, body, headers } of refused) {
        expect(status).toBe(401)
        expect(Object.keys(body)).toEqual(['error_msg', 'error_code', 'request_id'])
        expect(body.error_code).toBe('APIGW.0301')
        expect(body.error_msg).toMatch(/^Incorrect IAM authentication information: /)
        expect(body.request_id).toBe(headers.get('x-request-id'))
        expect(text.endsWith('}\n')).toBe(true)
      }
    }))

  it('accepts a clock 15 minutes off, and past that names both times', () =>
    withEmulator({ fleet }, async (emulator) => {
      for (const atMs of [NOW - 900_000, NOW + 900_000])
        expect((await ask(emulator, PATH, { atMs })).status).toBe(200)
      const { status, body } = await ask(emulator, PATH, { atMs: NOW - 901_000 })
      expect(status).toBe(401)
      expect(body.error_msg).toBe(
        'Incorrect IAM authentication information: calc aksk signature fail:signature expired, signature time:20261120T091459Z,server time:20261120T093000Z',
      )
      expect((await ask(emulator, PATH, { atMs: NOW + 901_000 })).status).toBe(401)
    }))

  it('verifies queries and bodies with any characters', () =>
    withEmulator({ fleet }, async (emulator) => {
      const query = { name: "a b+c&d=é/数据*'()~", resource_name: '' }
      expect((await ask(emulator, PATH, { query })).status).toBe(200)
      const body = { checkpoint: { vault_id: '数据' } }
      expect((await ask(emulator, `/v3/${PROJECT_ID}/checkpoints`, { method: 'POST', body })).status).toBe(
        400,
      )
    }))

  it('asks for the token of temporary keys', () =>
    withEmulator({ fleet, credentials: { securityToken: 'token-1' } }, async (emulator) => {
      const { ak, sk } = emulator.credentials
      expect((await ask(emulator, PATH)).status).toBe(200)
      expect((await ask(emulator, PATH, { key: { ak, sk } })).status).toBe(401)
      expect((await ask(emulator, PATH, { key: { ak, sk, securityToken: 'token-2' } })).status).toBe(401)
    }))

  it('tells malformed, foreign and unknown apart', () =>
    withEmulator({ fleet }, async (emulator) => {
      const malformed = { unauthorized: { code: '401', message: 'Malformed request url' } }
      expect(await ask(emulator, '/v3/nonsense/backups')).toMatchObject({ status: 401, body: malformed })
      expect(await ask(emulator, `${PATH}/nonsense`)).toMatchObject({ status: 401, body: malformed })
      expect(await ask(emulator, `/v3/${'f'.repeat(32)}/backups`)).toMatchObject({
        status: 403,
        body: { error_code: 'BackupService.8600' },
      })
      expect(await ask(emulator, '/v9/backups')).toMatchObject({
        status: 404,
        body: {
          error_msg: 'The API does not exist or has not been published in the environment',
          error_code: 'APIGW.0101',
        },
      })
      expect(await ask(emulator, '/v2/nonsense/instances')).toMatchObject({
        status: 400,
        body: { error_code: 'DCS.4002', error_ext_msg: null },
      })
    }))

  it('throttles beyond its rate, in words that name the limit', () =>
    withEmulator({ fleet, rate: 3 }, async (emulator) => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => ask(emulator, PATH)))
      const throttled = answers.filter(({ status }) => status === 429)
      expect(throttled.length).toBeGreaterThanOrEqual(4)
      expect(throttled[0]?.body).toMatchObject({
        error_msg:
          'The throttling threshold has been reached: policy user over ratelimit,limit:3,time:1 second',
        error_code: 'APIGW.0308',
      })
    }))

  it('refuses a body of more than 12 MB', () =>
    withEmulator({ fleet }, async (emulator) => {
      const body = 'x'.repeat(12 * 1024 * 1024 + 1)
      const outcome = await ask(emulator, `/v3/${PROJECT_ID}/checkpoints`, { method: 'POST', body }).then(
        ({ status }) => status,
        () => 'connection closed',
      )
      expect([413, 'connection closed']).toContain(outcome)
    }))

  it('logs what was asked, and stops at once with connections open', async () => {
    await withEmulator({ fleet, faults: ['cbr.vaults:hang'] }, async (emulator) => {
      await ask(emulator, PATH, { query: { limit: '1' } })
      const hanging = ask(emulator, `/v3/${PROJECT_ID}/vaults`).catch(() => 'cut')
      await ask(emulator, PATH)
      expect(emulator.requests[0]).toMatchObject({ method: 'GET', path: PATH, query: 'limit=1', status: 200 })
      await emulator.close()
      expect(await hanging).toBe('cut')
    })
  })
})
