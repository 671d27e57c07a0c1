import { describe, expect, it } from 'vitest'
import type { Emulator } from '../../../../local/emulator/server.ts'
import { rowsAt, textAt } from '../../../support/json.ts'
import { type Ask, ask, NOW, withEmulator } from '../client.ts'
import { fleetOf, PROJECT_ID } from '../fleet-of.ts'

const BACKUPS = `/v3/${PROJECT_ID}/backups`

function logIn(
  { credentials }: Emulator,
  change: object = {},
  scope: object = { project: { id: PROJECT_ID } },
): Ask {
  const { username, password, domain_name } = credentials
  const user = { name: username, password, domain: { name: domain_name }, ...change }
  const identity = { methods: ['password'], password: { user } }
  return { method: 'POST', key: false, query: { nocatalog: 'true' }, body: { auth: { identity, scope } } }
}

describe('IAM', () => {
  it('makes a token that opens its project for a day', async () => {
    let now = NOW
    await withEmulator({ fleet: fleetOf([]), now: () => now }, async (emulator) => {
      const { status, headers, body } = await ask(emulator, '/v3/auth/tokens', logIn(emulator))
      expect(status).toBe(201)
      expect(body.token).toMatchObject({
        expires_at: '2026-11-21T09:30:00.000000Z',
        project: { id: PROJECT_ID },
      })
      const token = { key: false, headers: { 'x-auth-token': headers.get('x-subject-token') ?? '' } } as const
      expect((await ask(emulator, BACKUPS, token)).status).toBe(200)
      expect((await ask(emulator, '/v3/projects', token)).status).toBe(200)
      now += 86_400_000
      expect((await ask(emulator, BACKUPS, token)).body.error_code).toBe('APIGW.0301')
    })
  })

  it('keeps a token to its project, found by name too', async () => {
    const [project] = fleetOf([]).projects
    const other = { ...project, id: 'c'.repeat(32), name: 'ap-southeast-1' }
    const fleet = { projects: [project, other] } as ReturnType<typeof fleetOf>
    await withEmulator({ fleet }, async (emulator) => {
      const made = await ask(
        emulator,
        '/v3/auth/tokens',
        logIn(emulator, {}, { project: { name: 'ap-southeast-1' } }),
      )
      const token = {
        key: false,
        headers: { 'x-auth-token': made.headers.get('x-subject-token') ?? '' },
      } as const
      expect((await ask(emulator, `/v3/${'c'.repeat(32)}/backups`, token)).status).toBe(200)
      expect((await ask(emulator, BACKUPS, token)).status).toBe(403)
    })
  })

  it('refuses a wrong user, a wrong password and a body it cannot read', () =>
    withEmulator({ fleet: fleetOf([]) }, async (emulator) => {
      for (const wrong of [{ name: 'x' }, { password: 'x' }, { domain: { name: 'x' } }])
        expect(await ask(emulator, '/v3/auth/tokens', logIn(emulator, wrong))).toMatchObject({
          status: 401,
          body: {
            error: { code: 401, message: 'The username or password is wrong.', title: 'Unauthorized' },
          },
        })
      const nowhere = logIn(emulator, {}, { project: { name: 'nowhere' } })
      for (const asked of [{ method: 'POST', key: false, body: {} } as const, nowhere])
        expect((await ask(emulator, '/v3/auth/tokens', asked)).body).toHaveProperty('error.code', 400)
    }))

  it('lists projects by name and page, MOS among them', () =>
    withEmulator({ backups: 10 }, async (emulator) => {
      const names = async (query: Record<string, string>) =>
        rowsAt((await ask(emulator, '/v3/projects', { query })).body, 'projects').map(({ name }) => name)
      expect(await names({})).toEqual(['cn-north-4', 'ap-southeast-1', 'MOS'])
      expect(await names({ name: 'cn-north-4' })).toEqual(['cn-north-4'])
      expect(await names({ name: 'cn-north' })).toEqual([])
      expect(await names({ page: '2', per_page: '1' })).toEqual(['ap-southeast-1'])
      expect((await ask(emulator, '/v3/projects', { query: { page: '1' } })).status).toBe(400)
      expect((await ask(emulator, '/v3/projects', { key: false })).status).toBe(401)
    }))

  it('makes temporary keys by token and by agency, which die in time', async () => {
    let now = NOW
    await withEmulator({ fleet: fleetOf([]), now: () => now }, async (emulator) => {
      const path = '/v3.0/OS-CREDENTIAL/securitytokens'
      const login = await ask(emulator, '/v3/auth/tokens', logIn(emulator))
      const headers = { 'x-auth-token': login.headers.get('x-subject-token') ?? '' }
      const byToken = { auth: { identity: { methods: ['token'], token: { duration_seconds: 900 } } } }
      const agency = { agency_name: 'audit', domain_name: 'd', duration_seconds: 3600 }
      const byAgency = { auth: { identity: { methods: ['assume_role'], assume_role: agency } } }
      const made = [
        await ask(emulator, path, { method: 'POST', key: false, headers, body: byToken }),
        await ask(emulator, path, { method: 'POST', body: byAgency }),
      ]
      const works = async () => {
        const statuses = []
        for (const { body } of made) {
          const read = (name: string) => textAt(body, `credential.${name}`)
          const key = { ak: read('access'), sk: read('secret'), securityToken: read('securitytoken') }
          statuses.push((await ask(emulator, BACKUPS, { key, atMs: now })).status)
        }
        return statuses
      }
      expect(made.map(({ status }) => status)).toEqual([201, 201])
      expect(await works()).toEqual([200, 200])
      now += 900_000
      expect(await works()).toEqual([401, 200])
      const short = {
        auth: { identity: { methods: ['assume_role'], assume_role: { ...agency, duration_seconds: 1 } } },
      }
      expect((await ask(emulator, path, { method: 'POST', body: short, atMs: now })).status).toBe(400)
    })
  })
})
