import { describe, expect, it } from 'vitest'
import { CBR_LIST_QUERY } from '../../../lib/huawei/cbr-list-query.ts'
import {
  type CbrBackup,
  type CbrBackupsQuery,
  Fault,
  mayHaveBeenCarriedOut,
  toDate,
} from '../../../lib/index.ts'
import { waitForCheckpoint } from '../../../lib/library/wait-for-checkpoint.ts'
import { backupOf, fleetOf, SERVER_ID, uuidOf, VAULT_ID } from '../../local/emulator/fleet-of.ts'
import { gather, withClients } from './clients.ts'

const backups = Array.from({ length: 7 }, (_, index) =>
  backupOf(index + 1, `2026-11-0${index + 1}T00:00:00.000001`, { status: index < 2 ? 'error' : 'available' }),
)

/** One of each, so that the compiler proves that the type has every parameter of the table, and no other. */
const EVERY: Required<CbrBackupsQuery> = {
  all_tenants: false,
  checkpoint_id: uuidOf(1),
  dec: false,
  end_time: new Date('2026-11-30T00:00:00.999Z'),
  enterprise_project_id: '0',
  image_type: 'backup',
  incremental: true,
  limit: 10,
  marker: uuidOf(1),
  member_status: 'accepted',
  name: '备份 & 1',
  offset: 0,
  own_type: 'private',
  parent_id: uuidOf(2),
  resource_az: 'cn-north-4a',
  resource_id: uuidOf(3),
  resource_name: 'a',
  resource_type: 'OS::Nova::Server',
  show_replication: true,
  sort: 'created_at:asc,id',
  start_time: '2026-11-01T00:00:00Z',
  status: ['error', 'available'],
  used_percent: 80,
  vault_id: VAULT_ID,
}

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof Fault) return error
  throw new Error(`no Fault but ${error}`)
}

describe('listBackups', () => {
  it('sends every parameter of both editions of the document as Huawei writes it', () =>
    withClients({}, async ({ cbr, emulator }) => {
      // Of what is not in the list no page can follow; that a marker is sent is shown below.
      const { marker, ...rest } = EVERY
      const names = CBR_LIST_QUERY.parameters.map(({ name }) => name)
      expect(Object.keys({ ...rest, marker }).sort()).toEqual(names.sort())
      await cbr.listBackups(rest)
      const sent = new URLSearchParams(emulator.requests.at(-1)?.query)
      for (const [name, value] of Object.entries({ ...rest, end_time: '2026-11-30T00:00:00Z' }))
        expect(sent.getAll(name).sort(), name).toEqual([value].flat().map(String).sort())
    }))

  it.each([{ limit: 3 }, { limit: 3, marker: uuidOf(1), sort: 'id:asc' }])(
    'leads from page to page by position or by marker: %j',
    (first) =>
      withClients({ fleet: fleetOf(backups) }, async ({ cbr }) => {
        const seen: string[] = []
        let query: CbrBackupsQuery | undefined = first
        for (let pages = 0; query !== undefined && pages < 9; pages += 1) {
          const page = await cbr.listBackups(query)
          seen.push(...page.backups.map(({ id }) => id))
          query = page.next
        }
        const expected = backups.map(({ id }) => id)
        expect(new Set(seen)).toEqual(new Set('marker' in first ? expected.slice(1) : expected))
        expect(seen).toHaveLength(new Set(seen).size)
      }),
  )

  it('names every mistake of a query at once, and sends nothing', () =>
    withClients({}, async ({ cbr, emulator }) => {
      const fault = await faultOf(
        cbr.listBackups({
          limit: 0,
          offset: -1,
          sort: 'size',
          start_time: new Date('no time'),
          used_percent: 1.5,
        }),
      )
      expect(fault.code).toBe('invalid_request')
      expect(fault.mistakes.map(({ pointer }) => pointer)).toEqual([
        '/query/limit',
        '/query/offset',
        '/query/sort',
        '/query/start_time',
        '/query/used_percent',
      ])
      expect(emulator.requests).toEqual([])
    }))

  it('gives each field its type, keeps what nobody documents, and sets aside what is no backup', () => {
    const odd = backupOf(1, '2026-11-01T00:00:00.000001', {
      status: 'hibernating',
      resource_size: '50',
      enterprise_project_id: 0,
      incremental: 'True',
      name: {},
      expired_at: null,
      new_field: { kept: true },
      extend_info: { support_lld: 'false', os_images_data: ['image-1', { image_id: 'image-2' }, 7] },
      replication_records: [
        { status: 'fail', extra_info: '{"fail_code":"BackupService.1006","progress":"42"}' },
        'no record',
        { status: 'success', extra_info: 'no json' },
      ],
      children: [backupOf(2, '2026-11-01T00:00:00.000002')],
    })
    const broken = { ...backupOf(3, '2026-11-01T00:00:00.000003'), status: 7 }
    return withClients({ fleet: fleetOf([odd, broken]) }, async ({ cbr }) => {
      const { backups: read, unreadable, count } = await cbr.listBackups({ show_replication: true })
      expect(read).toMatchObject([
        {
          status: 'hibernating',
          resource_size: 50,
          enterprise_project_id: '0',
          incremental: true,
          name: undefined,
          expired_at: null,
          new_field: { kept: true },
          extend_info: { support_lld: false, os_images_data: ['image-1', { image_id: 'image-2' }] },
          replication_records: [
            { status: 'fail', extra_info: { fail_code: 'BackupService.1006', progress: 42 } },
            { status: 'success', extra_info: undefined },
          ],
          children: [{ id: uuidOf(2) }],
        },
      ])
      expect(unreadable).toEqual([{ because: 'status cannot be read', row: expect.objectContaining(broken) }])
      expect(count).toBe(2)
    })
  })
})

