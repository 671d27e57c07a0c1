import type { Dice } from '../dice.ts'
import type { FleetProject, WireInstance, WireRecord } from '../fleet.ts'
import { formatZulu } from '../stamp.ts'
import {
  type InstanceFacts,
  nameRecord,
  type RecordFacts,
  writeInstance,
  writeRecord,
} from '../write-instance.ts'
import { nameResource } from './cast.ts'
import type { Company } from './company.ts'
import { DAY_US, HOUR_US } from './vault-draft.ts'

/** An instance of DCS and its backup records. */
export interface RedisTale {
  readonly project: FleetProject
  readonly instance: WireInstance
  readonly records: readonly WireRecord[]
}

/** How one instance differs from a healthy one. */
interface Role {
  readonly name?: string
  readonly cacheMode?: InstanceFacts['cacheMode']
  readonly status?: string
  /** How many days back there are records. */
  readonly days?: number
  /** What is different of the record of so many days ago. */
  readonly records?: Readonly<Record<number, Partial<RecordFacts>>>
  /** So many of the latest days have no record. */
  readonly missingDays?: number
}

const EXPIRED = { status: 'expired', restorable: false } as const
const failed = (errorCode: string) =>
  ({ status: 'failed', errorCode, restorable: false, sizeBytes: 0 }) as const

const ROLES: readonly Role[] = [
  {
    name: 'redis-risk-control',
    days: 4,
    records: {
      0: failed('dcs.08.0008'),
      1: failed('dcs.08.0008'),
      2: { restorable: false },
      3: EXPIRED,
    },
  },
  { name: 'redis-coupon', days: 7, missingDays: 4 },
  { name: 'redis-stock', records: { 3: failed('dcs.08.0008') } },
  { name: 'redis-queue', records: { 2: failed('dcs.08.0002'), 5: { restorable: false } } },
  { name: 'redis-feed', days: 10, records: { 7: EXPIRED, 8: EXPIRED, 9: EXPIRED } },
  { name: '缓存-会员', days: 8, records: { 6: { status: 'deleted', restorable: false }, 7: EXPIRED } },
  { name: 'redis-geo', records: { 1: { status: 'backuping', restorable: false } } },
  { name: 'redis-dev-01', cacheMode: 'single', days: 0 },
  { name: 'redis-dev-02', cacheMode: 'single', days: 0 },
  { name: 'redis-dev-03', cacheMode: 'single', days: 0 },
  { name: 'redis-aborted', status: 'CREATEFAILED', days: 0 },
  { name: 'redis-session-cluster', cacheMode: 'cluster' },
  { name: 'redis-rank-proxy', cacheMode: 'proxy' },
  ...Array.from({ length: 14 }, () => ({})),
]

/** The Redis instances of a site: every third healthy one stands in the second region. */
export function tellRedis(company: Company, suffix: string, dice: Dice, nowUs: number): readonly RedisTale[] {
  return ROLES.map((role, ordinal) => {
    const isSecond = role.name === undefined && ordinal % 3 === 0
    const project = isSecond ? company.second : company.main
    const name = `${role.name ?? nameResource('redis', ordinal)}${suffix}`
    return tellInstance({ ...role, name }, project, ordinal, dice, nowUs)
  })
}

const SAVE_DAYS = 7

function tellInstance(role: Role, project: FleetProject, ordinal: number, dice: Dice, nowUs: number) {
  const id = dice.uuid()
  const { cacheMode = 'ha', status = 'RUNNING', days = SAVE_DAYS, missingDays = 0 } = role
  const instance = writeInstance({
    id,
    name: role.name ?? '',
    cacheMode,
    status,
    capacityGb: dice.pick([4, 8, 16]),
    createdAt: formatZulu(nowUs - 120 * DAY_US + dice.below(DAY_US)),
    region: project.region,
    userId: '658345a2dbeb46e69220a04a455a4fb1',
    networkId: dice.uuid(),
    ip: `192.168.7.${10 + (ordinal % 240)}`,
    policy:
      cacheMode === 'single' ? undefined : { id: dice.uuid(), saveDays: SAVE_DAYS, beginAt: '02:00-03:00' },
  })
  const records: WireRecord[] = []
  for (let ago = missingDays; ago < days; ago++)
    records.push(tellRecord(id, ago, role.records?.[ago] ?? {}, dice, nowUs))
  return { project, instance, records }
}

function tellRecord(
  instanceId: string,
  ago: number,
  differs: Partial<RecordFacts>,
  dice: Dice,
  nowUs: number,
): WireRecord {
  // Two o'clock at night in China, the last time that is over.
  const latestUs = Math.floor((nowUs - HOUR_US - 18 * HOUR_US) / DAY_US) * DAY_US + 18 * HOUR_US
  const createdUs = latestUs - ago * DAY_US + dice.below(600_000) * 1000
  return writeRecord({
    id: dice.uuid(),
    instanceId,
    status: 'succeed',
    createdAt: formatZulu(createdUs),
    updatedAt: formatZulu(createdUs + 74_380_000),
    name: nameRecord(createdUs),
    sizeBytes: 50_000_000 + dice.below(900_000_000),
    automatic: true,
    restorable: true,
    period: '02:00-03:00',
    errorCode: null,
    ...differs,
  })
}
