import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { officialClient, type SdkClient } from '../../support/huawei-sdk.ts'
import { withEmulator } from './client.ts'
import { backupOf, fleetOf, INSTANCE_ID, uuidOf, VAULT_ID } from './fleet-of.ts'

const backups = Array.from({ length: 23 }, (_, index) =>
  backupOf(index + 1, `2026-11-${String(index + 1).padStart(2, '0')}T00:00:00.000001`, {
    status: index % 4 === 0 ? 'error' : 'available',
    name: `a b/${index}+ü`,
  }),
)
const fleet = fleetOf(backups, {
  instances: [{ instance_id: INSTANCE_ID, name: 'redis-1', cache_mode: 'ha' }],
  records: {
    [INSTANCE_ID]: [{ backup_id: uuidOf(50), created_at: '2026-11-01T00:00:00.000Z', status: 'succeed' }],
  },
})

const withSdk = (work: (client: SdkClient) => Promise<void>) =>
  withEmulator({ fleet, now: Date.now, checkpointMs: 0 }, (emulator) => work(officialClient(emulator)))

const BACKUPS = { method: 'GET', url: '/v3/{project_id}/backups' } as const

describe("Huawei's own Node SDK on the emulator", () => {
  let home = ''
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'sdk-home-'))
    // It writes a file into the home folder, and every failed call to the console, its Authorization included.
    vi.stubEnv('HOME', home)
    vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
    rmSync(home, { recursive: true })
  })

  it('lists with repeated and with odd filters', () =>
    withSdk(async (client) => {
      const both = await client({ ...BACKUPS, query: { status: ['error', 'available'], limit: 5 } })
      expect(both).toMatchObject({ count: 23, limit: 5, backups: { length: 5 } })
      const named = await client({ ...BACKUPS, query: { name: 'a b/3+ü' } })
      expect(named).toMatchObject({ count: 1, backups: [{ id: uuidOf(4) }] })
    }))

  it('pages to the end by position and by marker', () =>
    withSdk(async (client) => {
      const idsOf = ({ backups: rows }: Readonly<Record<string, unknown>>) =>
        Array.isArray(rows) ? rows.map(({ id }: { id: string }) => id) : []
      const byOffset: string[] = []
      for (let ids = [''], offset = 0; ids.length > 0; offset += ids.length) {
        ids = idsOf(await client({ ...BACKUPS, query: { limit: 7, offset } }))
        byOffset.push(...ids)
      }
      const byMarker: string[] = []
      for (let ids = [''], marker: string | undefined; ids.length > 0; marker = ids.at(-1)) {
        ids = idsOf(
          await client({ ...BACKUPS, query: { limit: 7, sort: 'id:asc', ...(marker && { marker }) } }),
        )
        byMarker.push(...ids)
      }
      for (const seen of [byOffset, byMarker])
        expect([...seen].sort()).toEqual(backups.map(({ id }) => id).sort())
    }))

  it('creates a checkpoint with a Chinese name, and follows it', () =>
    withSdk(async (client) => {
      const data = { checkpoint: { vault_id: VAULT_ID, parameters: { name: '升级前', incremental: true } } }
      const made = await client({ method: 'POST', url: '/v3/{project_id}/checkpoints', data })
      expect(made).toMatchObject({ checkpoint: { status: 'protecting', extra_info: { name: '升级前' } } })
      const { checkpoint } = made as { checkpoint: { id: string } }
      const shown = await client({ method: 'GET', url: `/v3/{project_id}/checkpoints/${checkpoint.id}` })
      expect(shown).toMatchObject({ checkpoint: { status: 'available' } })
    }))

  it('lists the instances and the backup records of DCS', () =>
    withSdk(async (client) => {
      const instances = await client({ method: 'GET', url: '/v2/{project_id}/instances' })
      expect(instances).toMatchObject({ instances: [{ instance_id: INSTANCE_ID }] })
      const records = await client({
        method: 'GET',
        url: `/v2/{project_id}/instances/${INSTANCE_ID}/backups`,
      })
      expect(records).toMatchObject({ backup_record_response: [{ backup_id: uuidOf(50) }] })
    }))

  it.each([
    [{ ...BACKUPS, query: { limit: 0 } }, 400, 'BackupService.9900'],
    [{ method: 'GET', url: `/v3/{project_id}/backups/${uuidOf(99)}` }, 404, 'BackupService.6200'],
    // It does not look into `unauthorized`, so it has no code for an id that is none.
    [{ method: 'GET', url: '/v3/{project_id}/backups/x' }, 401, undefined],
    [{ method: 'GET', url: '/v3/{project_id}/nothing' }, 404, 'APIGW.0101'],
  ] as const)('finds code and status in the errors: %j', (request, httpStatusCode, errorCode) =>
    withSdk(async (client) => {
      await expect(client(request)).rejects.toMatchObject({ httpStatusCode, errorCode })
    }),
  )
})
