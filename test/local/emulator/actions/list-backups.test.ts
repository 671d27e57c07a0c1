import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../../../../local/emulator/server.ts'
import { rowsAt } from '../../../support/json.ts'
import { type Ask, ask, NOW, withEmulator } from '../client.ts'
import { backupOf, fleetOf, PROJECT_ID, uuidOf, VAULT_ID } from '../fleet-of.ts'

const PATH = `/v3/${PROJECT_ID}/backups`
const OTHER_VAULT = uuidOf(900)

const fleet = fleetOf([
  backupOf(1, '2026-11-01T00:00:05.300000', {
    name: 'a',
    resource_id: uuidOf(71),
    updated_at: '2026-11-09T00:00:00',
  }),
  backupOf(2, '2026-11-01T00:00:05.000000', {
    name: 'b',
    status: 'error',
    incremental: false,
    checkpoint_id: uuidOf(50),
  }),
  backupOf(3, '2026-11-02T00:00:00.000001', {
    name: 'c',
    image_type: 'replication',
    resource_type: 'OS::Sfs::Turbo',
  }),
  backupOf(4, '2026-11-02T00:00:00.000001', { name: 'd', vault_id: OTHER_VAULT, resource_az: 'cn-north-4b' }),
  backupOf(5, undefined, { name: 'e', status: 'deleting', incremental: true, resource_name: 'ecs-五' }),
  backupOf(6, '2026-11-03T08:00:00.5+08:00', {
    name: 'f',
    parent_id: uuidOf(1),
    resource_type: 'OS::Nova::Server',
    image_type: 'backup',
    replication_records: [{ id: uuidOf(60), status: 'success' }],
  }),
])

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator({ fleet, now: () => NOW })
})
afterAll(() => emulator.close())

const names = async (query: Ask['query']) => {
  const { status, body } = await ask(emulator, PATH, query === undefined ? {} : { query })
  expect(status).toBe(200)
  return rowsAt(body, 'backups')
    .map(({ name }) => name)
    .join('')
}

