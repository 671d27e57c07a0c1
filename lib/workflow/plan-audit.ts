import { CONTROLS } from '../audit/controls/index.ts'
import type { EarlierAudit } from '../audit/delta.ts'
import type { Policy } from '../audit/policy.ts'
import type { Scope } from '../audit/scope.ts'
import type { Service } from '../backup.ts'
import { Fault } from '../errors.ts'
import type { Place } from '../parse-place.ts'
import { createAuditId } from '../report/audit-id.ts'
import { whyLatestStays } from '../report/latest.ts'
import { findEarlierAudits } from '../report/previous.ts'
import type { Services } from '../runtime/services.ts'
import { type Plan, planSources } from '../runtime/sources.ts'
import { formatTime, type Instant } from '../time.ts'
import { readPolicyNow } from './held-policy.ts'
import { warnOfRules } from './rule-reach.ts'

/** What an audit is asked for; the store is that of the services. */
export interface AuditWish {
  /** Where alone to look; everywhere that is configured unless told. */
  readonly places?: readonly Place[] | undefined
  readonly services: readonly Service[]
  /** What alone is to be reported, of targets that are read whole all the same; everything unless told. */
  readonly scope?: Scope | undefined
  /** Now, unless told. */
  readonly asOf: Instant | undefined
  readonly previous: string | undefined
  /** The name that was promised to whoever asked; a new one unless told. */
  readonly auditId?: string | undefined
}

/** Everything that is decided before anything is read: from here on an audit depends on the cloud alone. */
export interface AuditPlan extends Plan {
  readonly auditId: string
  readonly startedAt: Instant
  readonly asOf: Instant
  readonly scope: Scope | undefined
  readonly policy: Policy
  /** The audits to compare with, newest first. */
  readonly earlier: readonly EarlierAudit[]
}

/** Plans an audit, and finds out before the long part begins whether its report can be written. */
export async function planAudit(services: Services, wish: AuditWish): Promise<AuditPlan> {
  const { store } = services
  const startedAt = services.now()
  const asOf = wish.asOf ?? startedAt
  // Whoever read the wish may have had a clock that Huawei corrected since.
  if (asOf > startedAt) throw inFuture(asOf, startedAt)
  const auditId = wish.auditId ?? createAuditId(startedAt, services.randomHex(4))
  const policy = await readPolicyNow(services)
  warnOfRules(services, policy)
  await store.probe()
  // What cannot be read now could not be moved forward later, when the report is there already.
  const latestStays = await whyLatestStays(store, auditId, startedAt)
  if (latestStays !== undefined) services.log('warn', 'latest audit not named', { because: latestStays })
  const earlier = await findEarlierAudits(store, {
    asOf,
    previous: wish.previous,
    onPassedOver: (because) => services.log('warn', 'earlier audit passed over', { because }),
  })
  const { places = services.config.places } = wish
  const narrowed = { ...services, config: { ...services.config, places } }
  const readsReplicationPolicies = policy.replication.required === 'auto'
  return {
    auditId,
    startedAt,
    asOf,
    scope: wish.scope,
    policy,
    earlier,
    ...(await planSources(narrowed, { services: wish.services, readsReplicationPolicies })),
  }
}

function inFuture(asOf: Instant, now: Instant): Fault {
  return new Fault(
    'invalid_request',
    `Cannot audit what is to come: as_of is ${formatTime(asOf)}, and it is ${formatTime(now)} now`,
  )
}

/** What the judging of an audit goes by. */
export function termsOf({
  auditId,
  asOf,
  policy,
  scope,
}: Pick<AuditPlan, 'auditId' | 'asOf' | 'policy' | 'scope'>) {
  return { auditId, asOf, policy, controls: CONTROLS, scope }
}
