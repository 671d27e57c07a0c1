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

/** Values of a parameter at its edges, and beyond. */
export interface Samples {
  readonly allowed: readonly string[]
  readonly refused: readonly string[]
}

/** Every parameter of `GET /backups` of both editions. */
export const CBR_SAMPLES: Readonly<Record<string, Samples>> = {
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

/** Every parameter of the list of DCS. */
export const DCS_SAMPLES: Readonly<Record<string, Samples>> = {
  begin_time: {
    allowed: ['20170718235959', '2017-07-18T23:59:59Z', '2017-07-19T07:59:59.999+08:00', '2017-07-18'],
    refused: ['', '20170732000000', '2017071823595', '201707182359599', 'yesterday', '0'],
  },
  end_time: { allowed: ['20170718235959', '2017-07-18 23:59:59'], refused: ['', '20171301000000', 'now'] },
  limit: { allowed: ['1', '1000'], refused: ['0', '1001', '-1', ...BIG] },
  offset: { allowed: ['0', '123456789'], refused: ['-1', ...BIG] },
}
