import { STATUSES } from '../backup.ts'
import { choice, flag, integer, type ParameterTable, pattern, second, sorting, text } from './parameter.ts'

/** What CBR can back up, as the lists and the checkpoints name it. */
export const RESOURCE_TYPES = [
  'OS::Nova::Server',
  'OS::Cinder::Volume',
  'OS::Ironic::BareMetalServer',
  'OS::Native::Server',
  'OS::Sfs::Turbo',
  'OS::Workspace::DesktopV2',
] as const

/** The older document spells `accept` and `reject`, the edition of Open Telekom Cloud `accepted` and `rejected`. */
export const MEMBER_STATUSES = ['pending', 'accept', 'accepted', 'reject', 'rejected'] as const

const SORT_KEYS = ['created_at', 'updated_at', 'name', 'status', 'protected_at', 'id']

const ENTERPRISE_PROJECT = /^(?:0|all_granted_eps|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$/

const UUID = '62617971-839d-4d23-8dfd-4ca65c039bdf'

/** Every query parameter of `GET /v3/{project_id}/backups`, of both editions of its document. */
export const CBR_LIST_QUERY: ParameterTable = {
  range: ['start_time', 'end_time'],
  parameters: [
    {
      name: 'all_tenants',
      kind: flag,
      description: 'Backups of all tenants; for administrators, in the older document only',
      example: 'true',
    },
    { name: 'checkpoint_id', kind: text(), description: 'Backups of this checkpoint', example: UUID },
    { name: 'dec', kind: flag, description: 'Backups in a dedicated cloud', example: 'false' },
    {
      name: 'end_time',
      kind: second,
      description: 'Backups created until then',
      example: '2018-02-01T12:00:00Z',
    },
    {
      name: 'enterprise_project_id',
      kind: pattern(ENTERPRISE_PROJECT, 'a uuid, 0 (the default project) or all_granted_eps'),
      description: 'Backups of this enterprise project, or of all that may be seen',
      example: 'all_granted_eps',
    },
    {
      name: 'image_type',
      kind: choice(['backup', 'replication']),
      description: 'Backups, or copies from another region',
      example: 'backup',
    },
    {
      name: 'incremental',
      kind: flag,
      description: 'Incremental or full backups; both where it is left out, whatever the documents say',
      example: 'true',
    },
    { name: 'limit', kind: integer(1, 1000), description: 'Rows of a page; 1000 by default', example: '100' },
    { name: 'marker', kind: text(), description: 'The id of the last row of the page before', example: UUID },
    {
      name: 'member_status',
      kind: choice(MEMBER_STATUSES),
      description: 'State of sharing; the documents disagree on the spelling',
      example: 'accepted',
    },
    { name: 'name', kind: text(), description: 'Backups of this name', example: 'autobk_cf91' },
    { name: 'offset', kind: integer(0), description: 'Rows to skip', example: '0' },
    {
      name: 'own_type',
      kind: choice(['private', 'shared', 'all_granted']),
      description: 'Own backups, shared ones, or both; own ones by default',
      example: 'all_granted',
    },
    { name: 'parent_id', kind: text(), description: 'Children of this backup', example: UUID },
    { name: 'resource_az', kind: text(), description: 'Availability zone', example: 'cn-north-4a' },
    { name: 'resource_id', kind: text(), description: 'Backups of this resource', example: UUID },
    {
      name: 'resource_name',
      kind: text(),
      description: 'Backups of resources so named',
      example: 'erp-db-01',
    },
    {
      name: 'resource_type',
      kind: choice(RESOURCE_TYPES),
      description: 'What was backed up',
      example: 'OS::Nova::Server',
    },
    {
      name: 'show_replication',
      kind: flag,
      description: 'Whether replication records are shown; false by default',
      example: 'true',
    },
    {
      name: 'sort',
      kind: sorting(SORT_KEYS),
      description: 'Order of the rows; descending where no direction is given',
      example: 'created_at:asc,id:asc',
    },
    {
      name: 'start_time',
      kind: second,
      description: 'Backups created since then',
      example: '2018-02-01T12:00:00Z',
    },
    {
      name: 'status',
      kind: choice(STATUSES.cbr),
      repeats: true,
      description: 'Status; may be given several times',
      example: 'error',
    },
    {
      name: 'used_percent',
      kind: integer(1, 100),
      description: 'Backups in vaults that are used to at least that percentage',
      example: '80',
    },
    { name: 'vault_id', kind: text(), description: 'Backups in this vault', example: UUID },
  ],
}
