import { describe, expect, it } from 'vitest'
import { rowsAt, textAt } from '../../../support/json.ts'
import { ask, NOW, withEmulator } from '../client.ts'
import { backupOf, fleetOf, PROJECT_ID, SERVER_ID, uuidOf, VAULT_ID } from '../fleet-of.ts'

const PATH = `/v3/${PROJECT_ID}`

describe('CBR', () => {
  it('shows and deletes a backup once', () =>
    withEmulator({ fleet: fleetOf([backupOf(1, '2026-11-01T00:00:00.000000')]) }, async (emulator) => {
      const path = `${PATH}/backups/${uuidOf(1)}`
      expect((await ask(emulator, path)).body).toHaveProperty('backup.id', uuidOf(1))
      expect(await ask(emulator, path, { method: 'DELETE' })).toMatchObject({ status: 200, text: '{}' })
      for (const method of ['GET', 'DELETE'] as const)
        expect(await ask(emulator, path, { method })).toMatchObject({
          status: 404,
          body: { error_code: 'BackupService.6200' },
        })
      const logs = await ask(emulator, `${PATH}/operation-logs`, { query: { operation_type: 'delete' } })
      expect(logs.body).toMatchObject({
        count: 1,
        operation_logs: [{ status: 'success', vault_id: VAULT_ID }],
      })
    }))

  it.each([
    ['protecting', '6203'],
    ['restoring', '6216'],
  ])('does not delete a backup that is %s', (status, code) =>
    withEmulator({ fleet: fleetOf([backupOf(1, '2026-11-01T00:00:00', { status })]) }, async (emulator) => {
      const refused = await ask(emulator, `${PATH}/backups/${uuidOf(1)}`, { method: 'DELETE' })
      expect(refused).toMatchObject({ status: 400, body: { error_code: `BackupService.${code}` } })
    }),
  )

  it('filters and shows vaults', () =>
    withEmulator({ fleet: fleetOf([]) }, async (emulator) => {
      const count = async (query: Record<string, string>) =>
        (await ask(emulator, `${PATH}/vaults`, { query })).body.count
      expect(await count({})).toBe(1)
      for (const [key, hit] of Object.entries({
        id: VAULT_ID,
        name: 'vault-be94',
        object_type: 'server',
        protect_type: 'backup',
        status: 'available',
        resource_ids: SERVER_ID,
        enterprise_project_id: '0',
      })) {
        expect(await count({ [key]: hit }), key).toBe(1)
        expect(await count({ [key]: uuidOf(1) }), key).toBe(0)
      }
      expect(await count({ policy_id: uuidOf(1) })).toBe(0)
      expect((await ask(emulator, `${PATH}/vaults/${VAULT_ID}`)).body).toHaveProperty(
        'vault.name',
        'vault-be94',
      )
      expect((await ask(emulator, `${PATH}/vaults/${uuidOf(1)}`)).body.error_code).toBe('BackupService.6105')
      expect((await ask(emulator, `${PATH}/vaults/x`)).status).toBe(401)
    }))

  it('lists policies by type and vault', async () => {
    const bound = { id: uuidOf(1), operation_type: 'backup', associated_vaults: [{ vault_id: VAULT_ID }] }
    const loose = { id: uuidOf(2), operation_type: 'replication', associated_vaults: [] }
    await withEmulator({ fleet: fleetOf([], { policies: [bound, loose] }) }, async (emulator) => {
      const ids = async (query: Record<string, string>) =>
        rowsAt((await ask(emulator, `${PATH}/policies`, { query })).body, 'policies').map(({ id }) => id)
      expect(await ids({})).toEqual([uuidOf(1), uuidOf(2)])
      expect(await ids({ operation_type: 'replication' })).toEqual([uuidOf(2)])
      expect(await ids({ vault_id: VAULT_ID })).toEqual([uuidOf(1)])
      expect((await ask(emulator, `${PATH}/policies`, { query: { operation_type: 'x' } })).status).toBe(400)
      const vaults = await ask(emulator, `${PATH}/vaults`, { query: { policy_id: uuidOf(1) } })
      expect(vaults.body.count).toBe(1)
    })
  })

  it('replicates a backup into a project of another region, in time', async () => {
    let now = NOW
    const [home] = fleetOf([
      backupOf(1, '2026-11-01T00:00:00.000000', { image_type: 'backup', resource_id: SERVER_ID }),
    ]).projects
    const away = {
      ...fleetOf([]).projects[0],
      id: 'b'.repeat(32),
      name: 'ap-southeast-1',
      region: 'ap-southeast-1',
    }
    const vault = { id: uuidOf(5), billing: { protect_type: 'replication' }, resources: [] }
    const fleet = { projects: [home, { ...away, vaults: [vault] }] } as ReturnType<typeof fleetOf>
    await withEmulator({ fleet, now: () => now, replicationMs: 1000 }, async (emulator) => {
      const order = {
        destination_project_id: 'b'.repeat(32),
        destination_region: 'ap-southeast-1',
        destination_vault_id: uuidOf(5),
      }
      const replicate = (replicate: object) =>
        ask(emulator, `${PATH}/backups/${uuidOf(1)}/replicate`, { method: 'POST', body: { replicate } })
      expect((await replicate({ ...order, destination_vault_id: uuidOf(6) })).body.error_code).toBe(
        'BackupService.6120',
      )
      expect((await replicate({ ...order, destination_region: 'x' })).body.error_code).toBe(
        'BackupService.1011',
      )
      expect((await replicate({})).body.error_code).toBe('BackupService.9900')
      const started = await replicate(order)
      expect(started.body.replication).toMatchObject({ backup_id: uuidOf(1), ...order })
      const status = async () =>
        textAt(
          (await ask(emulator, `${PATH}/backups/${uuidOf(1)}`, { atMs: now })).body,
          'backup.replication_records.0.status',
        )
      expect(await status()).toBe('replicating')
      now += 1000
      expect(await status()).toBe('success')
      const copies = await ask(emulator, `/v3/${'b'.repeat(32)}/backups`, {
        query: { image_type: 'replication' },
        atMs: now,
      })
      expect(copies.body.backups).toMatchObject([{ resource_id: SERVER_ID, vault_id: uuidOf(5) }])
    })
  })

  it('zips large answers for clients that can unzip', () =>
    withEmulator({ backups: 500 }, async (emulator) => {
      const path = `/v3/${emulator.credentials.project_id}/backups`
      const zipped = await ask(emulator, path, { headers: { 'accept-encoding': 'gzip' } })
      const plain = await ask(emulator, path, { headers: { 'accept-encoding': 'identity' } })
      expect(zipped.headers.get('content-encoding')).toBe('gzip')
      expect(plain.headers.get('content-encoding')).toBeNull()
      expect(zipped.text).toBe(plain.text)
    }))
})
