import { type BackupTable, createBackupTable } from './backup-table.ts'
import type { Dice } from './dice.ts'
import { createExpiry } from './expiry.ts'
import type { Fleet, Wire, WireInstance, WirePolicy, WireRecord, WireVault } from './fleet.ts'

/** One project as it is now. Wire objects may be changed in place, but for `id`, `created_at` and `own_type` of a backup. */
export interface Project {
  readonly id: string
  readonly name: string
  readonly region: string
  readonly enabled: boolean
  readonly vaults: WireVault[]
  readonly policies: WirePolicy[]
  readonly backups: BackupTable
  readonly instances: WireInstance[]
  readonly records: Record<string, WireRecord[]>
  readonly checkpoints: Map<string, Wire>
  /** Operations that no backup tells of, such as deletions. */
  readonly logs: Wire[]
}

/** A token or a temporary key, and how far it reaches. */
export interface Grant {
  readonly expiresUs: number
  /** Undefined where the scope is the whole domain. */
  readonly projectId: string | undefined
}

/** A temporary access key. */
export interface TemporaryKey extends Grant {
  readonly secret: string
  readonly securityToken: string
}

/** How long work takes that goes on after its answer. */
export interface Timings {
  readonly checkpointMs: number
  readonly replicationMs: number
  /** How long after its expiry a backup is deleted. */
  readonly expiryMs: number
}

/** Everything that changes while the emulator runs. */
export interface State {
  readonly projects: readonly Project[]
  readonly project: (id: string) => Project | undefined
  readonly domainId: string
  readonly dice: Dice
  readonly timings: Timings
  readonly tokens: Map<string, Grant>
  readonly keys: Map<string, TemporaryKey>
  /** Has work done once its moment has come; the moment is a fact of the clock, not of a timer. */
  readonly later: (dueUs: number, work: () => void) => void
  /** Does all the work that is due. */
  readonly settle: (nowUs: number) => void
}

/** The state that begins as a fleet; the fleet's own lists are left alone, its wire objects are shared. */
export function createState(fleet: Fleet, timings: Timings, dice: Dice, startUs: number): State {
  const projects = fleet.projects.map(
    (project): Project => ({
      id: project.id,
      name: project.name,
      region: project.region,
      enabled: project.enabled ?? true,
      vaults: [...project.vaults],
      policies: [...project.policies],
      backups: createBackupTable(project.backups),
      instances: [...project.instances],
      records: Object.fromEntries(Object.entries(project.records).map(([id, list]) => [id, [...list]])),
      checkpoints: new Map(),
      logs: [],
    }),
  )
  const byId = new Map(projects.map((project) => [project.id, project]))
  const expire = createExpiry(projects, { fromUs: startUs, lateMs: timings.expiryMs, dice })
  let pending: { readonly dueUs: number; readonly work: () => void }[] = []
  return {
    projects,
    project: (id) => byId.get(id),
    domainId: 'd78cbac186b744899480f25bd0221c11',
    dice,
    timings,
    tokens: new Map(),
    keys: new Map(),
    later: (dueUs, work) => {
      pending.push({ dueUs, work })
      pending.sort((a, b) => a.dueUs - b.dueUs)
    },
    settle: (nowUs) => {
      expire(nowUs)
      // Work may set up more work that is due at once.
      while (pending[0] !== undefined && pending[0].dueUs <= nowUs) {
        const due = pending.filter((entry) => entry.dueUs <= nowUs)
        pending = pending.filter((entry) => entry.dueUs > nowUs)
        for (const entry of due) entry.work()
      }
    },
  }
}
