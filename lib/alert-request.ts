import * as z from 'zod/mini'
import { parsePlace } from './parse-place.ts'
import { isPlainId } from './plain-id.ts'
import { listOfDistinct, textLike, uuid } from './request-values.ts'
import { strict } from './strict.ts'

const TARGETS = 'a list of targets such as ["cn-north-4"]'

const region = described('a region such as cn-north-4', (value) => parsePlace(value)?.region === value)

const id = described('an id: 1 to 64 letters, digits, - and _', isPlainId)

/** A checkpoint that an alert may ask for: what a rule says of it, and what the order that is made from the rule says. */
export const checkpointRequest = strict({
  region,
  project_id: id,
  vault_id: uuid,
  resources: z.optional(
    listOfDistinct(uuid, (value) => value, 'resource ids, each once').check(
      z.minLength(1, 'at least one resource, or no list'),
    ),
  ),
})

/** An audit that an alert may ask for; whoever else asks for one may say more. */
export const auditRequest = strict({
  targets: z.optional(
    z
      .array(
        described('REGION or REGION:PROJECT_ID', (value) => parsePlace(value) !== undefined),
        { error: TARGETS },
      )
      .check(z.minLength(1, { error: TARGETS })),
  ),
  vault_id: z.optional(id),
  resource_id: z.optional(id),
  instance_id: z.optional(id),
})

function described(allowed: string, isAllowed: (value: string) => boolean) {
  return textLike(isAllowed, allowed, { description: allowed })
}
