import { describe, expect, it } from 'vitest'
import { objectAt, rowsAt } from '../../../support/json.ts'
import { ask, NOW, withEmulator } from '../client.ts'
import { fleetOf, INSTANCE_ID, PROJECT_ID, uuidOf } from '../fleet-of.ts'

const PATH = `/v2/${PROJECT_ID}/instances`
const instanceOf = (number: number, more: object = {}) => ({
  instance_id: uuidOf(number),
  name: `redis-${number}`,
  cache_mode: 'ha',
  status: 'RUNNING',
  instance_backup_policy: null,
  ...more,
})
const recordOf = (day: number) => ({
  backup_id: uuidOf(day),
  status: 'succeed',
  created_at: `2026-11-${10 + day}T18:00:00.780Z`,
})

describe('DCS', () => {
  it('lists ten instances unless asked for more, failed ones only on demand, and no policies', async () => {
    const instances = [
      ...Array.from({ length: 12 }, (_, index) => instanceOf(index)),
      instanceOf(20, { status: 'CREATEFAILED' }),
    ]
    await withEmulator({ fleet: fleetOf([], { instances }) }, async (emulator) => {
      const list = async (query: Record<string, string>) => {
        const { body } = await ask(emulator, PATH, { query })
        return [rowsAt(body, 'instances').length, body.instance_num]
      }
      expect(await list({})).toEqual([10, 12])
      expect(await list({ limit: '1000' })).toEqual([12, 12])
      expect(await list({ limit: '5', offset: '10' })).toEqual([2, 12])
      expect(await list({ limit: '50', include_failure: 'true' })).toEqual([13, 13])
      expect(await list({ name: 'redis-1' })).toEqual([3, 3])
      expect(await list({ name: 'redis-1', name_equal: 'true' })).toEqual([1, 1])
      expect(await list({ status: 'FROZEN' })).toEqual([0, 0])
      expect((await ask(emulator, PATH, { query: { limit: '0' } })).body.error_code).toBe('DCS.4062')
      const { body } = await ask(emulator, PATH)
      expect(objectAt(body, 'instances.0')).not.toHaveProperty('instance_backup_policy')
      const one = await ask(emulator, `${PATH}/${uuidOf(1)}`)
      expect(one.body).toHaveProperty('instance_backup_policy')
    })
  })

  it('lists backup records newest first, ten at a time, within a window', async () => {
    const records = { [INSTANCE_ID]: Array.from({ length: 12 }, (_, day) => recordOf(day)) }
    const fleet = fleetOf([], { instances: [instanceOf(1, { instance_id: INSTANCE_ID })], records })
    await withEmulator({ fleet }, async (emulator) => {
      const list = (query: Record<string, string>) =>
        ask(emulator, `${PATH}/${INSTANCE_ID}/backups`, { query })
      const first = await list({})
      expect(first.body.total_num).toBe(12)
      expect(first.body.backup_record_response).toHaveLength(10)
      expect(first.body).toHaveProperty('backup_record_response.0.backup_id', uuidOf(11))
      expect((await list({ limit: '10', offset: '10' })).body.backup_record_response).toHaveLength(2)
      const window = await list({ begin_time: '20261112000000', end_time: '20261113235959' })
      expect(window.body.total_num).toBe(2)
      expect((await list({ begin_time: '2026-11-12' })).status).toBe(400)
      expect((await list({ begin_time: '20261113000000', end_time: '20261112000000' })).body.error_code).toBe(
        'DCS.4025',
      )
    })
  })

  it('answers 204 without a body where there is nothing', () =>
    withEmulator({ fleet: fleetOf([], { instances: [instanceOf(1)] }) }, async (emulator) => {
      expect(await ask(emulator, `${PATH}/${uuidOf(1)}/backups`)).toMatchObject({ status: 204, text: '' })
      expect((await ask(emulator, `${PATH}/${uuidOf(2)}/backups`)).body.error_code).toBe('DCS.3022')
      expect((await ask(emulator, `${PATH}/x/backups`)).body.error_code).toBe('DCS.4061')
    }))

  it('gives the count of the page where a fault asks for it', async () => {
    const records = { [uuidOf(1)]: [recordOf(1), recordOf(2), recordOf(3)] }
    const fleet = fleetOf([], { instances: [instanceOf(1)], records })
    await withEmulator({ fleet, faults: ['dcs.backups:count=page'] }, async (emulator) => {
      const { body } = await ask(emulator, `${PATH}/${uuidOf(1)}/backups`, { query: { limit: '2' } })
      expect(body.total_num).toBe(2)
    })
  })

  it('backs an instance up, but no single node', async () => {
    let now = NOW
    const instances = [
      instanceOf(1),
      instanceOf(2, { cache_mode: 'single' }),
      instanceOf(3, { status: 'ERROR' }),
    ]
    await withEmulator({ fleet: fleetOf([], { instances }), now: () => now }, async (emulator) => {
      const post = (number: number, body: unknown = { remark: 'r', backup_format: 'aof' }) =>
        ask(emulator, `${PATH}/${uuidOf(number)}/backups`, { method: 'POST', body })
      const { status, body } = await post(1)
      expect({ status, keys: Object.keys(body) }).toEqual({ status: 200, keys: ['backup_id'] })
      expect((await post(1)).body.error_code).toBe('DCS.4017')
      expect(await post(2)).toMatchObject({
        status: 400,
        body: {
          error: {
            code: '111400086',
            message: 'only master standby instance is support this action',
            ext_message: null,
          },
        },
      })
      expect((await post(3)).body.error_code).toBe('DCS.4049')
      now += 5000
      const { body: list } = await ask(emulator, `${PATH}/${uuidOf(1)}/backups`, { atMs: now })
      expect(list.backup_record_response).toMatchObject([
        {
          backup_id: body.backup_id,
          status: 'succeed',
          remark: 'r',
          backup_format: 'aof',
          backup_name: 'backup_20261120173000',
        },
      ])
      expect(
        (await ask(emulator, `${PATH}/${uuidOf(1)}/backups`, { method: 'POST', atMs: now })).body.error_code,
      ).toBe('DCS.4004')
    })
  })
})
