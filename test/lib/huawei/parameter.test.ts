import { describe, expect, it } from 'vitest'
import { CBR_LIST_QUERY } from '../../../lib/huawei/cbr-list-query.ts'
import { DCS_LIST_QUERY } from '../../../lib/huawei/dcs-list-query.ts'

const UUID = '62617971-839d-4d23-8dfd-4ca65c039bdf'
const TEXT = {
  allowed: ['a', UUID, '备份 1', '=1+1', 'x'.repeat(255)],
  refused: ['', 'x'.repeat(256), '\ud800'],
}
const FLAG = { allowed: ['true', 'false'], refused: ['', 'TRUE', '1', 'yes', 'true '] }
const TIME = {
  allowed: ['2018-02-01T12:00:00Z', '2024-02-29T23:59:59Z'],
  refused: [
    '',
    '2018-02-01',
    '2018-02-01T12:00:00',
    '2018-02-01T12:00:00.0Z',
    '2018-02-01T12:00:00+08:00',
    '2023-02-29T00:00:00Z',
    '2018-02-01T24:00:00Z',
    '2018-02-01 12:00:00Z',
  ],
}
const BIG = ['1e3', '0x10', 'NaN', '1.5', '', '10abc', '９', '+1', '-0', ' 1', '1'.repeat(16)]

/** Every parameter of both editions, with values at and beyond its edges. */
const CBR: Readonly<
  Record<string, { readonly allowed: readonly string[]; readonly refused: readonly string[] }>
> = {
  all_tenants: FLAG,
  checkpoint_id: TEXT,
  dec: FLAG,
  end_time: TIME,
  enterprise_project_id: {
    allowed: ['0', 'all_granted_eps', UUID],
    refused: ['', '1', 'all', `{${UUID}}`, `${UUID} `],
  },
  image_type: { allowed: ['backup', 'replication'], refused: ['', 'Backup', 'copy'] },
  incremental: FLAG,
  limit: { allowed: ['1', '1000'], refused: ['0', '1001', '-1', ...BIG] },
  marker: TEXT,
  member_status: {
    allowed: ['pending', 'accept', 'reject', 'accepted', 'rejected'],
    refused: ['', 'ACCEPT', 'declined'],
  },
  name: TEXT,
  offset: { allowed: ['0', '1', '123456789'], refused: ['-1', ...BIG] },
  own_type: { allowed: ['private', 'shared', 'all_granted'], refused: ['', 'public'] },
  parent_id: TEXT,
  resource_az: TEXT,
  resource_id: TEXT,
  resource_name: TEXT,
  resource_type: {
    allowed: [
      'OS::Nova::Server',
      'OS::Cinder::Volume',
      'OS::Ironic::BareMetalServer',
      'OS::Native::Server',
      'OS::Sfs::Turbo',
      'OS::Workspace::DesktopV2',
    ],
    refused: ['', 'OS::Nova', 'os::nova::server'],
  },
  show_replication: FLAG,
  sort: {
    allowed: [
      'created_at',
      'created_at:asc',
      'updated_at:desc,name,status:asc,protected_at:asc,id',
      `${'name:asc,'.repeat(27)}created_at:d`.slice(0, 242).replace(/,[^,]*$/, ''),
    ],
    refused: [
      '',
      'size',
      'created_at:',
      'created_at:up',
      'id,',
      ',id',
      'id, name',
      'id:asc:asc',
      `${'id,'.repeat(85)}id`,
    ],
  },
  start_time: TIME,
  status: {
    allowed: [
      'available',
      'protecting',
      'deleting',
      'restoring',
      'error',
      'waiting_protect',
      'waiting_delete',
      'waiting_restore',
    ],
    refused: ['', 'AVAILABLE;DROP', 'Available', 'error,available', 'deleted'],
  },
  used_percent: { allowed: ['1', '100'], refused: ['0', '101', ...BIG] },
  vault_id: TEXT,
}

describe('the parameters of GET /backups', () => {
  it('are all those of both editions of the document', () => {
    expect(CBR_LIST_QUERY.parameters.map(({ name }) => name)).toEqual(Object.keys(CBR))
  })

  it.each(CBR_LIST_QUERY.parameters.map((parameter) => [parameter.name, parameter] as const))(
    '%s takes what is documented, and refuses all else in the words for it',
    (name, { kind }) => {
      for (const value of CBR[name]?.allowed ?? [])
        expect(kind.schema.safeParse(value), value).toEqual({ success: true, data: value })
      for (const value of CBR[name]?.refused ?? []) {
        const result = kind.schema.safeParse(value)
        expect(result.success, value).toBe(false)
        expect(result.error?.issues.map(({ message }) => message)).toEqual([kind.allowed])
      }
    },
  )

  it('may be repeated for the status alone', () => {
    expect(CBR_LIST_QUERY.parameters.filter(({ repeats }) => repeats).map(({ name }) => name)).toEqual([
      'status',
    ])
  })
})

describe('the parameters of GET /instances/{instance_id}/backups', () => {
  it('are begin_time, end_time, limit and offset', () => {
    expect(DCS_LIST_QUERY.parameters.map(({ name }) => name)).toEqual([
      'begin_time',
      'end_time',
      'limit',
      'offset',
    ])
  })

  it.each([
    ['20170718235959', '20170718235959'],
    ['2017-07-18T23:59:59Z', '20170718235959'],
    ['2017-07-19T07:59:59.999+08:00', '20170718235959'],
    ['2017-07-18', '20170718000000'],
    ['', undefined],
    ['20170732000000', undefined],
    ['2017071823595', undefined],
    ['yesterday', undefined],
  ])('read the time %j as %j', (given, expected) => {
    const [beginTime] = DCS_LIST_QUERY.parameters
    expect(beginTime?.kind.schema.safeParse(given).data).toBe(expected)
  })
})

it.each([...CBR_LIST_QUERY.parameters, ...DCS_LIST_QUERY.parameters])(
  'the example of $name is one, and its description is a phrase',
  ({ kind, example, description }) => {
    expect(kind.schema.safeParse(example).success).toBe(true)
    expect(description).toMatch(/^[A-Z].*[^.]$/)
    expect(kind.jsonSchema).toHaveProperty('type')
  },
)
