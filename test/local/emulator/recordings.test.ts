import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../../../local/emulator/server.ts'
import { objectAt, readJson, rowsAt, textAt } from '../../support/json.ts'
import { ask, NOW } from './client.ts'

const REALDATA = join(import.meta.dirname, '../../../../shared/data/realdata')

const recorded = (file: string) => readJson(readFileSync(`${REALDATA}/${file}`, 'utf8'))

/** The keys of an object and of the objects in it, as paths; lists by their first items. */
function keysOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.slice(0, 1).flatMap((item) => keysOf(item, `${path}[]`))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    `${path}.${key}`,
    ...keysOf(inner, `${path}.${key}`),
  ])
}

/** The JSON type at each key, null aside. */
function typesOf(value: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, Array.isArray(inner) ? 'array' : typeof inner]),
  )
}

describe.skipIf(!existsSync(REALDATA))(
  'emulated bodies beside the recorded ones (skipped without ../shared)',
  () => {
    let emulator: Emulator
    let cbr: string
    let dcs: string
    beforeAll(async () => {
      emulator = await startEmulator({ now: () => NOW })
      cbr = `/v3/${emulator.credentials.project_id}`
      dcs = `/v2/${emulator.credentials.project_id}`
    })
    afterAll(() => emulator.close())

    it('lists backups with exactly the recorded keys, in their order and of their types', async () => {
      const list = recorded('cbr/recorded/cbr_backup_list.0.json')
      const { backups: _, ...envelope } = list
      for (const type of ['OS::Nova::Server', 'OS::Cinder::Volume']) {
        const query = { resource_type: type, limit: '1', status: 'available' }
        const { body } = await ask(emulator, `${cbr}/backups`, { query })
        const model = rowsAt(list, 'backups').find(({ resource_type }) => resource_type === type) ?? {}
        const backup = objectAt(body, 'backups.0')
        expect(keysOf(backup)).toEqual(keysOf(model))
        expect(typesOf(backup)).toMatchObject(typesOf(model))
        expect(typesOf(objectAt(backup, 'extend_info'))).toEqual(typesOf(objectAt(model, 'extend_info')))
        expect(backup.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/)
        expect(Object.keys(body)).toEqual(['backups', ...Object.keys(envelope)])
      }
    })

    it('lists vaults with exactly the recorded keys', async () => {
      const list = recorded('cbr/recorded/cbr_vault_list.0.json')
      const { vaults: _, ...envelope } = list
      const { body } = await ask(emulator, `${cbr}/vaults`)
      expect(keysOf(objectAt(body, 'vaults.0'))).toEqual(keysOf(objectAt(list, 'vaults.1')))
      expect(typesOf(objectAt(body, 'vaults.0.billing'))).toEqual(typesOf(objectAt(list, 'vaults.1.billing')))
      expect(Object.keys(body)).toEqual(['vaults', ...Object.keys(envelope)])
    })

    it('lists replication policies with exactly the recorded keys', async () => {
      const real = recorded('cbr/recorded/unassociated_with_replication_policy.2.json')
      const { body } = await ask(emulator, `${cbr}/policies`, { query: { operation_type: 'replication' } })
      expect(keysOf(body)).toEqual(keysOf(real))
      expect(textAt(body, 'policies.0.trigger.properties.start_time')).toMatch(
        /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/,
      )
    })

    it('lists replication records with every documented key', async () => {
      const { body } = await ask(emulator, `${cbr}/backups`, { query: { show_replication: 'true' } })
      const [record = {}] = rowsAt(body, 'backups').flatMap((backup) => rowsAt(backup, 'replication_records'))
      expect(Object.keys(record).sort()).toEqual(
        [
          'created_at',
          'destination_backup_id',
          'destination_checkpoint_id',
          'destination_project_id',
          'destination_region',
          'destination_vault_id',
          'extra_info',
          'id',
          'source_backup_id',
          'source_checkpoint_id',
          'source_project_id',
          'source_region',
          'status',
          'vault_id',
        ].sort(),
      )
    })

    it('makes checkpoints with exactly the recorded keys and types', async () => {
      const real = objectAt(recorded('cbr/recorded/evs_volume_backup_create.2.json'), 'checkpoint')
      const vaults = await ask(emulator, `${cbr}/vaults`, { query: { object_type: 'disk' } })
      const vault = objectAt(vaults.body, 'vaults.0')
      const resources = [textAt(vault, 'resources.0.id')]
      const body = { checkpoint: { vault_id: vault.id, parameters: { resources } } }
      const answer = await ask(emulator, `${cbr}/checkpoints`, { method: 'POST', body })
      const made = objectAt(answer.body, 'checkpoint')
      expect(keysOf(made)).toEqual(keysOf(real))
      expect(typesOf(objectAt(made, 'vault.resources.0'))).toEqual(
        typesOf(objectAt(real, 'vault.resources.0')),
      )
    })

    it('deletes backups with the recorded body', async () => {
      const { body: list } = await ask(emulator, `${cbr}/backups`, {
        query: { limit: '1', status: 'available' },
      })
      const { status, text } = await ask(emulator, `${cbr}/backups/${textAt(list, 'backups.0.id')}`, {
        method: 'DELETE',
      })
      expect({ status, text }).toEqual({
        status: 200,
        text: readFileSync(`${REALDATA}/cbr/recorded/cbr_backup_delete.1.json`, 'utf8').trim(),
      })
    })

    it('writes operation logs with every documented key', async () => {
      const real = objectAt(recorded('cbr/docs-otc/querying_the_task_list.1.json'), 'operation_logs.0')
      const { body } = await ask(emulator, `${cbr}/operation-logs`, { query: { limit: '1' } })
      expect(keysOf(objectAt(body, 'operation_logs.0'))).toEqual(expect.arrayContaining(keysOf(real)))
    })

    it('lists DCS instances and records with every documented key', async () => {
      const files = [
        'dcs/docs-huawei-github/list-instances-1.response.json',
        'dcs/docs-otc/querying_all_dcs_instances.1.json',
      ]
      const { body } = await ask(emulator, `${dcs}/instances`)
      const instance = objectAt(body, 'instances.0')
      for (const file of files)
        expect(Object.keys(instance)).toEqual(
          expect.arrayContaining(Object.keys(objectAt(recorded(file), 'instances.0'))),
        )
      const one = await ask(emulator, `${dcs}/instances/${instance.instance_id}`)
      expect(Object.keys(one.body)).toEqual(
        expect.arrayContaining(Object.keys(recorded('dcs/docs-huawei-github/show-instance.response.json'))),
      )
      const real = recorded('dcs/docs-huawei/list-backup-records-2024-11-06.response.json')
      const withRecords = await ask(emulator, `${dcs}/instances/${one.body.instance_id}/backups`)
      expect(Object.keys(withRecords.body)).toEqual(Object.keys(real))
      expect(Object.keys(objectAt(withRecords.body, 'backup_record_response.0'))).toEqual(
        Object.keys(objectAt(real, 'backup_record_response.0')),
      )
    })

    it('lists projects with every documented key, and refuses as IAM does', async () => {
      const real = recorded('iam/docs-huawei-github/list-projects.response.json')
      const { body } = await ask(emulator, '/v3/projects')
      expect(keysOf(body).sort()).toEqual(keysOf(real).sort())
      const wrong = recorded('errors/iam-401-wrong-password.json')
      const identity = {
        methods: ['password'],
        password: { user: { name: 'x', password: 'y', domain: { name: 'z' } } },
      }
      const refused = await ask(emulator, '/v3/auth/tokens', {
        method: 'POST',
        key: false,
        body: { auth: { identity } },
      })
      expect({ status: refused.status, body: refused.body }).toEqual({
        status: wrong.status,
        body: wrong.body,
      })
    })

    it('refuses at the gateway with the recorded words and headers', async () => {
      const real = recorded('gateway/recorded/kms_query.1.json')
      const meta = recorded('gateway/recorded/kms_query.1.meta.json')
      const { body, headers } = await ask(emulator, `${cbr}/backups`, { key: false })
      expect({ ...body, request_id: '' }).toEqual({ ...real, request_id: '' })
      const names = Object.keys(objectAt(meta, 'response.headers')).filter(
        (name) => name !== 'Transfer-Encoding',
      )
      for (const name of names) expect(headers.has(name), name).toBe(true)
    })
  },
)