describe('listAllBackups', () => {
  it('is not complete where the clock was corrected while it read, and is the next time', () =>
    withClients({ now: () => Date.now() + 3 * 86_400_000, fleet: fleetOf([]) }, async ({ cbr }) => {
      const [first, second] = [cbr.listAllBackups(), cbr.listAllBackups()]
      for (const listing of [first, second]) await gather(listing)
      expect(first.outcome().incompleteBecause).toEqual([
        expect.stringContaining('was off, and corrected while'),
      ])
      const third = cbr.listAllBackups()
      await gather(third)
      expect(third.outcome()).toMatchObject({ complete: true, incompleteBecause: [] })
    }))

  it('has each backup once although they go while it looks, and tells whether it is whole', () => {
    const many = Array.from({ length: 2500 }, (_, index) =>
      backupOf(index, `2026-11-0${1 + (index % 9)}T00:00:${String(index % 60).padStart(2, '0')}.000001`),
    )
    return withClients({ fleet: fleetOf(many) }, async ({ cbr }) => {
      const listing = cbr.listAllBackups()
      expect(listing.outcome().complete).toBe(false)
      const ids = (await gather(listing)).map(({ id }) => id)
      expect(ids).toHaveLength(2500)
      expect(new Set(ids).size).toBe(2500)
      expect(listing.outcome()).toMatchObject({ complete: true, distinct: 2500, unreadable: [] })
    })
  })

  it('takes filters, and a moment until which it looks', () =>
    withClients({ fleet: fleetOf(backups) }, async ({ cbr }) => {
      expect(await gather(cbr.listAllBackups({ status: 'error' }))).toHaveLength(2)
      expect(await gather(cbr.listAllBackups({ until: new Date('2026-11-03T12:00:00Z') }))).toHaveLength(3)
    }))

  it('is not complete where a row cannot be read or a page is lost, and throws where nothing can be read', async () => {
    const broken = { ...backupOf(8, '2026-11-08T00:00:00.000003'), id: 7 }
    await withClients({ fleet: fleetOf([...backups, broken]) }, async ({ cbr }) => {
      const listing = cbr.listAllBackups()
      expect(await gather(listing)).toHaveLength(7)
      expect(listing.outcome()).toMatchObject({ complete: false, unreadable: [{ row: { id: 7 } }] })
    })
    await withClients({ faults: ['cbr.backups:status=403:code=BackupService.8600'] }, async ({ cbr }) => {
      const fault = await faultOf(gather(cbr.listAllBackups()))
      expect(fault).toMatchObject({
        code: 'upstream_refused',
        upstream: { errorCode: 'BackupService.8600' },
      })
    })
  })
})

describe('one thing', () => {
  it('is shown by its id, or the fault says that there is none and does not blame the credentials', () =>
    withClients({ fleet: fleetOf(backups) }, async ({ cbr }) => {
      expect(await cbr.showBackup(uuidOf(3))).toMatchObject({ id: uuidOf(3), status: 'available' })
      expect(await faultOf(cbr.showBackup(uuidOf(99)))).toMatchObject({
        upstream: { httpStatus: 404, errorCode: 'BackupService.6200' },
      })
      const malformed = await faultOf(cbr.showBackup('abc'))
      expect(malformed.message).toContain('the credentials are not the cause')
      expect((await faultOf(cbr.showBackup('../vaults'))).message).toContain('no id of Huawei')
      const [vault] = await gather(cbr.listVaults())
      expect(vault).toMatchObject({ id: VAULT_ID, billing: { size: 100, used: 51_200 } })
    }))
})

