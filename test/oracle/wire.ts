/** A JSON object as an API of Huawei delivers it: nothing about its fields is promised. */
export type WireObject = Record<string, unknown>

/** One project of a fleet: what its CBR and DCS endpoints hold. */
export interface OracleProject {
  id: string
  name: string
  region: string
  enabled: true
  vaults: WireObject[]
  policies: WireObject[]
  backups: WireObject[]
  instances: WireObject[]
  /** DCS backup records by instance id. */
  records: Record<string, WireObject[]>
}

/** A whole account at one moment, with the policy that it is to be audited by. */
export interface OracleFleet {
  asOf: string
  fleet: { projects: OracleProject[] }
  policy: WireObject | undefined
}

/** Says whether a wire value is a JSON object (no array, not null). */
export function isObject(value: unknown): value is WireObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
