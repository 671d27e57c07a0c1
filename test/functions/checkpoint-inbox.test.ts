import { describe, expect, it } from 'vitest'
import { operationOf } from '../../lib/checkpoint/names.ts'
import { listOpenOperations } from '../../lib/runtime/open-operations.ts'
import type { Store } from '../../lib/store/store.ts'
import { formatTime, fromEpochMs } from '../../lib/time.ts'
import { fleetOf, PROJECT_ID, SERVER_ID, VAULT_ID, VOLUME_ID } from '../local/emulator/fleet-of.ts'
import { createBreakingStore } from '../support/breaking-store.ts'
import { type Door, type DoorOptions, withDoor } from '../support/door.ts'
import { createMemoryStore } from '../support/memory-store.ts'

const OPERATION = operationOf('alert', 'cn-north-4', PROJECT_ID)
/** What a GET tells of an order that nobody took. */
const ORDERED = {
  ...{ region: 'cn-north-4', project_id: PROJECT_ID, vault_id: VAULT_ID },
  ...{ alert_id: 'alert', received_at: expect.any(String) },
}
/** Less than it takes to be sure of an answer that never comes. */
const HASTE = { getRemainingTimeInMillis: () => 2500 }

async function putOrder(
  store: Store,
  operation = OPERATION,
  request: object = {},
  at = fromEpochMs(Date.now()),
): Promise<void> {
  const order = {
    ...{ schema_version: 1, operation, alert_id: 'alert', source: 'smn' },
    ...{ received_at: formatTime(at), because: 'smn reported that "disk" is firing' },
    request: { region: 'cn-north-4', project_id: PROJECT_ID, vault_id: VAULT_ID, ...request },
  }
  await store.putIfAbsent(`inbox/checkpoint/${operation}.json`, JSON.stringify(order))
}

/** A door whose inbox holds one order, and whose clock can be put forward. */
function withOrder(
  options: DoorOptions,
  work: (door: Door, passMinutes: (minutes: number) => void) => Promise<void>,
): Promise<void> {
  let minutes = 0
  const store = options.store ?? createMemoryStore()
  const now = () => fromEpochMs(Date.now() + minutes * 60_000)
  return withDoor({ checkpointMs: 0, ...options, store, now }, async (door) => {
    await putOrder(store)
    await work(door, (more) => {
      minutes += more
    })
  })
}

const ask = ({ call }: Door, operation = OPERATION) => call(`GET /checkpoints/${operation}`)

function checkpoints({ emulator }: Door): number {
  return emulator.state.project(PROJECT_ID)?.checkpoints.size ?? 0
}

/** What the next audit tells. */
function audited({ store, now }: Door) {
  return listOpenOperations(store, now())
}

function told({ logged }: Door, message: string): number {
  return logged.filter((line) => Reflect.get(line, 'message') === message).length
}

