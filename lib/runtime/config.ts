import { Fault, type Mistake } from '../errors.ts'
import { endpointOf } from '../huawei/regions.ts'

/** Who we are to Huawei. Secrets live here and in the signer, nowhere else. */
export type Credentials =
  | {
      readonly kind: 'access-key'
      readonly accessKeyId: string
      readonly secretAccessKey: string
      readonly securityToken: string | undefined
    }
  | {
      readonly kind: 'password'
      readonly username: string
      readonly password: string
      readonly domainName: string
    }

/** A region, and a project of it; without one every enabled project of the region that IAM lists is meant. */
export interface Place {
  readonly region: string
  readonly projectId: string | undefined
}

/** What the environment says, checked. */
export interface Config {
  /** Undefined where the environment holds none. */
  readonly credentials: Credentials | undefined
  readonly places: readonly Place[]
  readonly policyAddress: string | undefined
  readonly storeAddress: string
  /** Set where the store is S3-compatible but not AWS; the SDK reads the same variable. */
  readonly s3Endpoint: string | undefined
  /** `HUAWEICLOUD_SDK_REGION_<SERVICE>_<REGION>` as it stands in the environment. */
  readonly endpointOverrides: Readonly<Record<string, string>>
}

/** The variables as a process has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What a command line may say instead of the environment. */
export interface ConfigFlags {
  readonly targets?: readonly string[]
  readonly store?: string
  readonly policy?: string
}

const OVERRIDE_PREFIX = 'HUAWEICLOUD_SDK_REGION_'

const CREDENTIAL_VARIABLES = [
  'HUAWEICLOUD_SDK_AK',
  'HUAWEICLOUD_SDK_SK',
  'HUAWEICLOUD_SDK_SECURITY_TOKEN',
  'HUAWEICLOUD_USERNAME',
  'HUAWEICLOUD_PASSWORD',
]

/**
 * Reads the environment, and what the command line says instead of it, into a Config.
 * Throws one Fault `invalid_configuration` that names every mistake at once, and no value of a secret.
 */
export function readConfig(environment: Environment, flags: ConfigFlags = {}): Config {
  const mistakes: Mistake[] = []
  const places = readPlaces(environment, flags, mistakes)
  requirePair(environment, flags, mistakes)
  const config: Config = {
    credentials: readCredentials(environment, mistakes),
    places,
    policyAddress: flags.policy ?? read(environment, 'AUDIT_POLICY'),
    storeAddress: flags.store ?? read(environment, 'REPORT_STORE') ?? 'file:reports',
    s3Endpoint: read(environment, 'AWS_ENDPOINT_URL_S3') ?? read(environment, 'AWS_ENDPOINT_URL'),
    endpointOverrides: readOverrides(environment, mistakes),
  }
  requireKnownRegions(config, mistakes)
  if (mistakes.length > 0)
    throw new Fault('invalid_configuration', 'Cannot start with this configuration', { mistakes })
  return config
}

/** An empty variable counts as unset: that is what CI systems and `env VAR=` make of an absent one. */
function read(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim()
  return value === '' ? undefined : value
}

function readCredentials(environment: Environment, mistakes: Mistake[]): Credentials | undefined {
  const accessKey = allOrNone(environment, ['HUAWEICLOUD_SDK_AK', 'HUAWEICLOUD_SDK_SK'], mistakes)
  const securityToken = read(environment, 'HUAWEICLOUD_SDK_SECURITY_TOKEN')
  if (accessKey !== undefined) {
    const [accessKeyId = '', secretAccessKey = ''] = accessKey
    return { kind: 'access-key', accessKeyId, secretAccessKey, securityToken }
  }
  if (securityToken !== undefined && read(environment, 'HUAWEICLOUD_SDK_AK') === undefined) {
    mistakes.push({
      pointer: 'HUAWEICLOUD_SDK_SECURITY_TOKEN',
      detail: 'is set without HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK; a token belongs to a temporary key',
    })
  }
  const login = ['HUAWEICLOUD_USERNAME', 'HUAWEICLOUD_PASSWORD'].some(
    (name) => read(environment, name) !== undefined,
  )
  if (!login) return undefined
  const names = ['HUAWEICLOUD_USERNAME', 'HUAWEICLOUD_PASSWORD', 'HUAWEICLOUD_DOMAIN_NAME']
  const user = allOrNone(environment, names, mistakes)
  if (user === undefined) return undefined
  const [username = '', password = '', domainName = ''] = user
  return { kind: 'password', username, password, domainName }
}

