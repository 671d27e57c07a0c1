import type { AlertSecrets } from '../alerts/secrets.ts'
import { Fault, type Mistake } from '../errors.ts'
import { mistakeInRegion } from '../huawei/regions.ts'
import type { Place } from '../parse-place.ts'
import { mistakeInAddress } from '../store/address.ts'
import { readAlertSecretsVariable } from './alert-secrets.ts'
import {
  CREDENTIAL_VARIABLES,
  type Credentials,
  readCredentials,
  readDomainId,
  readSecretReference,
  type SecretReference,
} from './credentials.ts'
import { mistakeInDocumentAddress } from './document-address.ts'
import { readEndpointOverrides } from './endpoint-overrides.ts'
import { type Environment, readVariable } from './environment.ts'
import { redactedAddress } from './redacted-input.ts'
import { readPlaces, targetsPointer } from './targets.ts'

/** What the environment says, checked. */
export interface Config {
  /** Undefined where the environment holds none. */
  readonly credentials: Credentials | SecretReference | undefined
  /** The account that IAM is asked about; that of the access key unless told. */
  readonly domainId: string | undefined
  readonly places: readonly Place[]
  readonly policyAddress: string | undefined
  readonly storeAddress: string
  /** Set where the store is S3-compatible but not AWS; the SDK reads the same variable. */
  readonly s3Endpoint: string | undefined
  /** `HUAWEICLOUD_SDK_REGION_<SERVICE>_<REGION>` as it stands in the environment. */
  readonly endpointOverrides: Readonly<Record<string, string>>
  /** What senders of alerts prove themselves with, or where it lies. */
  readonly alertSecrets: AlertSecrets | SecretReference
  /** What answers in the place of Huawei Cloud, in a sentence that every report tells; left out where nothing does. */
  readonly standIn?: string
}

/** What a command line may say instead of the environment. */
export interface ConfigFlags {
  readonly targets?: readonly string[]
  readonly store?: string
  readonly policy?: string
}

/** The one that says more goes first, as in the SDK. */
const S3_ENDPOINT_VARIABLES = ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL']

/**
 * Reads the environment, and what the command line says instead of it, into a Config.
 * Throws one Fault `invalid_configuration` that names every mistake at once, and no value of a secret.
 */
export function readConfig(environment: Environment, flags: ConfigFlags = {}): Config {
  const mistakes: Mistake[] = []
  const config = gatherConfig(environment, flags, mistakes)
  if (mistakes.length > 0)
    throw new Fault('invalid_configuration', 'Cannot start with this configuration', { mistakes })
  return config
}

/** Reads like `readConfig`, for whoever has more to check: every mistake goes into the list, and a Config with any is not to be used. */
export function gatherConfig(environment: Environment, flags: ConfigFlags, mistakes: Mistake[]): Config {
  const places = readPlaces(environment, flags, mistakes)
  requirePair(environment, flags, mistakes)
  const config: Config = {
    credentials: readSecretReference(environment, mistakes) ?? readCredentials(environment, mistakes),
    domainId: readDomainId(environment, mistakes),
    places,
    policyAddress: flags.policy ?? readVariable(environment, 'AUDIT_POLICY'),
    storeAddress: flags.store ?? readVariable(environment, 'REPORT_STORE') ?? 'file:reports',
    s3Endpoint: readS3Endpoint(environment, mistakes),
    endpointOverrides: readEndpointOverrides(environment, mistakes),
    alertSecrets: readAlertSecretsVariable(environment, mistakes),
  }
  requireAddresses(config, flags, mistakes)
  requireKnownRegions(config, flags, mistakes)
  return config
}

/** The configuration of a function's process, out of `process.env`; a command is handed that by its door, `local/cli.ts`. */
export function readProcessConfig(): Config {
  return readConfig(process.env)
}

function requireAddresses(config: Config, flags: ConfigFlags, mistakes: Mistake[]): void {
  const store = mistakeInAddress(config.storeAddress)
  if (store !== undefined)
    mistakes.push({ pointer: flags.store === undefined ? 'REPORT_STORE' : '--store', detail: store })
  const policy = config.policyAddress && mistakeInDocumentAddress(config.policyAddress)
  if (policy) mistakes.push({ pointer: policyPointer(flags), detail: policy })
}

/** What named the policy, for mistakes in it. */
export function policyPointer(flags: ConfigFlags): string {
  return flags.policy === undefined ? 'AUDIT_POLICY' : '--policy'
}

/** A region that nobody knows would fail at the first call; here it is named together with everything else. */
function requireKnownRegions(
  { places, endpointOverrides }: Config,
  flags: ConfigFlags,
  mistakes: Mistake[],
): void {
  const pointer = targetsPointer(flags)
  for (const region of new Set(places.map((place) => place.region))) {
    const detail = mistakeInRegion(region, endpointOverrides)
    if (detail !== undefined) mistakes.push({ pointer, detail })
  }
}

/** The SDK takes any text for an endpoint, and fails at the first call. */
function readS3Endpoint(environment: Environment, mistakes: Mistake[]): string | undefined {
  const name = S3_ENDPOINT_VARIABLES.find((one) => readVariable(environment, one) !== undefined)
  if (name === undefined) return undefined
  const value = readVariable(environment, name)
  const url = URL.parse(value ?? '')
  if (
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.username + url.password + url.search + url.hash === ''
  )
    return value
  mistakes.push({
    pointer: name,
    detail: `has ${redactedAddress(value ?? '')}, which is no endpoint; write scheme and host, such as https://obs.cn-north-4.myhuaweicloud.com`,
  })
  return undefined
}

/** There is no silent default: keys need a target, and targets need keys. */
function requirePair(environment: Environment, flags: ConfigFlags, mistakes: Mistake[]): void {
  const hasCredentials = CREDENTIAL_VARIABLES.some((name) => readVariable(environment, name) !== undefined)
  const hasTargets =
    (flags.targets?.length ?? 0) > 0 || readVariable(environment, 'AUDIT_TARGETS') !== undefined
  if (hasCredentials && !hasTargets) {
    mistakes.push({
      pointer: 'AUDIT_TARGETS',
      detail:
        'is not set, but credentials are; say what to audit, such as AUDIT_TARGETS=cn-north-4 or --target cn-north-4',
    })
  }
  if (!hasCredentials && hasTargets) {
    mistakes.push({
      pointer: targetsPointer(flags),
      detail:
        'is given without credentials; set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK (or HUAWEICLOUD_USERNAME, HUAWEICLOUD_PASSWORD and HUAWEICLOUD_DOMAIN_NAME), or leave the targets out to try the built-in emulator',
    })
  }
}
