/** A JSON object as it stands on the wire: loose on purpose, so that tests can plant odd, missing and mistyped fields. */
export interface Wire {
  [key: string]: unknown
}

/** A backup as `GET /v3/{project_id}/backups` shows it; the emulator itself relies on the named fields alone. */
export interface WireBackup extends Wire {
  id?: unknown
  created_at?: unknown
  status?: unknown
  vault_id?: unknown
  resource_id?: unknown
  replication_records?: unknown
  /** Huawei's answers with shared backups are not known: a test marks one by `shared`. */
  own_type?: unknown
}

/** A vault as `GET /v3/{project_id}/vaults` shows it. */
export interface WireVault extends Wire {
  id?: unknown
  resources?: unknown
  billing?: unknown
}

/** A policy as `GET /v3/{project_id}/policies` shows it. */
export interface WirePolicy extends Wire {
  id?: unknown
  operation_type?: unknown
  associated_vaults?: unknown
}

/** A DCS instance with all that `GET /v2/{project_id}/instances/{instance_id}` shows; the list leaves `instance_backup_policy` out. */
export interface WireInstance extends Wire {
  instance_id?: unknown
  cache_mode?: unknown
  status?: unknown
}

/** A backup record as `GET /v2/{project_id}/instances/{instance_id}/backups` shows it. */
export interface WireRecord extends Wire {
  backup_id?: unknown
  created_at?: unknown
  status?: unknown
}

/** One IAM project and everything in it. */
export interface FleetProject {
  readonly id: string
  /** The IAM name: `cn-north-4`, or `cn-north-4_dev` for a sub-project. */
  readonly name: string
  readonly region: string
  /** What IAM says of it; true where left out. */
  readonly enabled?: boolean
  readonly vaults: WireVault[]
  readonly policies: WirePolicy[]
  readonly backups: WireBackup[]
  readonly instances: WireInstance[]
  /** Backup records by instance id. */
  readonly records: Record<string, WireRecord[]>
}

/** What a small Huawei Cloud account holds. Its first project is the default one. */
export interface Fleet {
  readonly projects: readonly FleetProject[]
}
