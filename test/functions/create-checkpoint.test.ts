import { describe, expect, it } from 'vitest'
import { fleetOf, PROJECT_ID, SERVER_ID, uuidOf, VAULT_ID, VOLUME_ID } from '../local/emulator/fleet-of.ts'
import { createBreakingStore } from '../support/breaking-store.ts'
import { type Call, type Door, type Heard, withDoor } from '../support/door.ts'
import { answering, startFaultServer } from '../support/fault-server.ts'
import { objectAt, textAt } from '../support/json.ts'
import { createMemoryStore } from '../support/memory-store.ts'

const CHECKPOINT = { checkpoint: { vault_id: VAULT_ID } }

function post(
  door: Pick<Door, 'call'>,
  body: unknown = CHECKPOINT,
  headers: Call['headers'] = {},
): Promise<Heard> {
  return door.call('POST /checkpoints', { body, headers })
}

/** The operation that an answer names, asked about. */
function askAbout({ call }: Pick<Door, 'call'>, heard: Heard): Promise<Heard> {
  return call(`GET ${heard.headers['operation']}`)
}

function checkpoints({ emulator }: Door): number {
  return emulator.state.project(PROJECT_ID)?.checkpoints.size ?? 0
}

describe('POST /checkpoints', () => {
  it('answers 200 with the body of Huawei, names the operation, and makes a key and a name', () =>
    withDoor({}, async (door) => {
      const heard = await post(door)
      expect(heard).toMatchObject({
        status: 200,
        body: { checkpoint: { status: 'protecting', vault: { id: VAULT_ID, skipped_resources: [] } } },
      })
      expect(heard.headers['operation']).toMatch(/^\/checkpoints\/[0-9a-v]{32}$/)
      expect(heard.headers['idempotency-key']).toMatch(/^[0-9a-f]{32}$/)
      expect(textAt(heard.body, 'checkpoint.extra_info.name')).toMatch(/^al-\d{8}-[0-9a-v]{20}-1$/)
      expect(door.posts()).toBe(1)
    }))

  it('sends everything that a caller may ask for, unchanged', () =>
    withDoor({}, async (door) => {
      const parameters = {
        auto_trigger: true,
        description: 'x'.repeat(255),
        incremental: false,
        name: '备份-数据库_01',
        resource_details: [
          {
            id: SERVER_ID,
            type: 'OS::Nova::Server',
            name: 'ecs',
            extra_info: { exclude_volumes: [VOLUME_ID] },
          },
        ],
      }
      const heard = await post(door, { checkpoint: { vault_id: VAULT_ID, parameters } })
      expect(heard.status).toBe(200)
      expect(textAt(heard.body, 'checkpoint.extra_info.name')).toBe('备份-数据库_01')
      const stored = await door.store.get(`ledger${heard.headers['operation']?.replace('s/', '/')}.json`)
      expect(JSON.parse(stored?.bytes.toString() ?? '')).toMatchObject({
        state: 'STARTED',
        request: { checkpoint: { vault_id: VAULT_ID, parameters } },
        known_by: 'answer',
      })
    }))

  it('starts one checkpoint for one key, however often and at whatever time it comes', () =>
    withDoor({ latencyMs: 20 }, async (door) => {
      const headers = { 'Idempotency-Key': 'nightly 2026-11-21' }
      const all = await Promise.all(Array.from({ length: 10 }, () => post(door, CHECKPOINT, headers)))
      expect(door.posts()).toBe(1)
      expect(new Set(all.map((heard) => heard.headers['operation'])).size).toBe(1)
      expect(all.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(202)])
      expect(all.find(({ status }) => status === 202)?.body).toMatchObject({
        state: 'running',
        because: expect.stringContaining('Another process is at it'),
      })
      const again = await post(door, ` ${JSON.stringify(CHECKPOINT, undefined, 2)}`, headers)
      const first = all.find(({ status }) => status === 200)
      expect([again.status, again.text, again.headers]).toEqual([200, first?.text, first?.headers])
      expect(again.headers['idempotency-key']).toBe('nightly 2026-11-21')
      expect([door.posts(), checkpoints(door)]).toEqual([1, 1])
    }))

  it('refuses another body under the same key, and takes a key that differs in one character as another', () =>
    withDoor({}, async (door) => {
      const first = await post(door, CHECKPOINT, { 'idempotency-key': 'key-1' })
      const other = {
        checkpoint: { vault_id: VAULT_ID, parameters: { resources: [SERVER_ID], incremental: false } },
      }
      const heard = await post(door, other, { 'idempotency-key': 'key-1' })
      expect(heard).toMatchObject({ status: 409, body: { code: 'conflict' } })
      const second = await post(door, CHECKPOINT, { 'idempotency-key': 'key-2' })
      expect(second.headers['operation']).not.toBe(first.headers['operation'])
      expect(door.posts()).toBe(2)
    }))

  it.each(['', ' ', 'x'.repeat(256), 'ключ', 'a\nb'])('refuses the key %j', (key) =>
    withDoor({}, async (door) => {
      const heard = await post(door, CHECKPOINT, { 'idempotency-key': key })
      expect(heard).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', errors: [{ pointer: '/header/idempotency-key' }] },
      })
      expect(door.emulator.requests).toEqual([])
    }),
  )

  it('takes a key of all printable characters', () =>
    withDoor({}, async (door) => {
      const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('')
      const key = printable.trim()
      const heard = await post(door, CHECKPOINT, { 'idempotency-key': key })
      expect(heard).toMatchObject({ status: 200, headers: { 'idempotency-key': key } })
    }))

  it('answers 207 with the body of Huawei where resources were skipped, and the same again', () => {
    const fleet = fleetOf([])
    const [server] = (fleet.projects[0]?.vaults[0]?.resources ?? []) as { protect_status: string }[]
    if (server !== undefined) server.protect_status = 'deleted'
    return withDoor({ fleet }, async (door) => {
      const heard = await post(door, CHECKPOINT, { 'idempotency-key': 'k' })
      expect(heard).toMatchObject({
        status: 207,
        body: { checkpoint: { vault: { skipped_resources: [{ id: SERVER_ID }] } } },
      })
      expect((await post(door, CHECKPOINT, { 'idempotency-key': 'k' })).text).toBe(heard.text)
      expect(await askAbout(door, heard)).toMatchObject({ status: 207, body: { state: 'partial' } })
      expect(door.posts()).toBe(1)
    })
  })

  it('passes on what Huawei refuses because of the values of the caller, again too, without a second POST', () =>
    withDoor({}, async (door) => {
      const headers = { 'idempotency-key': 'k' }
      const body = { checkpoint: { vault_id: uuidOf(1) } }
      for (const heard of [await post(door, body, headers), await post(door, body, headers)])
        expect(heard).toMatchObject({
          status: 404,
          headers: { operation: expect.any(String), 'idempotency-key': 'k' },
          body: {
            code: 'upstream_refused',
            error_code: 'BackupService.6105',
            error_msg: expect.any(String),
            huawei_request_id: expect.any(String),
          },
        })
      expect(door.posts()).toBe(1)
      expect(await askAbout(door, await post(door, body, headers))).toMatchObject({
        status: 200,
        body: { state: 'refused', error_code: 'BackupService.6105' },
      })
    }))

  it.each(['BackupService.6125', 'BackupService.6113'])('answers 409 to %s', (code) =>
    withDoor({ faults: [`cbr.checkpoints:status=400:code=${code}`] }, async (door) => {
      expect(await post(door)).toMatchObject({
        status: 409,
        body: { code: 'upstream_refused', error_code: code },
      })
      expect(door.posts()).toBe(1)
    }),
  )

  it.each([
    'reset',
    'reset:executed',
    'status=500',
    'status=500:executed',
    'status=502:executed',
    'status=504:executed',
    'cut-json',
    'truncate',
    'html:executed',
    'error-200',
    'empty',
    'redirect',
    'status=503:code=APIGW.0201:executed',
    'status=429:code=BackupService.9900:executed',
    'hang:executed',
  ])('answers 202 and never posts again where the outcome is not known: %s', (fault) =>
    withDoor({ faults: [`cbr.checkpoints:${fault}:times=1`] }, async (door) => {
      const context = { getRemainingTimeInMillis: () => 1800 }
      const headers = { 'idempotency-key': 'k' }
      const heard = await door.call('POST /checkpoints', { body: CHECKPOINT, headers, context })
      expect(heard).toMatchObject({
        status: 202,
        headers: { operation: expect.any(String), 'idempotency-key': 'k' },
        body: { state: 'unknown', vault_id: VAULT_ID, checkpoint: null },
      })
      expect((await post(door, CHECKPOINT, headers)).status).toBe(202)
      expect(door.posts()).toBe(1)
      const found = await askAbout(door, heard)
      expect(found.status).toBe(checkpoints(door) === 1 ? 200 : 202)
      expect(found.body.state).toBe(checkpoints(door) === 1 ? 'started' : 'unknown')
      expect((await post(door, CHECKPOINT, headers)).status).toBe(checkpoints(door) === 1 ? 200 : 202)
      expect(door.posts()).toBe(1)
    }),
  )

  it.each([408, 418, 422, 425, 429, 499, 503])(
    'answers 202 and never posts again where something in between says %i, and not Huawei',
    async (status) => {
      const server = await startFaultServer([
        (response) => response.writeHead(status, { 'content-type': 'text/html' }).end('<html>slow</html>'),
      ])
      const environment = { HUAWEICLOUD_SDK_REGION_CBR_CN_NORTH_4: server.origin }
      await withDoor({ environment }, async ({ call }) => {
        const order = { body: CHECKPOINT, headers: { 'idempotency-key': 'k' } }
        for (let times = 0; times < 2; times += 1)
          expect(await call('POST /checkpoints?region=cn-north-4', order)).toMatchObject({
            status: 202,
            body: { state: 'unknown' },
          })
        expect(server.seen.filter(({ method }) => method === 'POST')).toHaveLength(1)
      }).finally(server.close)
    },
  )

  it.each([
    [401, 502, { code: 401, message: 'no', title: 'Unauthorized' }],
    [400, 400, { code: '111400086', message: 'no', ext_message: null }],
  ])('passes on a refusal (%i, as %i) in the form of IAM or DCS: %j', async (from, to, error) => {
    const server = await startFaultServer([answering(from, { error })])
    const environment = { HUAWEICLOUD_SDK_REGION_CBR_CN_NORTH_4: server.origin }
    await withDoor({ environment }, async ({ call }) => {
      expect(await call('POST /checkpoints?region=cn-north-4', { body: CHECKPOINT })).toMatchObject({
        status: to,
        body: { code: 'upstream_refused', error_code: String(error.code), error_msg: 'no' },
      })
    }).finally(server.close)
  })

  it('refuses for good what Huawei refuses in its own words with another status', () =>
    withDoor({ faults: ['cbr.checkpoints:status=422:code=BackupService.9900:times=1'] }, async (door) => {
      const headers = { 'idempotency-key': 'k' }
      for (let times = 0; times < 2; times += 1)
        expect(await post(door, CHECKPOINT, headers)).toMatchObject({
          status: 502,
          body: { code: 'upstream_refused', error_code: 'BackupService.9900' },
        })
      expect(door.posts()).toBe(1)
    }))

  it('finds a checkpoint of unknown outcome by the name that the caller gave', () =>
    withDoor({ faults: ['cbr.checkpoints:reset:executed:times=1'] }, async (door) => {
      const body = { checkpoint: { vault_id: VAULT_ID, parameters: { name: 'before-upgrade' } } }
      const heard = await post(door, body)
      expect(heard.status).toBe(202)
      expect(await askAbout(door, heard)).toMatchObject({
        status: 200,
        body: { state: 'started', name: 'before-upgrade', checkpoint: { status: 'protecting' } },
      })
    }))

  it.each([
    ['reset', 202, 'unknown'],
    ['reset:executed', 200, 'started'],
  ])(
    'does not take the checkpoint of another operation of that name for its own: %s',
    (fault, status, state) =>
      withDoor({ checkpointMs: 0, faults: [`cbr.checkpoints:${fault}:after=1:times=1`] }, async (door) => {
        const body = { checkpoint: { vault_id: VAULT_ID, parameters: { name: 'nightly' } } }
        const first = await post(door, body)
        const second = await askAbout(door, await post(door, body))
        expect(second).toMatchObject({ status, body: { state } })
        expect(second.body.checkpoint_id).not.toBe(textAt(first.body, 'checkpoint.id'))
      }),
  )

  it('repeats within the call what the gateway refused, for that was not carried out', () =>
    withDoor({ faults: ['cbr.checkpoints:status=503:code=APIGW.0308:times=1'] }, async (door) => {
      expect((await post(door)).status).toBe(200)
      expect([door.posts(), checkpoints(door)]).toEqual([2, 1])
    }))

  it.each([
    ['status=503:code=APIGW.0308', 503, 'upstream_unavailable'],
    ['unauthorized', 502, 'upstream_refused'],
    ['status=403:code=BackupService.8600', 502, 'upstream_refused'],
  ])('lets the same key try again after %s, for nothing was carried out', (fault, status, code) =>
    withDoor({ faults: [`cbr.checkpoints:${fault}:times=1`] }, async (door) => {
      const context = { getRemainingTimeInMillis: () => 1700 }
      const headers = { 'idempotency-key': 'k' }
      const heard = await door.call('POST /checkpoints', { body: CHECKPOINT, headers, context })
      expect(heard).toMatchObject({ status, body: { code }, headers: { operation: expect.any(String) } })
      expect(await askAbout(door, heard)).toMatchObject({
        status: 202,
        body: {
          state: 'waiting',
          because: expect.stringMatching(/Huawei answered \d+ .*Send the same request/),
        },
      })
      const again = await post(door, CHECKPOINT, headers)
      expect(again.status).toBe(200)
      expect(textAt(again.body, 'checkpoint.extra_info.name')).toMatch(/-2$/)
      expect(checkpoints(door)).toBe(1)
    }),
  )

  it('posts nothing where the ledger cannot be written, and one checkpoint at most wherever it breaks', async () => {
    const headers = { 'idempotency-key': 'k' }
    for (const when of ['before', 'after'] as const)
      for (let at = 1; at <= 8; at += 1) {
        const disk = createMemoryStore()
        const store = createBreakingStore(disk, at, when)
        let healed = false
        const healing = new Proxy(disk, {
          get: (_, name: keyof typeof disk) => (healed ? disk : { ...disk, ...store })[name],
        })
        await withDoor({ store: healing }, async (door) => {
          const heard = await post(door, CHECKPOINT, headers)
          // Up to the intent a broken store is the end; after the POST the answer is there all the same.
          expect(heard.status, `${when} ${at}`).toBe(door.posts() === 0 ? 503 : 200)
          if (heard.status === 503) expect(heard.body.code).toBe('unavailable')
          healed = true
          const again = await post(door, CHECKPOINT, headers)
          expect([200, 202], `${when} ${at}`).toContain(again.status)
          const became = await askAbout(door, again)
          expect(became.status, `${when} ${at}`).toBe(checkpoints(door) === 1 ? 200 : 202)
          expect(door.posts(), `${when} ${at}`).toBeLessThanOrEqual(1)
        })
      }
  })
})

