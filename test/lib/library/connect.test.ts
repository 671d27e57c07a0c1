import { describe, expect, it } from 'vitest'
import { connect } from '../../../lib/index.ts'
import { ask } from '../../local/emulator/client.ts'
import { fleetOf, PROJECT_ID } from '../../local/emulator/fleet-of.ts'
import { answering, startFaultServer } from '../../support/fault-server.ts'
import { textAt } from '../../support/json.ts'
import { optionsFor, withClients } from './clients.ts'

const KEY = { accessKeyId: 'ak', secretAccessKey: 'sk' }

describe('connect', () => {
  it('finds the enabled projects of its region, sub-projects too, and makes none', () => {
    const [project] = fleetOf([]).projects
    if (project === undefined) throw new Error('no project')
    const named = (id: string, name: string, enabled = true) => ({ ...project, id, name, enabled })
    const projects = [
      project,
      named('a'.repeat(32), 'cn-north-4_dev'),
      named('b'.repeat(32), 'cn-north-4_old', false),
      named('c'.repeat(32), 'cn-north-40'),
    ]
    return withClients({ fleet: { projects } }, async ({ cloud, emulator }) => {
      expect(await cloud.listProjects()).toEqual([
        { id: PROJECT_ID, name: 'cn-north-4' },
        { id: 'a'.repeat(32), name: 'cn-north-4_dev' },
      ])
      expect(emulator.requests.filter(({ method }) => method !== 'GET')).toEqual([])
    })
  })

  it('calls as an IAM user with one token for ten calls at once, and one more where it is refused', () =>
    withClients(
      {},
      async ({ cbr, emulator }) => {
        const logins = () => emulator.requests.filter(({ path }) => path === '/v3/auth/tokens').length
        const tenCalls = () => Promise.all(Array.from({ length: 10 }, () => cbr.listBackups({ limit: 1 })))
        await tenCalls()
        expect(logins()).toBe(1)
        emulator.state.tokens.clear()
        await tenCalls()
        expect(logins()).toBe(2)
      },
      (emulator) => {
        const { username, password, domain_name: domainName } = emulator.credentials
        return { ...optionsFor(emulator), credentials: { username, password, domainName } }
      },
    ))

  it('calls with a temporary key that IAM gave out, and not without its security token', () =>
    withClients({}, async ({ emulator }) => {
      const identity = {
        methods: ['assume_role'],
        assume_role: { agency_name: 'backup-audit', domain_name: 'huadong-retail', duration_seconds: 900 },
      }
      const made = await ask(emulator, '/v3.0/OS-CREDENTIAL/securitytokens', {
        method: 'POST',
        body: { auth: { identity } },
        atMs: Date.now(),
      })
      const read = (name: string) => textAt(made.body, `credential.${name}`)
      const credentials = {
        accessKeyId: read('access'),
        secretAccessKey: read('secret'),
        securityToken: read('securitytoken'),
      }
      const cloud = connect({ ...optionsFor(emulator), credentials })
      expect((await cloud.project(PROJECT_ID).cbr.listBackups()).count).toBe(0)
      cloud.close()
      const { securityToken, ...half } = credentials
      const without = connect({ ...optionsFor(emulator), credentials: half })
      await expect(without.project(PROJECT_ID).cbr.listBackups()).rejects.toMatchObject({
        upstream: { httpStatus: 401, errorCode: 'APIGW.0301' },
        message: expect.not.stringContaining(securityToken),
      })
      without.close()
    }))

  it('goes on where the clock of this machine is off, by what the answer says', () =>
    withClients({ now: () => Date.now() + 3_600_000 }, async ({ cbr, emulator }) => {
      expect((await cbr.listBackups()).count).toBe(0)
      expect(emulator.requests.map(({ status }) => status)).toEqual([401, 200])
    }))

  it('refuses what cannot work before anything is sent', () => {
    const refused = (options: Parameters<typeof connect>[0], pointers: readonly string[]) =>
      expect(() => connect(options)).toThrow(
        expect.objectContaining({
          code: 'invalid_configuration',
          mistakes: pointers.map((pointer) => expect.objectContaining({ pointer })),
        }),
      )
    refused({ region: 'cn-north-44', credentials: KEY }, ['region'])
    refused({ region: 'cn-north-4', credentials: { accessKeyId: '', secretAccessKey: 'a b' } }, [
      'credentials.accessKeyId',
      'credentials.secretAccessKey',
    ])
    refused({ region: 'cn-north-4', credentials: { username: '', password: 'x', domainName: ' ' } }, [
      'credentials.username',
      'credentials.domainName',
    ])
    refused(
      {
        region: 'cn-north-4',
        credentials: { accessKeyId: 'a', secretAccessKey: '' },
        endpoints: { cbr: 'localhost', iam: 'http://a/b' },
      },
      ['endpoints.cbr', 'endpoints.iam', 'credentials.secretAccessKey'],
    )
    refused({ region: 'xx-yy-1', credentials: KEY, endpoints: {} }, ['region'])
    const cloud = connect({ region: 'cn-north-11', credentials: KEY })
    expect(() => cloud.project('a/b')).toThrow(expect.objectContaining({ code: 'invalid_configuration' }))
    expect(() => cloud.project(PROJECT_ID).dcs.listInstances()).toThrow('Cannot ask DCS in cn-north-11')
    cloud.close()
  })

  it('takes one endpoint of a region of your own, and names the option of another when that is asked', () => {
    const endpoints = { cbr: 'https://cbr.example.com' }
    const cloud = connect({ region: 'xx-yy-1', credentials: KEY, endpoints })
    expect(() => cloud.project(PROJECT_ID).dcs.listInstances()).toThrow(
      expect.objectContaining({
        code: 'invalid_configuration',
        message: 'Cannot find the endpoint of DCS in xx-yy-1',
        mistakes: [expect.objectContaining({ pointer: 'endpoints.dcs' })],
      }),
    )
    cloud.close()
  })

  it('lists no projects rather than some, where a row of the list cannot be read', async () => {
    const iam = await startFaultServer([answering(200, { projects: [{ name: 'cn-north-4_dev' }] })])
    const cloud = connect({ region: 'cn-north-4', credentials: KEY, endpoints: { iam: iam.origin } })
    await expect(cloud.listProjects()).rejects.toMatchObject({
      code: 'upstream_unavailable',
      message: expect.stringMatching(
        /^Cannot list every project of cn-north-4: .* named "cn-north-4_dev" has no readable id \(found nothing\)$/,
      ),
    })
    cloud.close()
    await iam.close()
  })
})
