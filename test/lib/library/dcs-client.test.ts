import { describe, expect, it } from 'vitest'
import type { DcsRecordsQuery } from '../../../lib/index.ts'
import { fleetOf, INSTANCE_ID, uuidOf } from '../../local/emulator/fleet-of.ts'
import { gather, withClients } from './clients.ts'

const records = Array.from({ length: 12 }, (_, index) => ({
  backup_id: uuidOf(100 + index),
  instance_id: INSTANCE_ID,
  created_at: `2026-11-${String(index + 1).padStart(2, '0')}T22:00:00.780Z`,
  status: 'succeed',
  progress: '100.00',
  is_support_restore: index === 0 ? 'FALSE' : 'TRUE',
  period: {},
  error_code: {},
  size: 2048,
}))
const instances = [
  { instance_id: INSTANCE_ID, name: 'redis-1', cache_mode: 'ha', no_password_access: 'false', capacity: 4 },
  { instance_id: uuidOf(9), name: 'redis-2', cache_mode: 'single', enterprise_project_id: 0 },
]
const fleet = fleetOf([], { instances, records: { [INSTANCE_ID]: records } })

describe('the DCS client', () => {
  it('lists instances, with a type for each field', () =>
    withClients({ fleet }, async ({ dcs }) => {
      const listing = dcs.listInstances()
      expect(await gather(listing)).toMatchObject([
        { name: 'redis-1', cache_mode: 'ha', no_password_access: false, capacity: 4 },
        { name: 'redis-2', cache_mode: 'single', enterprise_project_id: '0' },
      ])
      expect(listing.outcome()).toMatchObject({ complete: true, distinct: 2 })
    }))

  it.each([[], ['dcs.backups:count=page']])(
    'lists the records of an instance whole, whatever total_num counts: %s',
    (...faults) =>
      withClients({ fleet, faults: faults.flat() }, async ({ dcs }) => {
        const listing = dcs.listAllRecords(INSTANCE_ID)
        const rows = await gather(listing)
        expect(rows).toHaveLength(12)
        expect(rows.at(-1)).toMatchObject({ progress: 100, is_support_restore: false, size: 2048 })
        expect(rows.at(-1)?.error_code).toBeUndefined()
        expect(listing.outcome().complete).toBe(true)
        expect(await gather(dcs.listAllRecords(uuidOf(9)))).toEqual([])
      }),
  )

  it.each(["a'b", 'i-_.~x', '...', "!$&'()*+,=:@"])(
    'asks for an instance called %s at an address that is signed as it is sent',
    (id) => {
      const itsRecords = { [id]: [{ ...records[0], instance_id: id }] }
      const odd = fleetOf([], { instances: [{ ...instances[0], instance_id: id }], records: itsRecords })
      return withClients({ fleet: odd }, async ({ dcs, emulator }) => {
        expect(await gather(dcs.listAllRecords(id))).toMatchObject([{ instance_id: id }])
        const path = new URL(emulator.requests.at(-1)?.path ?? '', 'http://h').pathname
        expect(path).toBe(emulator.requests.at(-1)?.path)
        expect(path.split('/').map(decodeURIComponent).at(-2)).toBe(id)
      })
    },
  )

  it('leads from page to page, and takes times in three spellings', () =>
    withClients({ fleet }, async ({ dcs, emulator }) => {
      const seen: string[] = []
      let query: DcsRecordsQuery | undefined = { limit: 5, begin_time: '2026-11-02T00:00:00+08:00' }
      while (query !== undefined) {
        const page = await dcs.listRecords(INSTANCE_ID, query)
        seen.push(...page.records.map(({ backup_id: id }) => id))
        query = page.next
      }
      expect(new Set(seen).size).toBe(12)
      for (const begin_time of [new Date('2026-11-05T00:00:00.9Z'), '20261105000000', '2026-11-05']) {
        expect((await dcs.listRecords(INSTANCE_ID, { begin_time, limit: 100 })).records).toHaveLength(8)
        expect(emulator.requests.at(-1)?.query).toContain('begin_time=20261105000000')
      }
    }))

  it('says that there is no such instance, and which parameters are wrong', () =>
    withClients({ fleet }, async ({ dcs }) => {
      await expect(dcs.listRecords(uuidOf(5))).rejects.toMatchObject({
        upstream: { errorCode: 'DCS.3022' },
        message: expect.stringContaining('There is no such instance'),
      })
      await expect(dcs.listRecords(INSTANCE_ID, { begin_time: 'now', limit: 0 })).rejects.toMatchObject({
        mistakes: [{ pointer: '/query/begin_time' }, { pointer: '/query/limit' }],
      })
      await expect(
        dcs.listRecords(INSTANCE_ID, { begin_time: '20261105', end_time: '20261101000000' }),
      ).rejects.toMatchObject({
        mistakes: [{ pointer: '/query/begin_time' }],
      })
    }))
})