describe('GET /checkpoints/{operation}', () => {
  it('tells how the checkpoint is doing now', () =>
    withDoor({ checkpointMs: 0 }, async (door) => {
      const heard = await post(door)
      expect(await askAbout(door, heard)).toMatchObject({
        status: 200,
        body: {
          operation: heard.headers['operation']?.split('/').at(-1),
          state: 'done',
          checkpoint_id: textAt(heard.body, 'checkpoint.id'),
          checkpoint: { ...objectAt(heard.body, 'checkpoint'), status: 'available' },
          backups: [
            { resource_id: SERVER_ID, status: 'available' },
            { resource_id: VOLUME_ID, status: 'available' },
          ],
        },
      })
    }))

  it('is not contradicted by what its order is answered again under its key', () =>
    withDoor({ checkpointMs: 0, faults: ['cbr.checkpoints:fail'] }, async (door) => {
      const headers = { 'idempotency-key': 'k' }
      const became = await askAbout(door, await post(door, CHECKPOINT, headers))
      expect(became.body.state).toBe('failed')
      const { checkpoint } = (await post(door, CHECKPOINT, headers)).body
      expect(checkpoint).toEqual(became.body.checkpoint)
    }))

  it.each([
    ['cbr.checkpoint:status=403', '403'],
    ['cbr.backups:unauthorized', 'APIGW.0301'],
    ['cbr.checkpoint:hang', 'the time allowed ran out'],
  ])('tells what was recorded where Huawei cannot be asked, and why it cannot: %s', (fault, why) =>
    withDoor({ faults: [fault] }, async (door) => {
      const { headers } = await post(door)
      const context = { getRemainingTimeInMillis: () => 1700 }
      expect(await door.call(`GET ${headers['operation']}`, { context })).toMatchObject({
        status: 200,
        body: {
          state: 'started',
          because: expect.stringMatching(`^How it stands cannot be seen just now: .*${why}`),
          checkpoint: { status: 'protecting' },
        },
      })
    }),
  )

  it('says why it cannot be looked for where its answer was lost', () =>
    withDoor({ faults: ['cbr.checkpoints:reset:times=1', 'cbr.operation-logs:status=403'] }, async (door) => {
      const became = await askAbout(door, await post(door))
      expect(became).toMatchObject({ status: 202, body: { state: 'unknown' } })
      expect(became.body.because).toMatch(/was lost.*\. How it stands cannot be seen just now: .*403/)
    }))

  it('says of what its process died over before it was sent that nothing was, and what to do', async () => {
    const disk = createMemoryStore()
    const dying = createBreakingStore(disk, 2, 'before')
    const headers = { 'idempotency-key': 'k' }
    await withDoor({ store: dying }, async (door) => {
      expect((await post(door, CHECKPOINT, headers)).status).toBe(503)
    })
    await withDoor({ store: disk }, async (door) => {
      const [key = ''] = disk.objects.keys()
      const became = await door.call(`GET /checkpoints/${key.slice('ledger/checkpoint/'.length, -5)}`)
      expect(became).toMatchObject({ status: 202, body: { state: 'waiting' } })
      expect(became.body.because).toBe(
        'Nothing was sent to Huawei: the process that took this request in is about to send it, or is gone. Send the same request again, with the same Idempotency-Key: nobody else does',
      )
      expect((await post(door, CHECKPOINT, headers)).status).toBe(200)
    })
  })

  it('is refused for a target that is not configured, and finds nothing of another than its own', () => {
    const environment = { AUDIT_TARGETS: `cn-north-4:${PROJECT_ID},cn-north-4:other,ap-southeast-1` }
    return withDoor({ environment }, async ({ call }) => {
      const own = `region=cn-north-4&project_id=${PROJECT_ID}`
      const { headers } = await call(`POST /checkpoints?${own}`, { body: CHECKPOINT })
      for (const [query, status] of [
        [own, 200],
        ['region=cn-north-4', 200],
        ['region=eu-west-101', 403],
        ['region=cn-north-4&project_id=strange', 403],
        ['region=ap-southeast-1', 404],
        ['region=cn-north-4&project_id=other', 404],
      ] as const)
        expect(await call(`GET ${headers['operation']}?${query}`), query).toMatchObject({ status })
    })
  })

  it('knows no operation that it was not given', () =>
    withDoor({}, async ({ call, emulator }) => {
      for (const operation of ['0'.repeat(32), 'x', '..%2f..%2flatest', 'A'.repeat(32)])
        expect(await call(`GET /checkpoints/${operation}`), operation).toMatchObject({
          status: 404,
          body: { code: 'not_found' },
        })
      expect(emulator.requests).toEqual([])
    }))
})
