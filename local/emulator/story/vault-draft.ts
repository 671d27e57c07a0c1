import type { Dice } from '../dice.ts'
import type { FleetProject, Wire, WirePolicy, WireVault } from '../fleet.ts'
import { formatStamp } from '../stamp.ts'
import type { ResourceType } from '../write-backup.ts'
import type { Destination } from '../write-replication-record.ts'
import { writePolicy, writeVault } from '../write-vault.ts'

export const HOUR_US = 3_600_000_000
export const DAY_US = 24 * HOUR_US

/** When a vault is backed up, and for how long. */
export interface Schedule {
  readonly every: 'day' | 'hour'
  /** Minutes after midnight UTC (18:00 is two o'clock at night in China), or after the hour. */
  readonly atMinute: number
  /** Undefined: kept by number, so that `expired_at` is null. */
  readonly retentionDays: number | undefined
}

/** One execution of a vault's policy: what all its backups share. */
export interface Run {
  readonly startUs: number
  readonly checkpointId: string
  readonly protectedAt: string
  readonly expiredAt: string | null
  readonly copiedUs: number
  readonly copiedAt: string
  readonly copyCheckpointId: string
  readonly copyExpiredAt: string
}

/** A vault that is still being filled. */
export interface VaultDraft {
  readonly id: string
  readonly name: string
  readonly type: ResourceType
  readonly project: FleetProject
  readonly schedule: Schedule
  /** Where its backups are copied to; undefined for a vault that holds copies. */
  readonly destination: Destination | undefined
  readonly resources: Wire[]
  usedMb: number
  /** The execution so many periods before the latest one. */
  readonly run: (periodsAgo: number) => Run
}

/** Copies are kept this long at their destination, less than their originals. */
export const COPY_DAYS = 5

/** Opens a vault; executions are made as they are asked for, the same ones every time. */
export function draftVault(
  facts: Pick<VaultDraft, 'name' | 'type' | 'project' | 'schedule' | 'destination'>,
  dice: Dice,
  nowUs: number,
): VaultDraft {
  const runs: Run[] = []
  const latestUs = latestRun(facts.schedule, nowUs)
  const periodUs = facts.schedule.every === 'day' ? DAY_US : HOUR_US
  const { retentionDays } = facts.schedule
  const makeRun = (periodsAgo: number): Run => {
    const startUs = latestUs - periodsAgo * periodUs + dice.below(20_000_000)
    const copiedUs = startUs + HOUR_US
    return {
      startUs,
      checkpointId: dice.uuid(),
      protectedAt: formatStamp(startUs + 150_000_000),
      // An hour on top: the next run is over before the oldest backup is due, so a healthy vault never shows an expired one.
      expiredAt: retentionDays === undefined ? null : formatStamp(startUs + retentionDays * DAY_US + HOUR_US),
      copiedUs,
      copiedAt: formatStamp(copiedUs),
      copyCheckpointId: dice.uuid(),
      copyExpiredAt: formatStamp(copiedUs + COPY_DAYS * DAY_US),
    }
  }
  return {
    ...facts,
    id: dice.uuid(),
    resources: [],
    usedMb: 0,
    run: (periodsAgo) => {
      for (let next = runs.length; next <= periodsAgo; next++) runs.push(makeRun(next))
      return runs[periodsAgo] ?? makeRun(periodsAgo)
    },
  }
}

/** A run counts as over 45 minutes after its start: until then its backups would still be in the making. */
const RUN_US = 45 * 60_000_000

function latestRun({ every, atMinute }: Schedule, nowUs: number): number {
  const periodUs = every === 'day' ? DAY_US : HOUR_US
  const offsetUs = atMinute * 60_000_000
  return Math.floor((nowUs - RUN_US - offsetUs) / periodUs) * periodUs + offsetUs
}

/** Puts a filled vault and its policies into its project. */
export function closeVault(draft: VaultDraft, dice: Dice, nowUs: number): void {
  const { project, destination } = draft
  const openedUs = nowUs - 200 * DAY_US
  project.vaults.push(describeVault(draft, openedUs + dice.below(DAY_US)))
  if (destination !== undefined)
    project.policies.push(...describePolicies(draft, destination, dice, openedUs))
}

function describeVault(draft: VaultDraft, createdUs: number): WireVault {
  const { id, name, project, type, resources, usedMb } = draft
  const holdsCopies = draft.destination === undefined
  return writeVault({
    id,
    name,
    projectId: project.id,
    enterpriseProjectId: '0',
    userId: '658345a2dbeb46e69220a04a455a4fb1',
    type,
    protectType: holdsCopies ? 'replication' : 'backup',
    createdAt: formatStamp(createdUs),
    resources,
    // Whoever pays for copies buys no more room than they take.
    sizeGb: Math.max(100, Math.ceil((usedMb / 1024) * (holdsCopies ? 1.02 : 1.6))),
    usedMb,
  })
}

/** The policy that makes the backups of a vault, and the one that copies them an hour later. */
function describePolicies(
  { id: vaultId, name, schedule }: VaultDraft,
  destination: Destination,
  dice: Dice,
  startUs: number,
): readonly WirePolicy[] {
  const startTime = formatStamp(startUs).slice(0, 19).replace('T', ' ')
  const facts = () => ({ startTime, vaultIds: [vaultId], id: dice.uuid(), triggerId: dice.uuid() })
  const { every, retentionDays } = schedule
  return [
    writePolicy({
      ...facts(),
      name: `${name}-${every === 'day' ? 'nightly' : 'hourly'}`,
      patterns: patternsOf(schedule),
      retentionDays: retentionDays ?? -1,
      maxBackups: retentionDays === undefined ? 240 : -1,
    }),
    writePolicy({
      ...facts(),
      name: `${name}-copy`,
      patterns: patternsOf({ ...schedule, atMinute: (schedule.atMinute + 60) % 1440 }),
      retentionDays: COPY_DAYS,
      maxBackups: -1,
      destination,
    }),
  ]
}

function patternsOf({ every, atMinute }: Schedule): readonly string[] {
  const minute = String(atMinute % 60).padStart(2, '0')
  const hours = every === 'day' ? [Math.floor(atMinute / 60)] : Array.from({ length: 24 }, (_, hour) => hour)
  return hours.map(
    (hour) =>
      `FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=${String(hour).padStart(2, '0')};BYMINUTE=${minute}`,
  )
}
