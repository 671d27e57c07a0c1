import { describe, expect, it } from 'vitest'
import { backupOf, fleetOf, INSTANCE_ID, PROJECT_ID, uuidOf, VAULT_ID } from '../local/emulator/fleet-of.ts'
import type { Heard } from '../support/door.ts'
import { withDoor } from '../support/door.ts'
import { fastestMs } from '../support/fastest.ts'
import { answering, startFaultServer } from '../support/fault-server.ts'
import { rowsAt, textAt } from '../support/json.ts'

const backups = Array.from({ length: 7 }, (_, index) =>
  backupOf(index + 1, `2026-11-0${index + 1}T00:00:00.000001`, {
    status: index < 2 ? 'error' : 'available',
    odd_field: { kept: [1.5, null, '备份'] },
  }),
)
const records = Array.from({ length: 5 }, (_, index) => ({
  backup_id: uuidOf(100 + index),
  instance_id: INSTANCE_ID,
  created_at: `2026-11-0${index + 1}T22:00:00.780Z`,
  status: 'succeed',
}))
const instances = [
  { instance_id: INSTANCE_ID, name: 'redis-1', cache_mode: 'ha' },
  { instance_id: uuidOf(9), name: 'redis-2', cache_mode: 'ha' },
]
const fleet = fleetOf(backups, { instances, records: { [INSTANCE_ID]: records } })
const DCS = `/instances/${INSTANCE_ID}/backups`

function pointers(heard: Heard): readonly unknown[] {
  return rowsAt(heard.body, 'errors').map(({ pointer }) => pointer)
}

