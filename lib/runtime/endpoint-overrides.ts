import type { Mistake } from '../errors.ts'
import { HUAWEI_SERVICES, NO_ENDPOINT, overrideVariable, toOrigin } from '../huawei/regions.ts'
import { nearest } from '../nearest.ts'
import { type Environment, readVariable } from './environment.ts'
import { redactedAddress } from './redacted-input.ts'

const PREFIX = 'HUAWEICLOUD_SDK_REGION_'
const OURS = HUAWEI_SERVICES.map((service) => service.toUpperCase())

/** Services of Huawei that are one letter away from ours; their variables are meant for other programs. */
const NEIGHBOURS = 'CBH CBS CVR DAS DC DCC DDS DIS DMS DNS DRS DSC DWS ECS RAM UCS'.split(' ')

/**
 * Reads `HUAWEICLOUD_SDK_REGION_<SERVICE>_<REGION>` for the services that we call. Those of other services are none of our
 * business; `none` says that a region has no CBR, or no DCS. A name that nearly is one of ours would be ignored without a word, and the real cloud asked instead.
 */
export function readEndpointOverrides(
  environment: Environment,
  mistakes: Mistake[],
): Readonly<Record<string, string>> {
  const overrides: Record<string, string> = {}
  for (const name of Object.keys(environment).filter((name) => name.startsWith(PREFIX))) {
    const value = readVariable(environment, name)
    if (value === undefined) continue
    const meant = closestName(name)
    if (meant === undefined) continue
    const isNone = value === NO_ENDPOINT && !name.startsWith(`${PREFIX}IAM_`)
    const origin = isNone ? value : toOrigin(value)
    if (meant !== name)
      mistakes.push({ pointer: name, detail: `is no endpoint of CBR, DCS or IAM; did you mean ${meant}?` })
    else if (origin !== undefined) overrides[name] = origin
    else
      mistakes.push({
        pointer: name,
        detail: `has ${redactedAddress(value)}, which is no endpoint; write scheme, host and port only, such as ${exampleFor(name)}`,
      })
  }
  return overrides
}

/** The variables by which every service of these regions is at one endpoint. */
export function overridesTo(endpoint: string, regions: readonly string[]): Readonly<Record<string, string>> {
  const names = regions.flatMap((region) => HUAWEI_SERVICES.map((one) => overrideVariable(one, region)))
  return Object.fromEntries(names.map((name) => [name, endpoint]))
}

/** The name of ours that a variable has or was to have; undefined where it is another service's. */
function closestName(name: string): string | undefined {
  const [service = '', ...region] = name.slice(PREFIX.length).toUpperCase().replaceAll('-', '_').split('_')
  const meant = NEIGHBOURS.includes(service) ? undefined : nearest(service, OURS)
  return meant && `${PREFIX}${meant}_${region.join('_') || 'CN_NORTH_4'}`
}

function exampleFor(name: string): string {
  const [service = ''] = name.slice(PREFIX.length).toLowerCase().split('_')
  return `https://${service}.cn-north-4.myhuaweicloud.com`
}
