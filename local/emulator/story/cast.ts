import type { Dice } from '../dice.ts'
import type { ResourceType } from '../write-backup.ts'
import type { Subject } from './history.ts'
import type { VaultDraft } from './vault-draft.ts'

const ROLES = {
  erp: ['erp-app', 'erp-db', 'erp-batch', 'erp-report'],
  web: ['shop-web', 'shop-api', 'cart-api', 'search', 'nginx-edge', 'payment-gw'],
  office: ['jump-host', 'gitlab', 'wiki', 'ad-dc', 'print', 'hr-portal', 'build-agent'],
  data: ['mysql-data', 'mongo-data', 'es-data', 'kafka-log'],
  orders: ['orders-redo', 'orders-data'],
  files: ['nas-design', 'nas-finance', 'nas-media'],
  hk: ['hk-shop-web', 'hk-shop-api', 'hk-crm'],
  redis: ['redis-session', 'redis-cart', 'redis-cache', 'redis-rank'],
} as const satisfies Record<string, readonly [string, ...string[]]>

/** The corners of the company that its resources are named for. */
export type Corner = keyof typeof ROLES

const SIZES_GB = {
  'OS::Nova::Server': [40, 80, 140, 200],
  'OS::Cinder::Volume': [10, 100, 200, 500],
  'OS::Sfs::Turbo': [500, 1228],
} as const satisfies Record<ResourceType, readonly [number, ...number[]]>

/** A name such as a company gives: role and number. */
export function nameResource(corner: Corner, ordinal: number): string {
  const roles = ROLES[corner]
  const role = roles[ordinal % roles.length] ?? roles[0]
  return `${role}-${String(Math.floor(ordinal / roles.length) + 1).padStart(2, '0')}`
}

/** A resource of a vault's type under this name. */
export function castSubject(name: string, vault: VaultDraft, dice: Dice): Subject {
  return {
    id: dice.uuid(),
    name,
    type: vault.type,
    sizeGb: dice.pick(SIZES_GB[vault.type]),
    az: `${vault.project.region}${dice.pick(['a', 'b', 'c'])}`,
  }
}
