import type { Dice } from '../dice.ts'
import type { FleetProject } from '../fleet.ts'
import type { ResourceType } from '../write-backup.ts'
import type { Destination } from '../write-replication-record.ts'
import type { Corner } from './cast.ts'
import type { Extent } from './history.ts'
import { draftVault, type Schedule, type VaultDraft } from './vault-draft.ts'

/** Where the company is: its main region first, then the one that holds the copies. */
export interface Company {
  readonly main: FleetProject
  readonly second: FleetProject
}

/** The vaults of one site of the company. */
export type VaultName = Exclude<Corner, 'redis'>

/** What is in a vault when all is well. */
export interface Plan {
  readonly name: string
  readonly type: ResourceType
  readonly place: keyof Company
  readonly schedule: Schedule
  readonly resources: number
  readonly extent: Extent
}

const NIGHT_MINUTE = 18 * 60

/** Two o'clock at night in China is 18:00 UTC of the day before; vaults start one after the other. */
function nightly(minute: number, retentionDays: number): Schedule {
  return { every: 'day', atMinute: NIGHT_MINUTE + minute, retentionDays }
}

/** The vaults of a site, sized so that one site with all its troubles has just under 2000 backups. */
export const PLANS = {
  erp: {
    name: 'vault-erp-prod',
    type: 'OS::Nova::Server',
    place: 'main',
    schedule: nightly(0, 30),
    resources: 9,
    extent: { runs: 30, copies: 2 },
  },
  web: {
    name: 'vault-web-prod',
    type: 'OS::Nova::Server',
    place: 'main',
    schedule: nightly(5, 7),
    resources: 46,
    extent: { runs: 7, copies: 2 },
  },
  office: {
    name: 'vault-office',
    type: 'OS::Nova::Server',
    place: 'main',
    schedule: nightly(10, 7),
    resources: 30,
    extent: { runs: 7, copies: 2 },
  },
  data: {
    name: 'vault-data-volumes',
    type: 'OS::Cinder::Volume',
    place: 'main',
    schedule: nightly(15, 14),
    resources: 16,
    extent: { runs: 14, copies: 2 },
  },
  orders: {
    name: 'vault-orders-hourly',
    type: 'OS::Cinder::Volume',
    place: 'main',
    schedule: { every: 'hour', atMinute: 10, retentionDays: undefined },
    resources: 4,
    extent: { runs: 24, copies: 0 },
  },
  files: {
    name: 'vault-file-shares',
    type: 'OS::Sfs::Turbo',
    place: 'main',
    schedule: nightly(20, 7),
    resources: 6,
    extent: { runs: 7, copies: 2 },
  },
  hk: {
    name: 'vault-hk-prod',
    type: 'OS::Nova::Server',
    place: 'second',
    schedule: nightly(25, 7),
    resources: 14,
    extent: { runs: 7, copies: 0 },
  },
} as const satisfies Record<VaultName, Plan>

/** One site: its vaults, and those that hold the copies of the main region's. */
export interface Site {
  readonly suffix: string
  readonly vaults: Readonly<Record<VaultName, VaultDraft>>
  readonly copyVaults: Readonly<Record<ResourceType, VaultDraft>>
}

/** Opens the vaults of a site. */
export function draftSite(company: Company, number: number, dice: Dice, nowUs: number): Site {
  const suffix = number === 1 ? '' : `-${number}`
  const copyVaults = draftCopyVaults(company, suffix, dice, nowUs)
  const elsewhere: Destination = { region: 'ap-southeast-3', projectId: dice.hex(32), vaultId: dice.uuid() }
  const open = (key: VaultName): VaultDraft => {
    const { name, type, place, schedule } = PLANS[key]
    const destination =
      place === 'second'
        ? elsewhere
        : { region: company.second.region, projectId: company.second.id, vaultId: copyVaults[type].id }
    const facts = { name: `${name}${suffix}`, type, project: company[place], schedule, destination }
    return draftVault(facts, dice, nowUs)
  }
  return {
    suffix,
    vaults: {
      erp: open('erp'),
      web: open('web'),
      office: open('office'),
      data: open('data'),
      orders: open('orders'),
      files: open('files'),
      hk: open('hk'),
    },
    copyVaults,
  }
}

function draftCopyVaults({ second }: Company, suffix: string, dice: Dice, nowUs: number): Site['copyVaults'] {
  const open = (type: ResourceType, name: string) => {
    const schedule = nightly(60, 5)
    const facts = { name: `vault-copies-${name}${suffix}`, type, project: second, schedule }
    return draftVault({ ...facts, destination: undefined }, dice, nowUs)
  }
  return {
    'OS::Nova::Server': open('OS::Nova::Server', 'servers'),
    'OS::Cinder::Volume': open('OS::Cinder::Volume', 'volumes'),
    'OS::Sfs::Turbo': open('OS::Sfs::Turbo', 'shares'),
  }
}
