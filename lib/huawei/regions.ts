import { Fault } from '../errors.ts'
import { byNearness } from '../nearest.ts'

/** The services of Huawei Cloud that we call. */
export type HuaweiService = 'cbr' | 'dcs' | 'iam'

/** Endpoints that the user sets, by the names of the variables: `HUAWEICLOUD_SDK_REGION_CBR_CN_NORTH_4`. */
export type EndpointOverrides = Readonly<Record<string, string | undefined>>

const ALL: readonly HuaweiService[] = ['cbr', 'dcs', 'iam']
const NO_IAM: readonly HuaweiService[] = ['cbr', 'dcs']
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
 * The origin of a service in a region; `absent` where the region does not have it. The user's own endpoint goes first,
 * and one of them makes any name a region; IAM is everywhere, as the global one will do.
 */
export function endpointOf(
  service: HuaweiService,
  region: string,
  overrides: EndpointOverrides,
): string | 'absent' {
  const variable = overrideVariable(service, region)
  const override = overrides[variable]
  if (override !== undefined) return toOrigin(override, variable)
  const services = Object.hasOwn(REGIONS, region) ? REGIONS[region] : undefined
  const isCustom = ALL.some((one) => overrides[overrideVariable(one, region)] !== undefined)
  if (services === undefined && !isCustom) throw unknownRegion(service, region)
  if (services?.includes(service)) return originOf(service, region)
  return service === 'iam' ? GLOBAL_IAM : 'absent'
}

/** The variable that sets the endpoint of a service in a region, by the convention of Huawei's SDKs. */
export function overrideVariable(service: HuaweiService, region: string): string {
  return `HUAWEICLOUD_SDK_REGION_${service}_${region.replaceAll('-', '_')}`.toUpperCase()
}

function originOf(service: HuaweiService, region: string): string {
  // Dublin alone has its IAM under .eu, and nothing else there.
  const top = service === 'iam' && region === 'eu-west-101' ? 'eu' : 'com'
  return `https://${service}.${region}.myhuaweicloud.${top}`
}

function toOrigin(text: string, variable: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isOrigin =
    url !== undefined && /^https?:$/.test(url.protocol) && [url.origin, `${url.origin}/`].includes(url.href)
  if (isOrigin) return url.origin
  const detail = 'must be a scheme and a host, with a port where needed: https://cbr.example.com'
  throw new Fault('invalid_configuration', `Cannot use the endpoint in ${variable}: it ${detail}`, {
    mistakes: [{ pointer: variable, detail }],
  })
}

function unknownRegion(service: HuaweiService, region: string): Fault {
  const variable = overrideVariable(service, region)
  const detail = `"${region}" is not a region that we know; the nearest are ${byNearness(region, KNOWN_REGIONS).slice(0, 3).join(', ')}. For a region of your own set ${variable} to its endpoint`
  return new Fault(
    'invalid_configuration',
    `Cannot find the endpoint of ${service.toUpperCase()}: ${detail}`,
    {
      mistakes: [{ pointer: 'region', detail }],
    },
  )
}
