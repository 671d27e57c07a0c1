import { Fault } from '../errors.ts'
import type { ProjectAddress } from '../huawei/backup-page.ts'
import { endpointOf } from '../huawei/regions.ts'
import type { Config } from './config.ts'
import type { ChosenPlace } from './place.ts'

/** Where a service of a place is; throws `invalid_request` where the region does not have it. */
export function addressOf(
  { config }: { readonly config: Pick<Config, 'endpointOverrides'> },
  service: 'cbr' | 'dcs',
  { region, projectId }: ChosenPlace,
): ProjectAddress {
  const origin = endpointOf(service, region, config.endpointOverrides)
  if (origin !== undefined) return { origin, projectId }
  const detail = `is ${region}, which has no ${service.toUpperCase()}`
  throw new Fault(
    'invalid_request',
    `Cannot ask ${service.toUpperCase()} in ${region}: it does not exist there`,
    {
      mistakes: [{ pointer: '/query/region', detail }],
    },
  )
}
