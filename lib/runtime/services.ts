import { randomBytes, randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import packageJson from '../../package.json' with { type: 'json' }
import { type CertificateReader, createCertificates } from '../alerts/certificate.ts'
import type { AlertSecrets } from '../alerts/secrets.ts'
import { Fault } from '../errors.ts'
import { accessKey } from '../huawei/access-key.ts'
import { type Authorize, authorizing } from '../huawei/authorize.ts'
import { breaking } from '../huawei/breaking.ts'
import { type CloudClock, type Correction, createCloudClock, fixedClock } from '../huawei/cloud-clock.ts'
import type { Send } from '../huawei/http.ts'
import { iamToken } from '../huawei/iam-token.ts'
import { iamEndpointOf } from '../huawei/regions.ts'
import { retrying } from '../huawei/retry.ts'
import { createRetryPatience } from '../huawei/retry-patience.ts'
import { createSend } from '../huawei/send.ts'
import { throttled } from '../huawei/throttle.ts'
import { createTraffic, type Traffic } from '../huawei/traffic.ts'
import { memoize } from '../memoize.ts'
import { openStore } from '../store/address.ts'
import type { Store } from '../store/store.ts'
import { fromEpochMs, type Instant } from '../time.ts'
import { holdAlertSecrets } from './alert-secrets.ts'
import { createCertificateFetcher, FOR_CERTIFICATES } from './certificate-fetcher.ts'
import type { Config } from './config.ts'
import type { Credentials } from './credentials.ts'
import { holdCredentials } from './held-credentials.ts'
import type { Held } from './held-secret.ts'
import type { Log } from './log.ts'
import { readSecret } from './secret.ts'
import { withHeld } from './with-held.ts'

/** The real clocks and dice; everything else gets them as arguments. */
export const world = {
  now: (): Instant => fromEpochMs(Date.now()),
  nowMs: (): number => performance.now(),
  epochMs: (): number => Date.now(),
  random: Math.random,
  randomHex: (bytes: number): string => randomBytes(bytes).toString('hex'),
} as const

/** Everything that a function needs of the world, wired once. */
export interface Services {
  readonly config: Config
  readonly toolVersion: string
  /** Our clock; for audits as Huawei has corrected it. */
  readonly now: () => Instant
  /** How it last did. */
  readonly lastClockCorrection: () => Correction | undefined
  readonly randomHex: (bytes: number) => string
  /** Where reports go. */
  readonly store: Store
  /** A store at another address: where a policy may lie. */
  readonly openStore: (address: string) => Store
  /** Calls to Huawei in that region: paced, retried, and in our name. */
  readonly sendTo: (region: string) => Send
  /** Milliseconds of a clock that never jumps. */
  readonly nowMs: () => number
  readonly log: Log
  /** What senders of alerts prove themselves with, as it is now. */
  readonly alertSecrets: Held<AlertSecrets>
  /** The certificates of senders who sign with one. */
  readonly certificateOf: CertificateReader
  /** Lets go of sockets, so that a command ends at once. */
  readonly close: () => void
}

/** What a process may choose. */
export interface ServicesOptions {
  /**
   * What goes by Huawei's time where ours turns out to be off: everything, signatures alone, or nothing, and such a call, or a login, is
   * refused then, with both times.
   */
  readonly correctsClock: 'everywhere' | 'in signatures' | 'never'
  /** How long a call may wait for its turn where Huawei throttles: as long as it takes, or shorter than a caller waits. */
  readonly patienceMs: number
  /** How long calls ask again that get nothing but 429, where others may have used up the limit; five times each unless told. */
  readonly refusalPatienceMs?: number
  /** Where lines for machines go; nowhere unless told. */
  readonly log?: Log
}

/** Nobody waits for an audit, and it begins anew where its clock was off. */
export const FOR_AUDITS = {
  correctsClock: 'everywhere',
  patienceMs: 10 * 60_000,
  refusalPatienceMs: 30_000,
} as const satisfies ServicesOptions

/** Somebody waits for an answer, for 20 s at most: there is time left to get it after such a wait. What the ledger says of time must not jump meanwhile. */
export const FOR_REQUESTS = {
  correctsClock: 'in signatures',
  patienceMs: 15_000,
} as const satisfies ServicesOptions

/** Wires the services of one process. Throws a Fault `invalid_configuration` where the configuration cannot work. */
export function createServices(config: Config, options: ServicesOptions): Services {
  const transport = createSend()
  const forCertificates = createSend(FOR_CERTIFICATES)
  const clock = createCloudClock(world.now)
  const signing = options.correctsClock === 'never' ? fixedClock(world.now) : clock
  const authorizeIn = authorizer(config, signing)
  const traffic = trafficOf(options)
  return {
    config,
    toolVersion: packageJson.version,
    now: options.correctsClock === 'everywhere' ? clock.now : world.now,
    lastClockCorrection: clock.lastCorrection,
    nowMs: world.nowMs,
    log: options.log ?? (() => {}),
    randomHex: world.randomHex,
    store: openStoreAt(config, config.storeAddress),
    openStore: (address) => openStoreAt(config, address),
    sendTo: memoize((region) => layered(transport.send, authorizeIn(region), traffic, signing, options)),
    alertSecrets: holdAlertSecrets(config.alertSecrets, readSecret, world.nowMs),
    certificateOf: createCertificates({
      fetch: createCertificateFetcher(forCertificates.send),
      nowMs: world.nowMs,
    }),
    close: () => {
      transport.close()
      forCertificates.close()
    },
  }
}

/** The store at an address, reached as the configuration says. Throws a Fault `invalid_configuration` where it can be none. */
export function openStoreAt({ s3Endpoint }: Pick<Config, 's3Endpoint'>, address: string): Store {
  return openStore(address, { endpoint: s3Endpoint, newId: randomUUID })
}

/** From the outside in: retry, throttle, spare a host that is down, authorize, send. Each attempt is signed anew. */
export function layered(
  send: Send,
  authorize: Authorize,
  traffic: Traffic,
  clock: CloudClock,
  { refusalPatienceMs = 0 }: Pick<ServicesOptions, 'refusalPatienceMs'> = {},
): Send {
  const { nowMs, epochMs, random } = world
  const signed = authorizing(send, authorize, clock)
  const paced = throttled(breaking(signed, { nowMs }), { traffic, epochMs })
  const patience = createRetryPatience(refusalPatienceMs, nowMs)
  return retrying(paced, { random, nowMs: epochMs, patience })
}

/** The calls of a process, which all keep to the same limits. */
export function trafficOf({ patienceMs }: Pick<ServicesOptions, 'patienceMs'>): Traffic {
  return createTraffic({ nowMs: world.nowMs, maxWaitMs: patienceMs })
}

/** What signs the calls to a region: in the name of the configured credentials, or of those that a secret holds just then. */
function authorizer(config: Config, clock: CloudClock): (region: string) => Authorize {
  const { credentials, places } = config
  if (credentials?.kind !== 'secret') {
    return (region) => authorizeAs(credentials, region, config, clock)
  }
  const held = holdCredentials({
    secretId: credentials.secretId,
    read: readSecret,
    nowMs: world.nowMs,
    lacksProject: places.some(({ projectId }) => projectId === undefined),
  })
  return (region) => withHeld(held, (current) => authorizeAs(current, region, config, clock))
}

function authorizeAs(
  credentials: Credentials | undefined,
  region: string,
  { domainId, endpointOverrides }: Config,
  clock: CloudClock,
): Authorize {
  if (credentials === undefined)
    throw new Fault('invalid_configuration', 'Cannot call Huawei without credentials')
  switch (credentials.kind) {
    case 'access-key':
      return accessKey({ domainId, ...credentials }, clock)
    case 'password':
      return iamToken(credentials, { origin: iamEndpointOf(region, endpointOverrides), clock })
  }
}
