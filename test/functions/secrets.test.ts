import { afterEach, describe, expect, it, vi } from 'vitest'
import { createLog } from '../../lib/runtime/log.ts'
import { fleetOf, INSTANCE_ID, VAULT_ID } from '../local/emulator/fleet-of.ts'
import { type Door, type Heard, withDoor } from '../support/door.ts'
import { answering, startFaultServer } from '../support/fault-server.ts'

/** Twelve secrets as they look in the wild; none of them opens anything. */
const CANARIES = {
  accessKeyId: 'CANARYAK01QZ7XW2VTR9',
  secretAccessKey: 'canarySK02abcdefghijklmnopqrstuvwxyz0123',
  securityToken: `canaryST03${'gAAAA'.repeat(30)}`,
  authToken: `MIICanary04${'Token/+'.repeat(30)}`,
  authorization: 'Canary05DEADBEEFcafe0123456789abcdefDEADBEEF',
  cookie: 'canary06sessionid0123456789',
  password: 'Canary07Pass0123456789word',
  signedUrl: 'https://bucket.example/x?Signature=Canary08abcdefghijklmnopqrstuvwxyz0123456789%3D',
  bearer: `eyJhbGciOiJIUzI1NiJ9.Canary09${'payload'.repeat(10)}.c2lnbmF0dXJlYW5kbW9yZQ`,
  webhookSecret: 'whsec_Canary10MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  subjectToken: `Canary11${'x'.repeat(64)}`,
  privateKey: 'Canary12MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj',
} as const

/** Found by their marks, so that a half of one counts too. */
const MARK = /canary(?:ak|sk|st)?\d\d/i

const PROVIDER_TEXT = [
  `Access=${CANARIES.accessKeyId}, Secret=${CANARIES.secretAccessKey}, securitytoken: ${CANARIES.securityToken}`,
  `X-Auth-Token: ${CANARIES.authToken}; X-Subject-Token: ${CANARIES.subjectToken}`,
  `Authorization: SDK-HMAC-SHA256 Access=${CANARIES.accessKeyId}, Signature=${CANARIES.authorization}`,
  `Cookie: sid=${CANARIES.cookie}`,
  `"password": "${CANARIES.password}"`,
  `${CANARIES.signedUrl} Bearer ${CANARIES.bearer} ${CANARIES.webhookSecret} ${CANARIES.privateKey}`,
].join('|')

function expectNone(heard: Heard, { logged }: Pick<Door, 'logged'>): void {
  expect(heard.text).not.toMatch(MARK)
  expect(JSON.stringify(heard.headers)).not.toMatch(MARK)
  expect(JSON.stringify(logged)).not.toMatch(MARK)
}

describe('a secret in the wrong place', () => {
  it('is known by its mark, whichever it is', () => {
    for (const [name, canary] of Object.entries(CANARIES)) expect(canary, name).toMatch(MARK)
  })

  it.each(Object.entries(CANARIES))('%s is not said back from any input', (_, canary) =>
    withDoor({ fleet: fleetOf([]) }, async (door) => {
      const value = encodeURIComponent(canary)
      const headers = { authorization: canary, cookie: canary, 'x-auth-token': canary }
      const lines = [
        ...['limit', 'status', 'sort', 'start_time', 'region', 'project_id'].map(
          (name) => `/backups?${name}=${value}`,
        ),
        `/backups?${value}=1`,
        `/instances/${value}/backups`,
        `/instances/${INSTANCE_ID}/backups?begin_time=${value}`,
        `/checkpoints/${value}`,
        `/${value}`,
      ]
      for (const line of lines) expectNone(await door.call(`GET ${line}`, { headers }), door)
      const bodies = [
        canary,
        { [canary]: 1 },
        { checkpoint: { vault_id: canary } },
        {
          checkpoint: {
            vault_id: VAULT_ID,
            parameters: { name: `${canary}!`, [canary]: 1, resources: [canary] },
          },
        },
      ]
      for (const body of bodies) expectNone(await door.call('POST /checkpoints', { body, headers }), door)
      const type = { ...headers, 'content-type': canary }
      expectNone(await door.call('POST /checkpoints', { body: '{}', headers: type }), door)
    }),
  )

  it.each([
    [400, { error_code: 'BackupService.9900', error_msg: PROVIDER_TEXT }],
    [401, { error_code: 'APIGW.0301', error_msg: PROVIDER_TEXT, request_id: CANARIES.authorization }],
    [404, { error: { code: CANARIES.secretAccessKey, message: PROVIDER_TEXT } }],
    [409, { code: 'x', message: PROVIDER_TEXT }],
    [500, PROVIDER_TEXT],
    [200, `<html>${PROVIDER_TEXT}</html>`],
    [200, { error_code: 'BackupService.9900', error_msg: PROVIDER_TEXT }],
    [302, {}],
  ])('is not passed on from an answer of Huawei: %i %j', async (status, body) => {
    const headers = {
      location: CANARIES.signedUrl,
      'x-request-id': CANARIES.authorization,
      'set-cookie': CANARIES.cookie,
    }
    const server = await startFaultServer([answering(status, body, headers)])
    const environment = { HUAWEICLOUD_SDK_REGION_CBR_CN_NORTH_4: server.origin }
    try {
      await withDoor({ environment }, async (door) => {
        const context = { getRemainingTimeInMillis: () => 1600 }
        expectNone(await door.call('GET /backups', { context }), door)
        const posted = await door.call('POST /checkpoints', {
          body: { checkpoint: { vault_id: VAULT_ID } },
          context,
        })
        expectNone(posted, door)
        expectNone(await door.call(`GET ${posted.headers['operation']}`, { context }), door)
      })
    } finally {
      await server.close()
    }
  })
})

describe('createLog', () => {
  afterEach(() => vi.restoreAllMocks())

  it('writes one JSON line with the fields on its list, and nothing else that it is passed', () => {
    const written: string[] = []
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      written.push(String(chunk))
      return true
    })
    const fields = { status: 200, route: 'GET /backups', authorization: CANARIES.authorization, body: 'x' }
    createLog('list-backups')('info', 'request', fields)
    expect(written).toHaveLength(1)
    expect(JSON.parse(written[0] ?? '')).toEqual({
      level: 'INFO',
      message: 'request',
      service: 'list-backups',
      timestamp: expect.any(String),
      sampling_rate: 0,
      status: 200,
      route: 'GET /backups',
    })
  })
})
