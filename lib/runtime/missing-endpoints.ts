import type { Service } from '../backup.ts'
import type { Mistake } from '../errors.ts'
import { missingEndpoint } from '../huawei/regions.ts'
import type { Config } from './config.ts'

/** How somebody says that these services alone are wanted. */
export type SayOnly = (services: readonly Service[]) => string

/** Adds every endpoint that the targets need for these services and that nobody set, each by the name of its variable. */
export function requireEndpoints(
  { places, endpointOverrides }: Pick<Config, 'places' | 'endpointOverrides'>,
  services: readonly Service[],
  mistakes: Mistake[],
  sayOnly?: SayOnly,
): void {
  // One that was set to something that is no endpoint has been named already.
  const named = new Set(mistakes.map(({ pointer }) => pointer))
  for (const region of new Set(places.map((place) => place.region)))
    for (const service of services) {
      const mistake = missingEndpoint(service, region, endpointOverrides)
      if (mistake === undefined || named.has(mistake.pointer)) continue
      const others = services.filter((other) => other !== service)
      mistakes.push(
        sayOnly === undefined || others.length === 0
          ? mistake
          : { ...mistake, detail: `${mistake.detail}, or leave it out on purpose: ${sayOnly(others)}` },
      )
    }
}