describe('GET /backups', () => {
  it('answers with the body of Huawei, byte for byte', () =>
    withDoor({ fleet }, async ({ call, emulator }) => {
      const heard = await call('GET /backups?limit=3&offset=1&sort=created_at:asc')
      expect(heard).toMatchObject({
        status: 200,
        headers: { 'content-type': 'application/json', 'x-request-id': 'JKJaXmPLvHcESHA=' },
        body: { count: 7, offset: 1, limit: 3 },
      })
      expect(heard.text).toContain('"odd_field":{"kept":[1.5,null,"备份"]}')
      expect(emulator.requests.at(-1)).toMatchObject({ query: 'limit=3&offset=1&sort=created_at%3Aasc' })
    }))

  it.each([
    'limit=3',
    'limit=3&sort=id:asc&region=cn-north-4',
    `limit=2&project_id=${PROJECT_ID}&status=available`,
  ])('leads from page to page through every backup once: %s', (query) =>
    withDoor({ fleet }, async ({ call }) => {
      const whole = await call(`GET /backups?${query.replace(/limit=\d/, 'limit=1000')}`)
      const seen: unknown[] = []
      let line: string | undefined = `GET /backups?${query}`
      for (let calls = 0; line !== undefined && calls < 10; calls += 1) {
        const { body, headers } = await call(line)
        seen.push(...rowsAt(body, 'backups').map(({ id }) => id))
        line = /^<(.+)>; rel="next"$/.exec(headers['link'] ?? '')?.[1]?.replace(/^/, 'GET ')
      }
      expect(seen).toEqual(rowsAt(whole.body, 'backups').map(({ id }) => id))
      expect(line).toBeUndefined()
    }),
  )

  it('goes on by marker where the caller began by marker', () =>
    withDoor({ fleet }, async ({ call }) => {
      const first = await call(`GET /backups?limit=3&sort=id:asc&marker=${uuidOf(1)}`)
      expect(first.headers['link']).toBe(`</backups?limit=3&sort=id%3Aasc&marker=${uuidOf(4)}>; rel="next"`)
      const last = await call(`GET /backups?limit=3&sort=id:asc&marker=${uuidOf(5)}`)
      expect(last.body.backups).toHaveLength(2)
      expect(last.headers).not.toHaveProperty('link')
    }))

  it('follows what was received where Huawei sends fewer than it was asked for', () =>
    withDoor({ fleet, faults: ['cbr.backups:limit=2'] }, async ({ call }) => {
      const { headers } = await call('GET /backups?limit=5')
      expect(headers['link']).toBe('</backups?limit=5&offset=2>; rel="next"')
    }))

  it('passes repeated statuses on, and takes no list with commas', () =>
    withDoor({ fleet }, async ({ call, emulator }) => {
      expect((await call('GET /backups?status=error&status=deleting')).body.count).toBe(2)
      expect(emulator.requests.at(-1)?.query).toBe('status=deleting&status=error')
      const refused = await call('GET /backups?status=error,available')
      expect(refused.body.errors).toEqual([
        { pointer: '/query/status', detail: expect.stringContaining('for several write status=…&status=…') },
      ])
    }))

  it('names every mistake at once, and asks Huawei nothing', () =>
    withDoor({ fleet }, async ({ call, emulator }) => {
      const heard = await call('GET /backups?limit=0&offset=-1&vault=x&image_type=copy&sort=size:asc')
      expect(heard).toMatchObject({
        status: 400,
        headers: { 'content-type': 'application/problem+json' },
        body: {
          type: 'urn:huawei-backup-audit:problem:invalid_request',
          status: 400,
          code: 'invalid_request',
          request_id: 'JKJaXmPLvHcESHA=',
          errors: [
            { pointer: '/query/limit', detail: 'found "0", allowed is a whole number from 1 to 1000' },
            { pointer: '/query/offset', detail: 'found "-1", allowed is a whole number of at least 0' },
            { pointer: '/query/vault', detail: expect.stringMatching(/is no parameter of this route/) },
            { pointer: '/query/image_type', detail: 'found "copy", allowed is one of backup, replication' },
            { pointer: '/query/sort' },
          ],
        },
      })
      expect(emulator.requests).toEqual([])
    }))

  it('refuses ten thousand parameters quickly', () =>
    withDoor({ fleet }, async ({ call }) => {
      const query = Array.from({ length: 10_000 }, (_, index) => `p${index}=1`).join('&')
      const refusal = async () => expect(pointers(await call(`GET /backups?${query}`))).toEqual(['/query'])
      expect(await fastestMs(refusal)).toBeLessThan(20)
    }))

  it('refuses what is not percent-encoded UTF-8, and names a polluting name without being polluted', () =>
    withDoor({ fleet }, async ({ call }) => {
      const heard = await call('GET /backups?name=%ff&limit=x&%ff=1&status=%zz')
      expect(pointers(heard)).toEqual(['/query/name', '/query/limit', '/query/%ff', '/query/status'])
      expect(rowsAt(heard.body, 'errors')[0]?.detail).toMatch(
        /^is not percent-encoded UTF-8, allowed is 1 to/,
      )
      expect(pointers(await call('GET /backups?x[__proto__][y]=1'))).toEqual(['/query/x[__proto__][y]'])
      expect(Object.hasOwn(Object.prototype, 'y')).toBe(false)
    }))

  it.each([
    ['status=400:code=BackupService.9900', 400, 'upstream_refused'],
    ['status=404:code=BackupService.6105', 404, 'upstream_refused'],
    ['status=409:code=BackupService.0409', 409, 'upstream_refused'],
    ['status=403:code=BackupService.8600', 502, 'upstream_refused'],
    ['status=422:code=BackupService.0422', 502, 'upstream_refused'],
    ['status=404:code=APIGW.0101', 502, 'upstream_refused'],
    ['unauthorized', 502, 'upstream_refused'],
    ['error-200', 502, 'upstream_refused'],
    ['empty', 503, 'upstream_unavailable'],
    ['html', 503, 'upstream_unavailable'],
  ])('answers %s of Huawei with %i %s', (fault, status, code) =>
    withDoor({ fleet, faults: [`cbr.backups:${fault}`] }, async ({ call, logged }) => {
      const heard = await call('GET /backups')
      expect([heard.status, heard.body.status, heard.body.code]).toEqual([status, status, code])
      expect(heard.body.huawei_request_id).toMatch(/^[0-9a-f]{32}$/)
      const errorCode = /code=(.*)/.exec(fault)?.[1]
      if (errorCode !== undefined) expect(heard.body.error_code).toBe(errorCode)
      expect(logged).toEqual([expect.objectContaining({ route: 'GET /backups', status, code })])
    }),
  )

  it('answers 503 with Retry-After while Huawei is throttling, and 504 where it does not answer in time', async () => {
    const context = { getRemainingTimeInMillis: () => 1700 }
    await withDoor({ fleet, faults: ['cbr.backups:throttled'] }, async ({ call }) => {
      await call('GET /backups?region=cn-north-4&limit=0')
      const heard = await call('GET /backups', { context })
      expect(heard).toMatchObject({ status: 503, body: { code: 'upstream_throttled' } })
      expect(heard.headers['retry-after']).toBe('300')
    })
    await withDoor({ fleet, faults: ['cbr.backups:hang'] }, async ({ call }) => {
      const heard = await call('GET /backups', { context })
      expect(heard).toMatchObject({ status: 504, body: { code: 'upstream_timeout' } })
    })
  })

  it('treats no time left as no time, not as all the time', () =>
    withDoor({ fleet }, async ({ call }) => {
      const context = { getRemainingTimeInMillis: () => 1500 }
      expect((await call('GET /backups', { context })).status).toBe(504)
    }))
})