describe('createCheckpoint and waitForCheckpoint', () => {
  it('start a checkpoint and follow it to its end, seen on the way', () =>
    withClients({ checkpointMs: 300 }, async ({ cbr }) => {
      const started = await cbr.createCheckpoint({ vault_id: VAULT_ID, parameters: { name: '升级前-1' } })
      expect(started).toMatchObject({
        status: 'protecting',
        vault: { id: VAULT_ID, skipped_resources: [] },
        extra_info: { name: '升级前-1', retention_duration: -1 },
      })
      expect(started.vault?.resources?.map(({ resource_size: size }) => size)).toEqual([40, 10])
      expect(toDate(started.created_at)).toBeInstanceOf(Date)
      const seen: unknown[] = []
      const end = await cbr.waitForCheckpoint(started.id, {
        onProgress: ({ checkpoint }) => seen.push(checkpoint.status),
      })
      expect(end).toMatchObject({ outcome: 'available', backups: [{ status: 'available' }, {}] })
      expect(seen.slice(0, 1).concat(seen.at(-1))).toEqual(['protecting', 'available'])
    }))

  it('tell an error, a time that is over, and stop when they are told to', async () => {
    await withClients({ checkpointMs: 0, faults: ['cbr.checkpoints:fail'] }, async ({ cbr }) => {
      const { id } = await cbr.createCheckpoint({ vault_id: VAULT_ID })
      expect((await cbr.waitForCheckpoint(id)).outcome).toBe('error')
    })
    await withClients({ checkpointMs: 60_000 }, async ({ cbr }) => {
      const { id } = await cbr.createCheckpoint({ vault_id: VAULT_ID })
      expect((await cbr.waitForCheckpoint(id, { timeoutMs: 0 })).outcome).toBe('running')
      await expect(cbr.waitForCheckpoint(id, { signal: AbortSignal.timeout(50) })).rejects.toThrow()
      expect((await faultOf(cbr.waitForCheckpoint(uuidOf(9)))).upstream?.errorCode).toBe('BackupService.6217')
    })
  })

  it('wait for what is not in sight, say what that is, and remember what is gone', async () => {
    const resources = [{ id: SERVER_ID }, { id: uuidOf(2) }]
    const backup = (resource_id: string, status = 'available') =>
      ({ id: `b-${resource_id}`, resource_id, status }) as CbrBackup
    const wait = (...looks: readonly (readonly CbrBackup[])[]) => {
      let look = 0
      return waitForCheckpoint(
        {
          showCheckpoint: async () => ({ id: 'c', status: 'available', vault: { resources } }),
          listBackups: async () => ({ backups: looks[look++] ?? [] }),
          nowMs: () => look,
        },
        'c',
        { timeoutMs: looks.length - 1 },
      )
    }
    expect(await wait([])).toMatchObject({ outcome: 'running', unseen: resources })
    expect(await wait([backup(SERVER_ID)])).toMatchObject({ outcome: 'running', unseen: [{ id: uuidOf(2) }] })
    expect(await wait([backup(SERVER_ID)], [backup(uuidOf(2))])).toMatchObject({
      outcome: 'available',
      unseen: [],
    })
    expect((await wait([backup(SERVER_ID, 'error')])).outcome).toBe('error')
  })

  it('name every mistake of a body at once, and send nothing', () =>
    withClients({}, async ({ cbr, emulator }) => {
      const fault = await faultOf(
        cbr.createCheckpoint({
          vault_id: 'x',
          parameters: { name: 'a b', resource_details: [{ id: 'y', type: 'OS::Nova::Server' }] },
        }),
      )
      expect(fault.mistakes.map(({ pointer }) => pointer)).toEqual([
        '/checkpoint/vault_id',
        '/checkpoint/parameters/name',
        '/checkpoint/parameters/resource_details/0/id',
      ])
      expect(emulator.requests).toEqual([])
    }))

  it('never send a second time what may have been carried out', () =>
    withClients({ faults: ['cbr.checkpoints:reset:executed'] }, async ({ cbr, emulator }) => {
      const fault = await faultOf(cbr.createCheckpoint({ vault_id: VAULT_ID }))
      expect(mayHaveBeenCarriedOut(fault)).toBe(true)
      expect(emulator.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
      const refused = await faultOf(cbr.createCheckpoint({ vault_id: uuidOf(1) }))
      expect(mayHaveBeenCarriedOut(refused)).toBe(true)
    }))
})
