import * as z from 'zod/mini'
import { auditRequest } from '../alert-request.ts'
import { type Scope, servicesOf } from '../audit/scope.ts'
import { SERVICES, type Service } from '../backup.ts'
import { Fault, type Mistake } from '../errors.ts'
import type { Place } from '../parse-place.ts'
import { parseTime } from '../parse-time.ts'
import { isAuditId } from '../report/audit-id.ts'
import { strict, toMistakes } from '../strict.ts'
import type { Instant } from '../time.ts'
import { mistakeInZonedTime } from '../zoned-time.ts'
import { describePlaces, strangePlaces, toPlace } from './target-reach.ts'

/** What somebody asks of an audit by a message; what is left out means all that is configured. */
export interface AuditOrder {
  /** All of them are configured, or lie within a place that is. */
  readonly places: readonly Place[]
  readonly services: readonly Service[]
  readonly scope: Scope | undefined
  readonly asOf: Instant | undefined
  readonly previous: string | undefined
}

const TIME = 'a time with a zone, such as "2026-11-20T06:00:00Z"'

/** The body of `POST /audits`, and what a timer or a message says. */
export const auditOrder = strict({
  /** `scheduled` where a timer asks, so that a log tells it from a person. */
  kind: z.optional(z.literal('scheduled', { error: '"scheduled", or nothing' })),
  targets: auditRequest.shape.targets,
  services: z.optional(
    listOf(
      z.enum(SERVICES, { error: SERVICES.join(' or ') }),
      `a list of services: ${JSON.stringify(SERVICES)}`,
    ),
  ),
  as_of: z.optional(
    z.string({ error: TIME }).check(
      z.refine((value) => mistakeInZonedTime(value) === undefined, {
        error: ({ input }) => `${TIME}; ${mistakeInZonedTime(String(input))}`,
      }),
      z.describe(TIME),
    ),
  ),
  previous: z.optional(text('the audit_id of an earlier audit, or "none"', isAuditId)),
  vault_id: auditRequest.shape.vault_id,
  resource_id: auditRequest.shape.resource_id,
  instance_id: auditRequest.shape.instance_id,
})

const asOfAlone = z.object({ as_of: auditOrder.shape.as_of })

/** What an order is read against. */
export interface OrderTerms {
  readonly now: Instant
  /** The configured places: an order can narrow them, and never widen them. */
  readonly places: readonly Place[]
}

/** Reads an order; one Fault `invalid_request` names every mistake of it at once, and `forbidden` the targets that are not ours. */
export function readAuditOrder(document: unknown, { now, places }: OrderTerms): AuditOrder {
  const reading = z.safeParse(auditOrder, document)
  const mistakes: Mistake[] = reading.success ? [] : [...toMistakes(reading.error, document)]
  // Read alone, as the rest of the order may have mistakes of its own; what is no time at all is named among those.
  const { as_of } = asOfAlone.safeParse(document).data ?? {}
  const asOf = as_of === undefined ? undefined : parseTime(as_of)
  if (asOf !== undefined && asOf > now) {
    mistakes.push({ pointer: '/as_of', detail: `found ${as_of}, which is in the future` })
  }
  if (mistakes.length > 0)
    throw new Fault('invalid_request', 'Cannot start the audit that was asked for', { mistakes })
  const { targets, services, previous } = reading.data ?? {}
  const scope = toScope(reading.data ?? {})
  return {
    places: narrow(places, targets),
    services: services ?? (scope === undefined ? SERVICES : servicesOf(scope)),
    scope,
    asOf,
    previous,
  }
}

function toScope({ vault_id, resource_id, instance_id }: z.infer<typeof auditOrder>): Scope | undefined {
  if ((vault_id ?? resource_id ?? instance_id) === undefined) return undefined
  return { vault_id: vault_id ?? null, resource_id: resource_id ?? null, instance_id: instance_id ?? null }
}

function text(allowed: string, holds: (value: string) => boolean) {
  return z.string({ error: allowed }).check(z.refine(holds, { error: allowed }), z.describe(allowed))
}

function listOf<Item extends z.ZodMiniType>(item: Item, allowed: string) {
  return z.array(item, { error: allowed }).check(z.minLength(1, { error: allowed }))
}

function narrow(configured: readonly Place[], targets: readonly string[] | undefined): readonly Place[] {
  if (targets === undefined) return configured
  const places = [...new Set(targets)].map(toPlace)
  const strange = strangePlaces(configured, places)
  if (strange.length === 0) return places
  const [found, allowed] = [describePlaces(strange), describePlaces(configured)]
  throw new Fault('forbidden', `Cannot audit ${found}: the targets of this deployment are ${allowed}`)
}