function allOrNone(
  environment: Environment,
  names: readonly string[],
  mistakes: Mistake[],
): readonly string[] | undefined {
  const values = names.map((name) => read(environment, name))
  const missing = names.filter((_, index) => values[index] === undefined)
  if (missing.length === names.length) return undefined
  if (missing.length === 0) return values.filter((value) => value !== undefined)
  const present = names.filter((name) => !missing.includes(name))
  for (const name of missing) {
    mistakes.push({ pointer: name, detail: `is not set, but ${present.join(' and ')} is; set both or none` })
  }
  return undefined
}

function readPlaces(environment: Environment, flags: ConfigFlags, mistakes: Mistake[]): readonly Place[] {
  const fromFlags = flags.targets !== undefined && flags.targets.length > 0
  const pointer = fromFlags ? '--target' : 'AUDIT_TARGETS'
  const texts = fromFlags ? (flags.targets ?? []) : (read(environment, 'AUDIT_TARGETS')?.split(',') ?? [])
  const places = texts.flatMap((text) => readPlace(text.trim(), pointer, mistakes))
  const distinct = places.filter(
    (place, index) =>
      places.findIndex((other) => other.region === place.region && other.projectId === place.projectId) ===
      index,
  )
  return withDefaultProject(distinct, read(environment, 'HUAWEICLOUD_SDK_PROJECT_ID'), mistakes)
}

function readPlace(text: string, pointer: string, mistakes: Mistake[]): readonly Place[] {
  const match = /^([a-z]{2,}(?:-[a-z0-9]+)+)(?::([0-9A-Za-z_-]{1,64}))?$/.exec(text)
  if (match === null) {
    mistakes.push({
      pointer,
      detail: `has ${JSON.stringify(text)}, which is no target; write REGION or REGION:PROJECT_ID, such as cn-north-4:0605767b5780d5762fc5c0118072a564`,
    })
    return []
  }
  const [, region = '', projectId] = match
  return [{ region, projectId }]
}

function withDefaultProject(
  places: readonly Place[],
  projectId: string | undefined,
  mistakes: Mistake[],
): readonly Place[] {
  if (projectId === undefined || places.every((place) => place.projectId !== undefined)) return places
  const [only, ...others] = places
  if (only !== undefined && others.length === 0) return [{ region: only.region, projectId }]
  mistakes.push({
    pointer: 'HUAWEICLOUD_SDK_PROJECT_ID',
    detail: `fits one target only, but there are ${places.length}; write REGION:PROJECT_ID for each, or unset it to audit every project`,
  })
  return places
}

/** A region that nobody knows would fail at the first call; here it is named together with everything else. */
function requireKnownRegions({ places, endpointOverrides }: Config, mistakes: Mistake[]): void {
  for (const region of new Set(places.map((place) => place.region))) {
    try {
      endpointOf('cbr', region, endpointOverrides)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      mistakes.push(...error.mistakes)
    }
  }
}

function readOverrides(environment: Environment, mistakes: Mistake[]): Readonly<Record<string, string>> {
  const names = Object.keys(environment).filter((name) => name.startsWith(OVERRIDE_PREFIX))
  const overrides: Record<string, string> = {}
  for (const name of names) {
    const value = read(environment, name)
    if (value === undefined) continue
    const url = URL.canParse(value) ? new URL(value) : undefined
    const isOrigin = url !== undefined && url.href === `${url.origin}/` && /^https?:$/.test(url.protocol)
    if (isOrigin) overrides[name] = url.origin
    else {
      mistakes.push({
        pointer: name,
        detail:
          'is no endpoint; write scheme, host and port only, such as https://cbr.cn-north-4.myhuaweicloud.com',
      })
    }
  }
  return overrides
}

/** There is no silent default: keys need a target, and targets need keys. */
function requirePair(environment: Environment, flags: ConfigFlags, mistakes: Mistake[]): void {
  const hasCredentials = CREDENTIAL_VARIABLES.some((name) => read(environment, name) !== undefined)
  const hasTargets = (flags.targets?.length ?? 0) > 0 || read(environment, 'AUDIT_TARGETS') !== undefined
  if (hasCredentials && !hasTargets) {
    mistakes.push({
      pointer: 'AUDIT_TARGETS',
      detail:
        'is not set, but credentials are; say what to audit, such as AUDIT_TARGETS=cn-north-4 or --target cn-north-4',
    })
  }
  if (!hasCredentials && hasTargets) {
    mistakes.push({
      pointer: flags.targets?.length ? '--target' : 'AUDIT_TARGETS',
      detail:
        'is given without credentials; set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK (or HUAWEICLOUD_USERNAME, HUAWEICLOUD_PASSWORD and HUAWEICLOUD_DOMAIN_NAME), or leave the targets out to try the built-in emulator',
    })
  }
}