describe('GET /instances/{instance_id}/backups', () => {
  it.each([[], ['dcs.backups:count=page']])(
    'answers with the body of Huawei, and leads through all records, whatever total_num counts: %s',
    (...faults) =>
      withDoor({ fleet, faults: faults.flat() }, async ({ call }) => {
        const seen: unknown[] = []
        let line: string | undefined = `GET ${DCS}?limit=2`
        for (let calls = 0; line !== undefined && calls < 10; calls += 1) {
          const { body, headers } = await call(line)
          seen.push(...rowsAt(body, 'backup_record_response').map(({ backup_id: id }) => id))
          line = /^<(.+)>; rel="next"$/.exec(headers['link'] ?? '')?.[1]?.replace(/^/, 'GET ')
        }
        expect(seen).toEqual(records.map(({ backup_id: id }) => id).reverse())
      }),
  )

  it('makes an empty list of 204', () =>
    withDoor({ fleet }, async ({ call }) => {
      const heard = await call(`GET /instances/${uuidOf(9)}/backups`)
      expect(heard).toMatchObject({ status: 200, body: { total_num: 0, backup_record_response: [] } })
      expect(heard.headers).not.toHaveProperty('link')
    }))

  it.each([
    ['20261102000000', '20261102000000'],
    ['2026-11-02T00:00:00Z', '20261102000000'],
    ['2026-11-02T08:00:00%2B08:00', '20261102000000'],
    ['2026-11-02T00:00:00.999', '20261102000000'],
  ])('sends the time %s as %s', (given, sent) =>
    withDoor({ fleet }, async ({ call, emulator }) => {
      expect((await call(`GET ${DCS}?begin_time=${given}`)).body.total_num).toBe(4)
      expect(emulator.requests.at(-1)?.query).toBe(`begin_time=${sent}`)
    }),
  )

  it('refuses an id that is none, odd times and parameters of CBR', () =>
    withDoor({ fleet }, async ({ call, emulator }) => {
      const heard = await call('GET /instances/..%2Fx/backups?begin_time=2026-13-01T00:00:00Z&marker=1')
      expect(pointers(heard)).toEqual(['/query/begin_time', '/query/marker', '/path/instance_id'])
      expect(pointers(await call(`GET ${DCS}?begin_time=20261102000000&end_time=20261101000000`))).toEqual([
        '/query/end_time',
      ])
      expect(emulator.requests).toEqual([])
    }))

  it('passes on that there is no such instance', () =>
    withDoor({ fleet }, async ({ call }) => {
      expect(await call(`GET /instances/${VAULT_ID}/backups`)).toMatchObject({
        status: 404,
        body: { code: 'upstream_refused', error_code: 'DCS.3022' },
      })
    }))
})

describe('the target of a request', () => {
  const TWO = { AUDIT_TARGETS: `cn-north-4:${PROJECT_ID},ap-southeast-1:abc` }

  it('may be left out where only one fits; else the choices are named', () =>
    withDoor({ fleet, environment: TWO }, async ({ call, emulator }) => {
      const heard = await call('GET /backups?limit=x')
      expect(heard.body.errors).toEqual([
        expect.objectContaining({ pointer: '/query/limit' }),
        {
          pointer: '/query/region',
          detail: expect.stringContaining(`cn-north-4:${PROJECT_ID}, ap-southeast-1:abc`),
        },
      ])
      expect(emulator.requests).toEqual([])
      expect((await call('GET /backups?region=cn-north-4')).status).toBe(200)
      expect((await call(`GET /backups?project_id=${PROJECT_ID}`)).status).toBe(200)
    }))

  it.each([
    ['region=cn-south-1', 'found region "cn-south-1", allowed is'],
    [
      'project_id=0000000000000000000000000000dead',
      'found project_id "[redacted]" of 32 characters, allowed is',
    ],
    ['region=ap-southeast-1&project_id=ab', 'found region "ap-southeast-1" and project_id "ab", allowed is'],
  ])('is forbidden where it is not configured, and is told what it was: %s', (query, found) =>
    withDoor({ fleet, environment: TWO }, async ({ call, emulator }) => {
      const body = { code: 'forbidden', detail: expect.stringContaining(found) }
      expect(await call(`GET /backups?${query}`)).toMatchObject({ status: 403, body })
      expect(emulator.requests).toEqual([])
    }),
  )

  it('is one project of a region that is configured without one, asked for once', () =>
    withDoor({ fleet }, async ({ call, emulator }) => {
      const [project] = fleet.projects
      expect((await call('GET /backups')).status).toBe(200)
      expect((await call(`GET /backups?project_id=${project?.id}`)).status).toBe(200)
      expect((await call('GET /backups?project_id=another')).status).toBe(403)
      expect(emulator.requests.filter(({ path }) => path === '/v3/projects')).toHaveLength(1)
    }))

  it('is named among several projects of one region', () => {
    const [project] = fleet.projects
    if (project === undefined) throw new Error('no project')
    const second = { ...project, id: 'ffffffffffffffffffffffffffffffff', name: 'cn-north-4_dev' }
    return withDoor({ fleet: { projects: [project, second] } }, async ({ call }) => {
      const heard = await call('GET /backups')
      expect(pointers(heard)).toEqual(['/query/project_id'])
      expect(textAt(heard.body, 'errors.0.detail')).toContain(second.id)
    })
  })
})

