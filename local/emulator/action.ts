import type { Quirks } from './faults.ts'
import type { Query } from './query.ts'
import type { Reply } from './reply.ts'
import type { Project, State } from './state.ts'

/** The services that one port plays. */
export type Service = 'cbr' | 'dcs' | 'iam'

/** A request that has passed the front door. */
export interface Call {
  readonly state: State
  /** The parts of the path that the action's pattern names. */
  readonly params: Readonly<Record<string, string>>
  readonly query: Query
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
  /** This emulator's own address, for links. */
  readonly endpoint: string
  readonly credentials: Credentials
  readonly nowUs: number
  /** How planted faults bend the answer. */
  readonly quirks: Quirks
}

/** A request to a project that exists and is the caller's. */
export interface ProjectCall extends Call {
  readonly project: Project
}

/** Who may come in. */
export interface Credentials {
  readonly ak: string
  readonly sk: string
  readonly securityToken?: string
  readonly username: string
  readonly password: string
  readonly domain_name: string
  readonly region: string
  readonly project_id: string
}

/** One operation: how it is called, and what it does. */
export type Action = {
  /** The name by which faults are planted: `cbr.backups`. */
  readonly id: string
  readonly service: Service
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Path with its variable segments in braces. */
  readonly path: string
} & (
  | { readonly scope: 'project'; readonly run: (call: ProjectCall) => Reply }
  /** `open` asks for no credentials: it is where they are made. */
  | { readonly scope: 'domain' | 'open'; readonly run: (call: Call) => Reply }
)
