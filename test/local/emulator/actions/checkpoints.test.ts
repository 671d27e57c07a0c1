import { describe, expect, it } from 'vitest'
import type { Emulator } from '../../../../local/emulator/server.ts'
import { objectAt, rowsAt, textAt } from '../../../support/json.ts'
import { ask, NOW, withEmulator } from '../client.ts'
import { fleetOf, PROJECT_ID, SERVER_ID, uuidOf, VAULT_ID, VOLUME_ID } from '../fleet-of.ts'

const PATH = `/v3/${PROJECT_ID}`
const post = (emulator: Emulator, checkpoint: unknown) =>
  ask(emulator, `${PATH}/checkpoints`, { method: 'POST', body: { checkpoint } })

/** A vault with some other billing or resources. */
function fleetWith(change: { billing?: object; resources?: object[] }) {
  const fleet = fleetOf([])
  const vault = fleet.projects[0]?.vaults[0]
  Object.assign(vault?.billing ?? {}, change.billing)
  if (vault !== undefined && change.resources !== undefined) vault.resources = change.resources
  return fleet
}

describe('POST /v3/{project_id}/checkpoints', () => {
  it('answers at once, and the backups become available after their time', async () => {
    let now = NOW
    await withEmulator({ fleet: fleetOf([]), now: () => now, checkpointMs: 60_000 }, async (emulator) => {
      const at = (path: string, query = {}) => ask(emulator, `${PATH}${path}`, { query, atMs: now })
      const made = await post(emulator, {
        vault_id: VAULT_ID,
        parameters: { name: '夜间-1', description: 'd' },
      })
      expect(made.status).toBe(200)
      const checkpoint = objectAt(made.body, 'checkpoint')
      expect(checkpoint).toMatchObject({
        status: 'protecting',
        created_at: '2026-11-20T09:30:00.000000',
        vault: {
          id: VAULT_ID,
          resources: [{ id: SERVER_ID, resource_size: '40' }, { id: VOLUME_ID }],
          skipped_resources: [],
        },
        extra_info: { name: '夜间-1', description: 'd', retention_duration: -1 },
      })
      const backups = async () => {
        const { body } = await at('/backups', { checkpoint_id: checkpoint.id, sort: 'name:asc' })
        return rowsAt(body, 'backups').map(({ name, status }) => [name, status])
      }
      const status = async () => textAt((await at(`/checkpoints/${checkpoint.id}`)).body, 'checkpoint.status')
      expect(await backups()).toEqual([
        ['夜间-1_0001', 'protecting'],
        ['夜间-1_0002', 'protecting'],
      ])
      expect((await at('/operation-logs', { status: 'running' })).body.count).toBe(2)
      now += 59_999
      expect(await status()).toBe('protecting')
      now += 1
      expect(await status()).toBe('available')
      expect(await backups()).toEqual([
        ['夜间-1_0001', 'available'],
        ['夜间-1_0002', 'available'],
      ])
      const logs = await at('/operation-logs', {
        status: 'success',
        vault_id: VAULT_ID,
        resource_id: SERVER_ID,
      })
      expect(objectAt(logs.body, 'operation_logs.0')).toMatchObject({
        checkpoint_id: checkpoint.id,
        operation_type: 'backup',
      })
    })
  })

  it('refuses a second one while the first runs, skips what is busy or gone, and starts anew afterwards', async () => {
    let now = NOW
    await withEmulator({ fleet: fleetOf([]), now: () => now }, async (emulator) => {
      const only = (id: string) => ({ vault_id: VAULT_ID, parameters: { resources: [id] } })
      await post(emulator, only(SERVER_ID))
      expect(await post(emulator, only(SERVER_ID))).toMatchObject({
        status: 400,
        body: { error_code: 'BackupService.6125' },
      })
      const partly = await post(emulator, { vault_id: VAULT_ID })
      const { resources, skipped_resources: skipped } = objectAt(partly.body, 'checkpoint.vault')
      expect(resources).toHaveLength(1)
      expect(skipped).toEqual([
        {
          id: SERVER_ID,
          type: 'OS::Nova::Server',
          name: 'ecs-1',
          code: 'BackupService.0002',
          reason: expect.any(String),
        },
      ])
      now += 5000
      const again = await post(emulator, { vault_id: VAULT_ID, parameters: { incremental: false } })
      expect(rowsAt(again.body, 'checkpoint.vault.resources')).toHaveLength(2)
    })
  })

  it('can skip everything and still answer 200', () =>
    withEmulator(
      {
        fleet: fleetWith({
          resources: [{ id: SERVER_ID, name: 'x', type: 'OS::Nova::Server', protect_status: 'deleted' }],
        }),
      },
      async (emulator) => {
        const { status, body } = await post(emulator, { vault_id: VAULT_ID })
        expect(status).toBe(200)
        expect(objectAt(body, 'checkpoint.vault')).toMatchObject({
          resources: [],
          skipped_resources: [{ code: 'BackupService.7100' }],
        })
      },
    ))

  it('leaves out as many resources as a fault asks for, with a code and a reason', () =>
    withEmulator({ fleet: fleetOf([]), faults: ['cbr.checkpoints:skip=1:times=1'] }, async (emulator) => {
      const { body } = await post(emulator, { vault_id: VAULT_ID })
      const vault = objectAt(body, 'checkpoint.vault')
      expect(vault.resources).toHaveLength(1)
      expect(vault.skipped_resources).toMatchObject([
        { id: SERVER_ID, code: 'BackupService.6215', reason: expect.stringMatching(/./) },
      ])
    }))

  it('lets the work fail where a fault asks for it', async () => {
    let now = NOW
    await withEmulator(
      { fleet: fleetOf([]), now: () => now, faults: ['cbr.checkpoints:fail'] },
      async (emulator) => {
        await post(emulator, { vault_id: VAULT_ID })
        now += 5000
        const { body } = await ask(emulator, `${PATH}/backups`, { query: { status: 'error' }, atMs: now })
        expect(body.count).toBe(2)
      },
    )
  })

  it.each([
    [{ billing: { protect_type: 'replication' } }, 400, '6124'],
    [{ billing: { status: 'frozen' } }, 400, '6113'],
    [{ billing: { used: 102_400 } }, 400, '6114'],
    [{ resources: [] }, 400, '0001'],
  ])('refuses a vault with %j', (change, status, code) =>
    withEmulator({ fleet: fleetWith(change) }, async (emulator) => {
      const refused = await post(emulator, { vault_id: VAULT_ID })
      expect(refused).toMatchObject({ status, body: { error_code: `BackupService.${code}` } })
    }),
  )

  it.each([
    [undefined, 400, '9900'],
    [{}, 400, '9900'],
    [{ vault_id: 'vault-1' }, 400, '9900'],
    [{ vault_id: uuidOf(1) }, 404, '6105'],
    [{ vault_id: VAULT_ID, parameters: { resources: [uuidOf(2)] } }, 404, '6302'],
    [{ vault_id: VAULT_ID, parameters: { name: '' } }, 400, '9900'],
    [{ vault_id: VAULT_ID, parameters: { name: 'a b' } }, 400, '9900'],
    [{ vault_id: VAULT_ID, parameters: { name: 'x'.repeat(65) } }, 400, '9900'],
    [{ vault_id: VAULT_ID, parameters: { description: 'x'.repeat(256) } }, 400, '9900'],
    [{ vault_id: VAULT_ID, parameters: { incremental: 'true' } }, 400, '9900'],
    [{ vault_id: VAULT_ID, parameters: { auto_trigger: 1 } }, 400, '9900'],
    [{ vault_id: VAULT_ID, parameters: { resources: ['server-1'] } }, 400, '9900'],
    [
      { vault_id: VAULT_ID, parameters: { resource_details: [{ id: SERVER_ID, type: 'server' }] } },
      400,
      '9900',
    ],
    [{ vault_id: VAULT_ID, parameters: { resource_details: Array(257).fill({}) } }, 400, '9900'],
  ])('refuses %j', (checkpoint, status, code) =>
    withEmulator({ fleet: fleetOf([]) }, async (emulator) => {
      const refused = await post(emulator, checkpoint)
      expect(refused).toMatchObject({
        status,
        body: { error_code: `BackupService.${code}`, error_msg: expect.any(String) },
      })
      expect(emulator.state.projects[0]?.backups.rows).toHaveLength(0)
    }),
  )

  it('answers 404 for a checkpoint that is not there', () =>
    withEmulator({ fleet: fleetOf([]) }, async (emulator) => {
      expect(await ask(emulator, `${PATH}/checkpoints/${uuidOf(1)}`)).toMatchObject({
        status: 404,
        body: { error_code: 'BackupService.6217' },
      })
    }))
})
