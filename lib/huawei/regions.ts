import { SERVICES, type Service } from '../backup.ts'
import { Fault, type Mistake } from '../errors.ts'
import { byNearness } from '../nearest.ts'

/** The services of Huawei Cloud that we call. */
export const HUAWEI_SERVICES = [...SERVICES, 'iam'] as const
export type HuaweiService = (typeof HUAWEI_SERVICES)[number]

/** Endpoints that the user sets, by the names of the variables: `HUAWEICLOUD_SDK_REGION_CBR_CN_NORTH_4`. */
export type EndpointOverrides = Readonly<Record<string, string | undefined>>

/** What the user sets where a region has no such service. */
export const NO_ENDPOINT = 'none'

const ALL: readonly HuaweiService[] = HUAWEI_SERVICES
const NO_IAM: readonly HuaweiService[] = SERVICES
const CBR_ONLY: readonly HuaweiService[] = ['cbr']

/** Which services a region has, as the tables of the four official SDKs agree (2025). */
const REGIONS: Readonly<Record<string, readonly HuaweiService[]>> = {
  'ae-ad-1': ALL,
  'af-north-1': CBR_ONLY,
  'af-south-1': ALL,
  'ap-southeast-1': ALL,
  'ap-southeast-2': ALL,
  'ap-southeast-3': ALL,
  'ap-southeast-4': ALL,
  'ap-southeast-5': NO_IAM,
  'cn-east-2': ALL,
  'cn-east-3': ALL,
  'cn-east-4': ALL,
  'cn-east-5': ALL,
  'cn-north-1': ALL,
  'cn-north-2': ALL,
  'cn-north-4': ALL,
  'cn-north-9': ALL,
  'cn-north-11': CBR_ONLY,
  'cn-north-12': ALL,
  'cn-south-1': ALL,
  'cn-south-2': ALL,
  'cn-south-4': CBR_ONLY,
  'cn-southwest-2': ALL,
  'cn-southwest-3': CBR_ONLY,
  'eu-west-0': ALL,
  'eu-west-101': ALL,
  'la-north-2': ALL,
  'la-south-2': ALL,
  'me-east-1': ALL,
  'my-kualalumpur-1': ALL,
  'na-mexico-1': ALL,
  'ru-moscow-1': ALL,
  'ru-northwest-2': NO_IAM,
  'sa-brazil-1': ALL,
  'tr-west-1': ALL,
}

/** The regions that need no endpoint from the user. */
export const KNOWN_REGIONS: readonly string[] = Object.keys(REGIONS)

const GLOBAL_IAM = 'https://iam.myhuaweicloud.com'

/**
 * The origin of a service in a region; undefined where the tables, or the user, say that the region does not have it. The user's own
 * endpoint goes first, and one of them makes any name a region, of which nobody else knows another. Throws a Fault
 * `invalid_configuration` where an endpoint is not known, or is none.
 */
export function endpointOf(
  service: Service,
  region: string,
  overrides: EndpointOverrides,
): string | undefined {
  const isAbsent = overrides[overrideVariable(service, region)] === NO_ENDPOINT
  return isAbsent ? undefined : findEndpoint(service, region, overrides)
}

/** The origin of IAM in a region, found likewise; IAM is everywhere, as the global one will do. */
export function iamEndpointOf(region: string, overrides: EndpointOverrides): string {
  return findEndpoint('iam', region, overrides) ?? GLOBAL_IAM
}

function findEndpoint(
  service: HuaweiService,
  region: string,
  overrides: EndpointOverrides,
): string | undefined {
  const variable = overrideVariable(service, region)
  const override = overrides[variable]
  if (override !== undefined) return requireOrigin(override, variable)
  const unknown = mistakeInRegion(region, overrides)
  if (unknown !== undefined) {
    throw notFound(nameOf(service), { pointer: 'region', detail: unknown }, `: ${unknown}`)
  }
  const missing = missingEndpoint(service, region, overrides)
  if (missing !== undefined) throw notFound(`${nameOf(service)} in ${region}`, missing)
  return servicesOf(region)?.includes(service) ? originOf(service, region) : undefined
}

/** What is wrong with the name of a region of which neither the tables nor the user know an endpoint; else undefined. */
export function mistakeInRegion(region: string, overrides: EndpointOverrides): string | undefined {
  if (servicesOf(region) !== undefined || isOfUser(region, overrides)) return undefined
  const nearest = byNearness(region, KNOWN_REGIONS).slice(0, 3).join(', ')
  const [cbr, dcs] = [overrideVariable('cbr', region), overrideVariable('dcs', region)]
  return `"${region}" is not a region that we know; the nearest are ${nearest}. For a region of your own set ${cbr} and ${dcs} to its endpoints`
}

/** The variable that lacks, where a region is the user's own and this service of it is not known: it may exist all the same. */
export function missingEndpoint(
  service: HuaweiService,
  region: string,
  overrides: EndpointOverrides,
): Mistake | undefined {
  const variable = overrideVariable(service, region)
  if (service === 'iam' || servicesOf(region) !== undefined) return undefined
  if (overrides[variable] !== undefined || !isOfUser(region, overrides)) return undefined
  const detail = `is not set, and ${region} is a region of your own; set it to the endpoint of ${nameOf(service)} there, or to "${NO_ENDPOINT}" if it has no ${nameOf(service)}`
  return { pointer: variable, detail }
}

/** The variable that sets the endpoint of a service in a region, by the convention of Huawei's SDKs. */
export function overrideVariable(service: HuaweiService, region: string): string {
  return `HUAWEICLOUD_SDK_REGION_${service}_${region.replaceAll('-', '_')}`.toUpperCase()
}

function servicesOf(region: string): readonly HuaweiService[] | undefined {
  return Object.hasOwn(REGIONS, region) ? REGIONS[region] : undefined
}

function isOfUser(region: string, overrides: EndpointOverrides): boolean {
  return ALL.some((service) => overrides[overrideVariable(service, region)] !== undefined)
}

function nameOf(service: HuaweiService): string {
  return service.toUpperCase()
}

function originOf(service: HuaweiService, region: string): string {
  // Dublin alone has its IAM under .eu, and nothing else there.
  const top = service === 'iam' && region === 'eu-west-101' ? 'eu' : 'com'
  return `https://${service}.${region}.myhuaweicloud.${top}`
}

/** The origin that an endpoint of the user is: scheme, host and port; undefined where it is anything else, or says more. */
export function toOrigin(endpoint: string): string | undefined {
  const url = URL.parse(endpoint)
  const isOrigin = url !== null && url.href === `${url.origin}/` && /^https?:$/.test(url.protocol)
  return isOrigin ? url.origin : undefined
}

function requireOrigin(endpoint: string, variable: string): string {
  const origin = toOrigin(endpoint)
  if (origin !== undefined) return origin
  const detail = 'must be a scheme and a host, with a port where needed: https://cbr.example.com'
  throw new Fault('invalid_configuration', `Cannot use the endpoint in ${variable}: it ${detail}`, {
    mistakes: [{ pointer: variable, detail }],
  })
}

function notFound(what: string, mistake: Mistake, why = ''): Fault {
  const mistakes = [mistake]
  return new Fault('invalid_configuration', `Cannot find the endpoint of ${what}${why}`, { mistakes })
}
