import { SERVICES } from '../backup.ts'
import { Fault, type Mistake } from '../errors.ts'
import { accessKey } from '../huawei/access-key.ts'
import type { Authorize } from '../huawei/authorize.ts'
import { type CloudClock, createCloudClock, fixedClock } from '../huawei/cloud-clock.ts'
import { listProjects, type Project } from '../huawei/iam.ts'
import { iamToken } from '../huawei/iam-token.ts'
import { isPathId } from '../huawei/path.ts'
import {
  endpointOf,
  HUAWEI_SERVICES,
  type HuaweiService,
  iamEndpointOf,
  overrideVariable,
} from '../huawei/regions.ts'
import { createSend } from '../huawei/send.ts'
import { addressOf } from '../runtime/address.ts'
import { layered, trafficOf, world } from '../runtime/services.ts'
import { type CbrClient, cbrClient } from './cbr-client.ts'
import { type DcsClient, dcsClient } from './dcs-client.ts'

/** Who calls: an access key (a temporary one with its security token), or an IAM user whose token is fetched and renewed. */
export type CloudCredentials =
  | {
      readonly accessKeyId: string
      readonly secretAccessKey: string
      readonly securityToken?: string
    }
  | { readonly username: string; readonly password: string; readonly domainName: string }

/** Where to connect, and as whom. Nothing is read from the environment. */
export interface CloudOptions {
  /** Such as `cn-north-4`. */
  readonly region: string
  readonly credentials: CloudCredentials
  /** Instead of Huawei's own: `{ cbr: 'http://127.0.0.1:8877' }`; a region of your own needs one for each service that is asked. */
  readonly endpoints?: Partial<Record<HuaweiService, string>>
  /** How long a call may wait for its turn where Huawei throttles; 60 s unless told. */
  readonly patienceMs?: number
}

/** The clients of one project. */
export interface ProjectClients {
  readonly cbr: CbrClient
  readonly dcs: DcsClient
}

/** A region of Huawei Cloud. */
export interface Cloud {
  /** The enabled projects of the region, sub-projects too; rejects where these cannot be all. Only lists; never makes one. */
  readonly listProjects: () => Promise<readonly Project[]>
  readonly project: (projectId: string) => ProjectClients
  /** Lets go of all sockets, so that a program can end. */
  readonly close: () => void
}

const PATIENCE_MS = 60_000

/** Connects to a region; throws one Fault `invalid_configuration` that names every mistake. Nothing is sent yet. */
export function connect(options: CloudOptions): Cloud {
  const { region, patienceMs = PATIENCE_MS } = options
  const overrides = toOverrides(options)
  refuseMistakes(options, overrides)
  const iam = iamEndpointOf(region, overrides)
  const transport = createSend()
  const clock = createCloudClock(world.now)
  const send = layered(
    transport.send,
    authorizeAs(options, overrides, clock),
    trafficOf({ patienceMs }),
    clock,
  )
  return {
    listProjects: async () => {
      const { projects, gap } = await listProjects(send, iam, region)
      if (gap === undefined) return projects
      throw new Fault('upstream_unavailable', `Cannot list every project of ${region}: ${gap}`)
    },
    project: (projectId) => {
      if (!isPathId(projectId)) throw refused([{ pointer: 'projectId', detail: 'is no id of a project' }])
      const place = { region, projectId }
      const config = { endpointOverrides: overrides }
      const connection = {
        send,
        addressOf: (service: 'cbr' | 'dcs') => inOptions(region, () => addressOf({ config }, service, place)),
        now: clock.now,
        nowMs: world.nowMs,
      }
      return { cbr: cbrClient(connection), dcs: dcsClient(connection) }
    },
    close: transport.close,
  }
}

type Overrides = Readonly<Record<string, string>>

function authorizeAs(
  { credentials, region }: CloudOptions,
  overrides: Overrides,
  clock: CloudClock,
): Authorize {
  return 'username' in credentials
    ? iamToken(credentials, { origin: iamEndpointOf(region, overrides), clock })
    : accessKey({ securityToken: undefined, ...credentials }, clock)
}

function toOverrides({ region, endpoints = {} }: CloudOptions): Overrides {
  return Object.fromEntries(
    HUAWEI_SERVICES.flatMap((service) => {
      const endpoint = endpoints[service]
      return endpoint === undefined ? [] : [[overrideVariable(service, region), endpoint]]
    }),
  )
}

/** Each part finds its own mistakes, by the name of its variable; here they are named by the option. */
function refuseMistakes(options: CloudOptions, overrides: Overrides): void {
  // Whoever names one endpoint of a region of his own may want that service only: another is missed when it is asked.
  const named = SERVICES.filter((service) => options.endpoints?.[service] !== undefined)
  const parts = [
    ...named.map((service) => () => endpointOf(service, options.region, overrides)),
    () => iamEndpointOf(options.region, overrides),
    () => authorizeAs(options, overrides, fixedClock(world.now)),
  ]
  const found = new Map<string, Mistake>()
  for (const part of parts)
    for (const mistake of mistakesOf(part)) {
      const renamed = toOption(mistake, options.region)
      found.set(renamed.pointer, renamed)
    }
  if (found.size > 0) throw refused([...found.values()])
}

function mistakesOf(part: () => unknown): readonly Mistake[] {
  try {
    part()
    return []
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return error.mistakes
  }
}

/** Does what may find a mistake in the options later, and then names it by the option too. */
function inOptions<T>(region: string, part: () => T): T {
  try {
    return part()
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const mistakes = error.mistakes.map((mistake) => toOption(mistake, region))
    throw new Fault(error.code, error.message, { mistakes, cause: error.cause })
  }
}

function toOption({ pointer, detail }: Mistake, region: string): Mistake {
  return { pointer: optionNamed(pointer, region), detail }
}

const CREDENTIALS: Readonly<Record<string, string>> = {
  HUAWEICLOUD_SDK_AK: 'credentials.accessKeyId',
  HUAWEICLOUD_SDK_SK: 'credentials.secretAccessKey',
  HUAWEICLOUD_SDK_SECURITY_TOKEN: 'credentials.securityToken',
  HUAWEICLOUD_USERNAME: 'credentials.username',
  HUAWEICLOUD_PASSWORD: 'credentials.password',
  HUAWEICLOUD_DOMAIN_NAME: 'credentials.domainName',
}

function optionNamed(variable: string, region: string): string {
  const service = HUAWEI_SERVICES.find((one) => overrideVariable(one, region) === variable)
  return service === undefined ? (CREDENTIALS[variable] ?? variable) : `endpoints.${service}`
}

function refused(mistakes: readonly Mistake[]): Fault {
  return new Fault('invalid_configuration', 'Cannot connect with these options', { mistakes })
}
