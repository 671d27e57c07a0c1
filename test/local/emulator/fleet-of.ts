import type { Fleet, FleetProject, WireBackup } from '../../../local/emulator/fleet.ts'

export const PROJECT_ID = '0605767b5780d5762fc5c0118072a564'
export const VAULT_ID = '3b5816b5-f29c-4172-9d9a-76c719a659ce'
export const SERVER_ID = '94eba8b2-acc9-4d82-badc-127144cc5526'
export const VOLUME_ID = '54f7ccbc-072f-4ec5-a7b7-b24dabdb4539'
export const INSTANCE_ID = '5560df16-cebf-4473-95c4-d1b573c16e79'

/** The id number so many. */
export function uuidOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}

/** A backup with what a test is about, and no more. */
export function backupOf(number: number, created: string | undefined, more: WireBackup = {}): WireBackup {
  return {
    id: uuidOf(number),
    ...(created !== undefined && { created_at: created }),
    status: 'available',
    vault_id: VAULT_ID,
    ...more,
  }
}

/** A fleet of one project with a vault of two resources and the given backups. */
export function fleetOf(backups: WireBackup[], more: Partial<FleetProject> = {}): Fleet {
  const resources = [
    { id: SERVER_ID, type: 'OS::Nova::Server', name: 'ecs-1', size: 40, protect_status: 'available' },
    { id: VOLUME_ID, type: 'OS::Cinder::Volume', name: 'evs-1', size: 10, protect_status: 'available' },
  ]
  const billing = {
    protect_type: 'backup',
    object_type: 'server',
    status: 'available',
    size: 100,
    used: 51_200,
  }
  const vault = { id: VAULT_ID, name: 'vault-be94', enterprise_project_id: '0', resources, billing }
  return {
    projects: [
      {
        id: PROJECT_ID,
        name: 'cn-north-4',
        region: 'cn-north-4',
        vaults: [vault],
        policies: [],
        backups,
        instances: [],
        records: {},
        ...more,
      },
    ],
  }
}
