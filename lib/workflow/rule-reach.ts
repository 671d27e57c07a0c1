import type { Policy } from '../audit/policy.ts'
import type { Mistake } from '../errors.ts'
import { describeMistake } from '../errors.ts'
import type { Place } from '../parse-place.ts'
import type { Services } from '../runtime/services.ts'
import { describePlaces, strangePlaces, toPlace } from './target-reach.ts'

/** The rules of a policy that name a target which is not configured here: what they order could only be set aside. */
export function rulesOutOfReach(
  { alerts }: Pick<Policy, 'alerts'>,
  configured: readonly Place[],
): readonly Mistake[] {
  return (alerts?.rules ?? []).flatMap(({ checkpoint, audit }, index) => {
    const places =
      checkpoint === undefined
        ? (audit?.targets ?? []).map(toPlace)
        : [{ region: checkpoint.region, projectId: checkpoint.project_id }]
    const strange = strangePlaces(configured, places)
    if (strange.length === 0) return []
    const pointer = `/alerts/rules/${index}/${checkpoint === undefined ? 'audit/targets' : 'checkpoint'}`
    const detail = `found ${describePlaces(strange)}, allowed is what is configured here: ${describePlaces(configured)}`
    return [{ pointer, detail }]
  })
}

/** Says so for each of them, in time to mend it: the alert would come first otherwise. */
export function warnOfRules({ config, log }: Pick<Services, 'config' | 'log'>, policy: Policy): void {
  for (const mistake of rulesOutOfReach(policy, config.places))
    log('warn', 'alert rule out of reach', { because: describeMistake(mistake) })
}