describe('the door', () => {
  it('knows no other routes and methods', () =>
    withDoor({ fleet }, async ({ call }) => {
      for (const line of ['GET /', 'GET /backups/', 'POST /backups', 'GET /instances//backups'])
        expect(await call(line), line).toMatchObject({ status: 404, body: { code: 'not_found' } })
    }))

  it('leaves one line per request in the log, with nothing but facts of ours', () =>
    withDoor({ fleet }, async ({ call, logged }) => {
      await call('GET /backups?name=SECRETNAME')
      expect(logged).toEqual([
        {
          level: 'info',
          message: 'request',
          request_id: 'JKJaXmPLvHcESHA=',
          method: 'GET',
          route: 'GET /backups',
          status: 200,
          duration_ms: expect.any(Number),
          target: `cn-north-4:${PROJECT_ID}`,
          huawei_request_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        },
      ])
    }))

  it('writes the endpoint that a region of ours lacks into the log, and takes no service for absent', () => {
    const environment = {
      AUDIT_TARGETS: 'xx-yy-1:p',
      HUAWEICLOUD_SDK_REGION_CBR_XX_YY_1: 'http://127.0.0.1:9',
    }
    return withDoor({ environment }, async ({ call, logged }) => {
      expect(await call(`GET ${DCS}`)).toMatchObject({ status: 500, body: { code: 'internal' } })
      expect(logged).toMatchObject([
        {
          level: 'error',
          code: 'invalid_configuration',
          because: 'Cannot find the endpoint of DCS in xx-yy-1',
          mistakes: ['HUAWEICLOUD_SDK_REGION_DCS_XX_YY_1'],
        },
      ])
    })
  })

  it('chooses no project of a region for a caller who names none, where IAM lists what cannot be read', async () => {
    const row = { id: PROJECT_ID, name: 'cn-north-4', enabled: true }
    const iam = await startFaultServer([
      answering(200, { projects: [row, { name: 'cn-north-4_dev' }] }),
      answering(200, { projects: [row, { name: 'cn-north-4_dev' }] }),
      answering(200, { projects: [row] }),
    ])
    const environment = { HUAWEICLOUD_SDK_REGION_IAM_CN_NORTH_4: iam.origin }
    await withDoor({ fleet, environment }, async ({ call }) => {
      const refused = await call('GET /backups')
      expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
      expect(refused.text).toContain('named \\"cn-north-4_dev\\" has no readable id')
      expect(pointers(refused)).toEqual(['/query/project_id'])
      expect(await call(`GET /backups?project_id=${PROJECT_ID}`)).toMatchObject({ status: 200 })
      expect(await call('GET /backups')).toMatchObject({ status: 200 })
    })
    await iam.close()
  })

  it('says that IAM lists no project of a region, and asks again the next time', async () => {
    const none = answering(200, { projects: [] })
    const iam = await startFaultServer([
      ...[none, none, none, none],
      answering(200, { projects: [{ id: PROJECT_ID, name: 'cn-north-4', enabled: true }] }),
    ])
    const environment = { HUAWEICLOUD_SDK_REGION_IAM_CN_NORTH_4: iam.origin }
    await withDoor({ fleet, environment }, async ({ call }) => {
      for (const line of ['GET /backups', `GET /backups?project_id=${PROJECT_ID}`]) {
        const refused = await call(line)
        expect(refused).toMatchObject({ status: 404, body: { code: 'not_found' } })
        expect(refused.text).toContain('Cannot find an enabled project of cn-north-4')
      }
      expect(await call('GET /backups')).toMatchObject({ status: 200 })
    })
    await iam.close()
  })
})