describe('GET /v3/{project_id}/backups', () => {
  it('answers newest first, ties by id, and what has no created_at last', async () => {
    expect(await names({})).toBe('fdcabe')
  })

  it.each([
    [{ status: 'error' }, 'b'],
    [{ status: ['error', 'deleting'] }, 'be'],
    [{ vault_id: OTHER_VAULT }, 'd'],
    [{ resource_id: uuidOf(71) }, 'a'],
    [{ resource_name: 'ecs-五' }, 'e'],
    [{ resource_az: 'cn-north-4b' }, 'd'],
    [{ resource_type: 'OS::Sfs::Turbo' }, 'c'],
    [{ image_type: 'replication' }, 'c'],
    [{ checkpoint_id: uuidOf(50) }, 'b'],
    [{ parent_id: uuidOf(1) }, 'f'],
    [{ name: 'a' }, 'a'],
    [{ incremental: 'false' }, 'b'],
    [{ incremental: 'true' }, 'e'],
    [{ used_percent: '50' }, 'fcabe'],
    [{ used_percent: '51' }, ''],
    [{ enterprise_project_id: '0' }, 'fdcabe'],
    [{ enterprise_project_id: 'all_granted_eps' }, 'fdcabe'],
    [{ enterprise_project_id: uuidOf(3) }, ''],
    [{ own_type: 'shared', member_status: 'pending' }, ''],
    [{ own_type: 'all_granted', dec: 'true' }, 'fdcabe'],
    [{ image_type: 'backup', resource_type: 'OS::Nova::Server', status: ['available', 'error'] }, 'f'],
    [{ status: 'available', name: 'b' }, ''],
  ] satisfies [Ask['query'], string][])('filters by %j', async (query, expected) => {
    expect(await names(query)).toBe(expected)
  })

  it.each([
    [{ start_time: '2026-11-01T00:00:05Z' }, 'fdcab'],
    [{ start_time: '2026-11-01T00:00:06Z' }, 'fdc'],
    [{ end_time: '2026-11-01T00:00:05Z' }, 'b'],
    [{ end_time: '2026-11-01T00:00:06Z' }, 'ab'],
    [{ start_time: '2026-11-03T00:00:00Z', end_time: '2026-11-03T00:00:01Z' }, 'f'],
    [{ start_time: '2026-11-04T00:00:00Z', end_time: '2026-11-01T00:00:00Z' }, ''],
  ] satisfies [Ask['query'], string][])(
    'takes the window %j at microsecond precision',
    async (query, expected) => {
      expect(await names(query)).toBe(expected)
    },
  )

  it.each([
    ['created_at:asc', 'ebacdf'],
    ['created_at:asc,id:asc', 'ebacdf'],
    ['created_at:desc,id:asc', 'fcdabe'],
    ['name', 'fedcba'],
    ['name:asc', 'abcdef'],
    ['status:asc,created_at:asc', 'acdfeb'],
    ['id:asc', 'abcdef'],
    ['updated_at:desc,id:asc', 'abcdef'],
  ])('sorts by %s', async (sort, expected) => {
    expect(await names({ sort })).toBe(expected)
  })

  it('pages by offset and by marker, and counts all that match', async () => {
    const page = await ask(emulator, PATH, { query: { limit: '2', offset: '1' } })
    expect(page.body).toMatchObject({ count: 6, offset: 1, limit: 2 })
    expect(rowsAt(page.body, 'backups').map(({ id }) => id)).toEqual([uuidOf(4), uuidOf(3)])
    expect(await names({ limit: '2', marker: uuidOf(3) })).toBe('ab')
    expect(await names({ limit: '2', marker: uuidOf(3), offset: '1' })).toBe('be')
    expect(await names({ limit: '2', marker: uuidOf(2), sort: 'created_at:asc' })).toBe('ac')
    expect(await names({ limit: '2', offset: '7' })).toBe('')
    const counted = await ask(emulator, PATH, { query: { vault_id: VAULT_ID, limit: '1' } })
    expect(counted.body.count).toBe(5)
    expect((await ask(emulator, PATH)).body).toMatchObject({ offset: 0, limit: 1000 })
  })

  it('shows replication records only where they are asked for', async () => {
    const records = async (query: Ask['query']) =>
      rowsAt(
        (await ask(emulator, PATH, { query: { name: 'f', ...query } })).body,
        'backups.0.replication_records',
      )
    expect(await records({})).toEqual([])
    expect(await records({ show_replication: 'false' })).toEqual([])
    expect(await records({ show_replication: 'true' })).toEqual([{ id: uuidOf(60), status: 'success' }])
  })

  it.each([
    { limit: '0' },
    { limit: '1001' },
    { limit: 'abc' },
    { offset: '-1' },
    { sort: 'created_at:up' },
    { sort: 'size' },
    { status: 'broken' },
    { image_type: 'copy' },
    { resource_type: 'OS::Nova::Servers' },
    { start_time: '2026-11-01' },
    { end_time: '2026-11-01T00:00:00.5Z' },
    { used_percent: '0' },
    { show_replication: 'maybe' },
    { own_type: 'mine' },
    { member_status: 'asleep' },
    { limit: ['1', '2'] },
    { sort: 'name,'.repeat(60) },
  ] satisfies Ask['query'][])('refuses %j with 9900', async (query) => {
    const { status, body } = await ask(emulator, PATH, { query })
    expect(status).toBe(400)
    expect(body).toEqual({
      error_code: 'BackupService.9900',
      error_msg: expect.stringContaining(Object.keys(query)[0] ?? ''),
    })
  })

  it('hides what others share, unless asked for it', async () => {
    const shared = backupOf(7, '2026-11-04T00:00:00.000000', { own_type: 'shared', member_status: 'accept' })
    const pending = backupOf(8, '2026-11-05T00:00:00.000000', {
      own_type: 'shared',
      member_status: 'pending',
    })
    await withEmulator(
      { fleet: fleetOf([backupOf(1, '2026-11-01T00:00:00.000000'), shared]) },
      async (home) => {
        const ids = async (query: Ask['query'] = {}) =>
          rowsAt((await ask(home, PATH, { query })).body, 'backups').map(({ id }) => id)
        expect(await ids()).toEqual([uuidOf(1)])
        expect(await ids({ own_type: 'private' })).toEqual([uuidOf(1)])
        expect(await ids({ own_type: 'all_granted' })).toEqual([uuidOf(7), uuidOf(1)])
        home.state.project(PROJECT_ID)?.backups.insert(pending)
        home.state.project(PROJECT_ID)?.backups.remove(uuidOf(7))
        expect(await ids()).toEqual([uuidOf(1)])
        expect(await ids({ own_type: 'shared' })).toEqual([uuidOf(8)])
        expect(await ids({ own_type: 'shared', member_status: 'accept' })).toEqual([])
        home.state.project(PROJECT_ID)?.backups.remove(uuidOf(8))
        expect(await ids()).toEqual([uuidOf(1)])
      },
    )
  })

  it('shows changes that happen between two requests', async () => {
    let requests = 0
    await withEmulator(
      {
        fleet,
        onRequest: (state) => {
          if (++requests === 2) state.project(PROJECT_ID)?.backups.remove(uuidOf(6))
          if (requests === 3)
            state.project(PROJECT_ID)?.backups.insert(backupOf(9, '2026-11-05T00:00:00.000000'))
        },
      },
      async (moving) => {
        const counts = []
        for (let round = 0; round < 3; round++) counts.push((await ask(moving, PATH)).body.count)
        expect(counts).toEqual([6, 5, 6])
        const newest = await ask(moving, PATH, { query: { limit: '1' } })
        expect(newest.body).toHaveProperty('backups.0.id', uuidOf(9))
      },
    )
  })
})
