import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createCheckpointRoutes } from '../../../functions/create-checkpoint.ts'
import { listBackupsRoutes } from '../../../functions/list-backups.ts'
import { CBR_LIST_QUERY } from '../../../lib/huawei/cbr-list-query.ts'
import { checkpointBody } from '../../../lib/huawei/checkpoint-body.ts'
import { DCS_LIST_QUERY } from '../../../lib/huawei/dcs-list-query.ts'
import { alertRoutes } from '../../../lib/workflow/alert-routes.ts'
import { auditRoutes } from '../../../lib/workflow/audit-routes.ts'
import { describeApi } from '../../../local/openapi/document.ts'
import { OPERATIONS } from '../../../local/openapi/operations.ts'
import { withTypedNulls } from '../../../local/openapi/typed-nulls.ts'
import { describedSchema } from '../../support/described.ts'
import { INSTANCE_ID, SERVER_ID, uuidOf, VAULT_ID } from '../emulator/fleet-of.ts'

const ROOT = join(import.meta.dirname, '../../..')
const text = readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8')
const api = describeApi()

/** Follows `#/components/schemas/Name`; undefined where it leads nowhere. */
function follow(ref: string): unknown {
  const steps = ref.replace(/^#\//, '').split('/')
  return steps.reduce<unknown>((at, step) => (at instanceof Object ? Reflect.get(at, step) : undefined), api)
}

function refsIn(value: unknown): readonly string[] {
  if (!(value instanceof Object)) return []
  return Object.entries(value).flatMap(([key, part]) =>
    key === '$ref' && typeof part === 'string' ? [part] : refsIn(part),
  )
}

describe('docs/openapi.json', () => {
  it('is what the schemas and tables of the routes say today (npm run openapi writes it)', () => {
    expect(JSON.parse(text)).toEqual(api)
  })

  it('has every route that the functions serve and that is deployed, and no other', () => {
    const served = [listBackupsRoutes, createCheckpointRoutes, auditRoutes, alertRoutes].flatMap(Object.keys)
    expect(Object.keys(OPERATIONS).sort()).toEqual(served.sort())
    const deployed = [
      ...readFileSync(join(ROOT, 'serverless.yml'), 'utf8').matchAll(/method: (\w+)\s+path: (\S+)/g),
    ].map(([, method, path]) => `${method} ${path}`)
    expect(deployed.sort()).toEqual(served.sort())
  })

  it('refers to nothing that is not in it, and holds nothing that nobody refers to', () => {
    const refs = new Set(refsIn(api))
    expect([...refs].filter((ref) => follow(ref) === undefined)).toEqual([])
    for (const section of ['schemas', 'headers'])
      for (const name of Object.keys(follow(`#/components/${section}`) ?? {}))
        expect(refs).toContain(`#/components/${section}/${name}`)
  })

  it('names the parameters of each path, every parameter once, and gives each operation an id of its own', () => {
    const ids = Object.values(OPERATIONS).map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [route, { path = [], query = [], headers = [] }] of Object.entries(OPERATIONS)) {
      const inBraces = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      expect(path.map(({ name }) => name)).toEqual(inBraces)
      const names = [...path, ...query, ...headers].map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
    }
    const namesOf = (id: string) => OPERATIONS[id]?.query?.map(({ name }) => name)
    expect(namesOf('GET /backups')).toEqual(
      expect.arrayContaining(CBR_LIST_QUERY.parameters.map(({ name }) => name)),
    )
    expect(namesOf('GET /instances/{instance_id}/backups')).toEqual(
      expect.arrayContaining(DCS_LIST_QUERY.parameters.map(({ name }) => name)),
    )
  })

  it('says nullable only where it means something', () => {
    expect(withTypedNulls({ nullable: true, anyOf: [{ type: 'string' }, { type: 'number' }] })).toEqual({
      anyOf: [
        { type: 'string', nullable: true },
        { type: 'number', nullable: true },
      ],
    })
    expect(withTypedNulls({ nullable: true, allOf: [{ $ref: '#/a' }] })).toEqual({
      anyOf: [{ $ref: '#/a' }, { type: 'object', nullable: true, enum: [null] }],
    })
    expect(withTypedNulls({ nullable: true, description: 'any' })).toEqual({ description: 'any' })
  })

  it.each([
    [{ checkpoint: { vault_id: VAULT_ID } }],
    [{ checkpoint: { vault_id: VAULT_ID, parameters: { name: '备份-1', incremental: false } } }],
    [{ checkpoint: { vault_id: VAULT_ID, parameters: { resources: [SERVER_ID] } } }],
    [{ checkpoint: { vault_id: 'x' } }],
    [{ checkpoint: { vault_id: VAULT_ID, parameters: { name: 'a.b' } } }],
    [{ checkpoint: { vault_id: VAULT_ID, parameters: { name: '' } } }],
    [{ checkpoint: { vault_id: VAULT_ID, parameters: { name: 'x'.repeat(65) } } }],
    [{ checkpoint: { vault_id: VAULT_ID, parameters: { description: 'x'.repeat(256) } } }],
    [{ checkpoint: { vault_id: VAULT_ID, parameters: { incremental: 'true' } } }],
    [{ checkpoint: { vault_id: VAULT_ID, parameters: { resource_details: [{ id: SERVER_ID }] } } }],
    [
      {
        checkpoint: {
          vault_id: VAULT_ID,
          parameters: {
            resource_details: Array.from({ length: 257 }, (_, index) => ({
              id: uuidOf(index),
              type: 'OS::Nova::Server',
            })),
          },
        },
      },
    ],
    [{ checkpoint: { vault_id: VAULT_ID }, dry_run: 1 }],
    [{ checkpoint: {} }],
    [{}],
    [INSTANCE_ID],
  ])('takes the same bodies for a checkpoint as the route: %#', (body) => {
    expect(describedSchema('CheckpointBody').safeParse(body).success).toBe(
      checkpointBody.safeParse(body).success,
    )
  })
})