describe('an order in the inbox', () => {
  it('can be asked about before it was taken, and becomes one backup of each resource', () =>
    withOrder({}, async (door) => {
      expect(await ask(door)).toMatchObject({ status: 202, body: { state: 'waiting', ...ORDERED } })
      expect(await door.arrive(OPERATION)).toMatchObject({ outcome: 'taken', state: 'STARTED' })
      expect(await ask(door)).toMatchObject({
        status: 200,
        body: {
          state: 'done',
          alert_id: 'alert',
          backups: [
            { resource_id: SERVER_ID, status: 'available' },
            { resource_id: VOLUME_ID, status: 'available' },
          ],
        },
      })
      for (let times = 0; times < 3; times += 1) await door.arrive(OPERATION)
      expect(await door.sweep()).toEqual({ orders: 0, operations: 0, failed: 0, left: 0 })
      expect([door.posts(), checkpoints(door)]).toEqual([1, 1])
    }))

  it('is taken by the sweeper where its event was lost', () =>
    withOrder({}, async (door) => {
      expect(await door.sweep()).toMatchObject({ orders: 1, failed: 0 })
      await door.sweep()
      expect((await ask(door)).body.state).toBe('done')
      expect(door.posts()).toBe(1)
    }))

  it.each([
    ['FLT-042', 'hang:executed'],
    ['FLT-042', 'reset:executed'],
    ['FLT-043', 'status=500:executed'],
    ['FLT-044', 'cut-json'],
    ['FLT-045', 'truncate'],
  ])('%s: is one checkpoint, found by looking, where the POST meets %s', (_id, fault) =>
    withOrder({ faults: [`cbr.checkpoints:${fault}:times=1`] }, async (door) => {
      expect(await door.arrive(OPERATION, HASTE)).toMatchObject({ state: 'UNKNOWN' })
      expect(await door.arrive(OPERATION)).toMatchObject({ state: 'UNKNOWN' })
      await door.sweep()
      await door.sweep()
      expect((await ask(door)).body).toMatchObject({ state: 'done', attempt: 1 })
      expect([door.posts(), checkpoints(door)]).toEqual([1, 1])
    }),
  )

  it.each(['cbr.backups:invisible=3600', 'cbr.backups:status=500', 'cbr.operation-logs:status=500'])(
    'is found by whichever shows it: %s',
    (fault) =>
      withOrder({ faults: ['cbr.checkpoints:reset:executed:times=1', fault] }, async (door) => {
        await door.arrive(OPERATION)
        await door.sweep()
        expect((await ask(door)).body).toMatchObject({ checkpoint_id: expect.any(String), attempt: 1 })
        expect(door.posts()).toBe(1)
      }),
    60_000,
  )

  it('FLT-046: is sent again within the call where the gateway refused it', () =>
    withOrder({ faults: ['cbr.checkpoints:status=429:code=APIGW.0308:times=1'] }, async (door) => {
      expect(await door.arrive(OPERATION)).toMatchObject({ state: 'STARTED' })
      expect([door.posts(), checkpoints(door)]).toEqual([2, 1])
    }))

  it('FLT-046: waits, and is sent by a later sweep, where nothing was carried out', () =>
    withOrder({ faults: ['cbr.checkpoints:status=403:code=APIGW.0302:times=2'] }, async (door, pass) => {
      await expect(door.arrive(OPERATION)).rejects.toMatchObject({ upstream: { errorCode: 'APIGW.0302' } })
      expect((await ask(door)).body).toMatchObject({
        state: 'waiting',
        because: expect.stringContaining('APIGW.0302'),
      })
      pass(20)
      expect(await door.sweep()).toMatchObject({ failed: 1 })
      expect(told(door, 'operation waiting')).toBe(1)
      expect(await door.sweep()).toMatchObject({ failed: 0 })
      expect((await ask(door)).body.state).toBe('done')
      expect(checkpoints(door)).toBe(1)
    }))

  it('FLT-047: tells which resources were left out', () => {
    const fleet = fleetOf([])
    const [server] = (fleet.projects[0]?.vaults[0]?.resources ?? []) as { protect_status: string }[]
    if (server !== undefined) server.protect_status = 'deleted'
    return withOrder({ fleet }, async (door) => {
      expect(await door.arrive(OPERATION)).toMatchObject({ state: 'PARTIAL' })
      expect(await ask(door)).toMatchObject({
        status: 207,
        body: {
          state: 'done',
          backups: [{ resource_id: VOLUME_ID }],
          checkpoint: { vault: { skipped_resources: [{ id: SERVER_ID }] } },
        },
      })
      await door.sweep()
      expect(await audited(door)).toMatchObject([{ state: 'partial', because: expect.any(String) }])
    })
  })

  it.each(['BackupService.6125', 'BackupService.6113'])('FLT-048: is refused for good with %s', (code) =>
    withOrder({ faults: [`cbr.checkpoints:status=400:code=${code}`] }, async (door) => {
      expect(await door.arrive(OPERATION)).toMatchObject({ state: 'REFUSED' })
      await door.arrive(OPERATION)
      await door.sweep()
      expect((await ask(door)).body).toMatchObject({ state: 'refused', error_code: code })
      expect([door.posts(), told(door, 'operation refused')]).toEqual([1, 1])
      expect(await audited(door)).toMatchObject([
        { operation: OPERATION, state: 'refused', alert_id: 'alert' },
      ])
    }),
  )

  it('rings no alarm where a caller was told himself that he was refused', () =>
    withDoor({ faults: ['cbr.checkpoints:status=400:code=BackupService.6125'] }, async (door) => {
      const body = { checkpoint: { vault_id: VAULT_ID } }
      expect((await door.call('POST /checkpoints', { body })).status).toBe(409)
      expect(await door.sweep()).toMatchObject({ operations: 1, failed: 0 })
      expect(told(door, 'operation refused')).toBe(0)
      expect(await audited(door)).toMatchObject([{ state: 'refused', alert_id: null }])
    }))

  it('is told once, and in the audits of a week, where its backups end in error; those that joined it too', () =>
    withOrder({ faults: ['cbr.checkpoints:fail'] }, async (door, pass) => {
      const other = operationOf('other', 'cn-north-4', PROJECT_ID)
      await putOrder(door.store, other)
      await door.arrive(OPERATION)
      expect(await door.arrive(other)).toMatchObject({ state: 'JOINED' })
      expect(await audited(door)).toMatchObject([{ state: 'started' }, { state: 'joined' }])
      await door.sweep()
      await door.sweep()
      await door.arrive(OPERATION)
      expect(await door.sweep()).toMatchObject({ operations: 0 })
      expect(await ask(door)).toMatchObject({ status: 200, body: { state: 'failed' } })
      expect(told(door, 'operation failed')).toBe(1)
      expect(await audited(door)).toMatchObject([
        { operation: OPERATION, state: 'failed', because: expect.stringContaining('ended in error') },
        { operation: other, state: 'joined', because: expect.stringMatching(/failed: .*ended in error/) },
      ])
      expect((await ask(door, other)).body).toMatchObject({
        state: 'joined',
        joined_to: OPERATION,
        joined_state: 'failed',
        because: expect.stringContaining('ended in error'),
      })
      pass(7 * 24 * 60 - 5)
      expect(await audited(door)).toHaveLength(2)
      pass(10)
      expect(await audited(door)).toEqual([])
    }))

  it('answers for one that joined another as the other does, as long as its outcome is not known', () =>
    withOrder({ faults: ['cbr.checkpoints:reset:times=1'] }, async (door) => {
      const other = operationOf('other', 'cn-north-4', PROJECT_ID)
      await putOrder(door.store, other)
      await door.arrive(OPERATION)
      await door.arrive(other)
      expect(await ask(door, other)).toMatchObject({
        status: 202,
        body: { state: 'joined', joined_state: 'unknown', because: expect.stringContaining('lost') },
      })
    }))

  it('FLT-049, FLT-050: is one checkpoint, and is found, wherever the store breaks', async () => {
    for (const when of ['before', 'after'] as const)
      for (let at = 1; at <= 14; at += 1) {
        const disk = createMemoryStore()
        let healed = true
        const breaking = createBreakingStore(disk, at, when)
        const store = new Proxy(disk, {
          get: (_, name: keyof typeof disk) => (healed ? disk : { ...disk, ...breaking })[name],
        })
        await withOrder({ store }, async (door, pass) => {
          healed = false
          await door.arrive(OPERATION).catch(() => undefined)
          healed = true
          pass(2)
          await door.sweep()
          await door.sweep()
          expect((await ask(door)).body.state, `${when} ${at}`).toMatch(/^(done|unknown)$/)
          expect(door.posts(), `${when} ${at}`).toBeLessThanOrEqual(1)
          expect((await ask(door)).body.state === 'done', `${when} ${at}`).toBe(checkpoints(door) === 1)
        })
      }
  }, 120_000)

  it('is held for a person, who is told once, where nothing is to be seen for the settle time', () =>
    withOrder({ faults: ['cbr.checkpoints:reset:times=1'] }, async (door, pass) => {
      await door.arrive(OPERATION)
      for (let sweeps = 0; sweeps < 3; sweeps += 1) {
        pass(4)
        await door.sweep()
        expect((await ask(door)).body.state).toBe('unknown')
      }
      pass(4)
      await door.sweep()
      await door.sweep()
      expect(await ask(door)).toMatchObject({
        status: 202,
        body: { state: 'held', because: expect.stringContaining('without a trace') },
      })
      expect([told(door, 'operation held'), door.posts()]).toEqual([1, 1])
    }))

  it('is held no sooner than after an hour where nothing can be looked for', () =>
    withOrder({ faults: ['cbr.checkpoints:reset:times=1', 'cbr.backups:status=403'] }, async (door, pass) => {
      await door.arrive(OPERATION)
      for (let sweeps = 0; sweeps < 5; sweeps += 1) {
        pass(9)
        await door.sweep()
      }
      expect((await ask(door)).body.state).toBe('unknown')
      expect(told(door, 'operation unknown')).toBeGreaterThan(0)
      pass(30)
      await door.sweep()
      expect((await ask(door)).body).toMatchObject({
        state: 'held',
        because: expect.stringContaining('could not be looked for'),
      })
    }))

  it('is one checkpoint for a hundred alerts; each names the operation that it joined', () =>
    withOrder({}, async (door) => {
      const operations = Array.from({ length: 100 }, (_, index) =>
        operationOf(`alert-${index}`, 'cn-north-4', PROJECT_ID),
      )
      for (const operation of operations) await putOrder(door.store, operation)
      const taken = await Promise.all(operations.map((operation) => door.arrive(operation)))
      const leaders = taken.filter((one) => one.outcome === 'taken' && one.state !== 'JOINED')
      expect(leaders).toHaveLength(1)
      const follower = taken.find((one) => one.outcome === 'taken' && one.state === 'JOINED')
      expect(await ask(door, follower?.operation)).toMatchObject({
        status: 200,
        body: { state: 'joined', joined_to: leaders[0]?.operation, joined_state: 'done' },
      })
      expect(door.posts()).toBe(1)
    }))

  it('is parked where a person would have to choose, told of, and sent when its turn has come', () =>
    withOrder({}, async (door, pass) => {
      await putOrder(door.store, OPERATION)
      const one = operationOf('one', 'cn-north-4', PROJECT_ID)
      await putOrder(door.store, one, { resources: [SERVER_ID] })
      expect(await door.arrive(one)).toMatchObject({ state: 'STARTED' })
      expect(await door.arrive(OPERATION)).toMatchObject({ state: 'PARKED' })
      expect(await ask(door)).toMatchObject({
        status: 202,
        body: { state: 'parked', not_before: expect.any(String) },
      })
      expect(told(door, 'operation parked')).toBe(1)
      await door.sweep()
      expect(door.posts()).toBe(1)
      pass(61)
      await door.sweep()
      expect((await ask(door)).body.state).toBe('done')
      expect(door.posts()).toBe(2)
    }))

  it('waits no longer for one that Huawei refused, and is told of as parked once', () =>
    withOrder(
      { latencyMs: 20, faults: ['cbr.checkpoints:status=400:code=BackupService.6125:times=1'] },
      async (door) => {
        const one = operationOf('one', 'cn-north-4', PROJECT_ID)
        await putOrder(door.store, one, { resources: [SERVER_ID] })
        const taken = await Promise.all([door.arrive(one), door.arrive(OPERATION)])
        expect(taken).toMatchObject([{ state: 'REFUSED' }, { state: 'PARKED' }])
        await door.sweep()
        expect((await ask(door)).body.state).toBe('done')
        expect([door.posts(), told(door, 'operation parked')]).toEqual([2, 1])
      },
    ))

  it('is joined by all that come while it is unsent, however late', () =>
    withOrder({ faults: ['cbr.checkpoints:status=403:code=APIGW.0302:times=2'] }, async (door, pass) => {
      const [second, third] = ['second', 'third'].map((key) => operationOf(key, 'cn-north-4', PROJECT_ID))
      await expect(door.arrive(OPERATION)).rejects.toMatchObject({ upstream: { errorCode: 'APIGW.0302' } })
      for (const later of [second, third]) {
        pass(90)
        await putOrder(door.store, later, {}, door.now())
        expect(await door.arrive(later ?? '')).toMatchObject({ state: 'JOINED' })
      }
      expect((await ask(door, third)).body).toMatchObject({ joined_to: OPERATION, joined_state: 'waiting' })
      await door.sweep()
      await door.sweep()
      expect((await ask(door, third)).body).toMatchObject({ joined_to: OPERATION, joined_state: 'done' })
      expect(checkpoints(door)).toBe(1)
    }))

  it('does not wait for what people ask for, who are neither limited nor counted', () =>
    withOrder({}, async (door) => {
      const body = { checkpoint: { vault_id: VAULT_ID } }
      for (let times = 0; times < 8; times += 1)
        expect((await door.call('POST /checkpoints', { body })).status).toBe(200)
      expect(await door.arrive(OPERATION)).toMatchObject({ state: 'STARTED' })
    }))

  it('is quarantined where it can never be followed, with every mistake named, once', () =>
    withOrder({}, async (door) => {
      const bad = operationOf('bad', 'cn-north-4', PROJECT_ID)
      await putOrder(door.store, bad, { vault_id: 'v', resources: [], what: 1 })
      expect(await door.sweep()).toMatchObject({ orders: 2, failed: 0 })
      const quarantined = { state: 'quarantined', ...ORDERED, vault_id: 'v' }
      expect(await ask(door, bad)).toMatchObject({ status: 200, body: quarantined })
      expect(await audited(door)).toContainEqual(expect.objectContaining(quarantined))
      const { because } = (await ask(door, bad)).body
      for (const field of ['what', 'vault_id', 'resources']) expect(because).toContain(`/request/${field}`)
      expect(await door.sweep()).toMatchObject({ orders: 0 })
      expect(told(door, 'operation quarantined')).toBe(1)
    }))
})
