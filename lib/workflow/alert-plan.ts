import type { AlertSource } from '../alert-source.ts'
import type { Alarm } from '../alerts/alert.ts'
import type { AlertPolicy } from '../audit/alert-policy.ts'
import { type AlertAction, actionsFor } from '../audit/alert-rules.ts'
import { idOf } from '../digest.ts'
import { parseTime } from '../parse-time.ts'
import type { Instant } from '../time.ts'

/** One thing to do, and the alarm that it is done for. */
export interface PlannedOrder {
  readonly operation: string
  readonly action: AlertAction
  readonly alarm: Alarm
}

/** What the alarms of one delivery come to. */
export interface AlertPlan {
  readonly orders: readonly PlannedOrder[]
  /** Which operation covers an alarm that does not have one of its own, because others came with it. */
  readonly covered: OperationsByAlarm
  /** The own operations of those that would now share one, newest first: whoever has one already must not. */
  readonly sharing: readonly string[]
  /** Alarms that are on, and for which the policy has no rule. */
  readonly parked: readonly Alarm[]
}

/** Operations by the key of an alarm and an action. */
export type OperationsByAlarm = Readonly<Record<string, string>>

/** What became of the alarms of a group when they came before. */
export interface Past {
  readonly covered: OperationsByAlarm
  /** Operations whose orders were written. */
  readonly ordered: ReadonlySet<string>
}

/** The past of whoever comes for the first time. */
export const NO_PAST: Past = { covered: {}, ordered: new Set() }

/**
 * What a policy makes of the alarms of one delivery. Alarms that come together and ask for the same are one order, named for the
 * newest of them; one that has an operation from before keeps it. Pure: the same delivery and the same past give the same plan.
 */
export function planAlert(
  source: AlertSource,
  alarms: readonly Alarm[],
  policy: Pick<AlertPolicy, 'rules'>,
  past: Past,
): AlertPlan {
  const firing = alarms.filter(({ isFiring }) => isFiring)
  const wishes = firing.map((alarm) => ({ alarm, actions: actionsFor(policy, source, alarm.fields) }))
  const orders = new Map<string, PlannedOrder>()
  const covered: [key: string, operation: string][] = []
  const sharing: string[] = []
  for (const demands of byAction(wishes)) {
    const claims = demands.map((demand) => claimOf(source, demand, past))
    const fresh = newestFirst(claims.filter(({ operation }) => operation === undefined))
    if (fresh.length > 1) sharing.push(...fresh.map(({ own }) => own))
    for (const { alarm, action, key, own, operation = fresh[0]?.own ?? own } of claims) {
      if (operation !== own) covered.push([key, operation])
      if (!orders.has(operation) || operation === own) orders.set(operation, { operation, action, alarm })
    }
  }
  return {
    orders: [...orders.values()],
    covered: Object.fromEntries(covered),
    sharing,
    parked: wishes.filter(({ actions }) => actions.length === 0).map(({ alarm }) => alarm),
  }
}

/** An alarm that asks for an action. */
interface Demand {
  readonly alarm: Alarm
  readonly action: AlertAction
}

/** What it has, or would have, for it. */
interface Claim extends Demand {
  readonly key: string
  /** The operation that it has where it comes alone. */
  readonly own: string
  /** The one that it has from before. */
  readonly operation: string | undefined
}

function claimOf(source: AlertSource, { alarm, action }: Demand, { covered, ordered }: Past): Claim {
  const own = operationFor(source, alarm, action)
  const key = coverageKey(alarm, action)
  const shared = Object.hasOwn(covered, key) ? covered[key] : undefined
  return { alarm, action, key, own, operation: shared ?? (ordered.has(own) ? own : undefined) }
}

interface Wish {
  readonly alarm: Alarm
  readonly actions: readonly AlertAction[]
}

/** Actions that say the same are one. */
function byAction(wishes: readonly Wish[]): MapIterator<readonly Demand[]> {
  const demands = wishes.flatMap(({ alarm, actions }) => actions.map((action) => ({ alarm, action })))
  return Map.groupBy(demands, ({ action }) => JSON.stringify(action)).values()
}

/** By time, and by identity where several started at once, so that their order in the message does not count. */
function newestFirst(claims: readonly Claim[]): readonly Claim[] {
  return claims
    .map((claim) => ({ claim, at: timeOf(claim), rank: rankOf(claim) }))
    .sort((one, other) => other.at - one.at || (one.rank < other.rank ? 1 : -1))
    .map(({ claim }) => claim)
}

/** What is no time at all is older than any. */
function timeOf({ alarm }: Claim): number {
  return parseTime(alarm.startedAt) ?? Number.MIN_SAFE_INTEGER
}

function rankOf({ alarm }: Claim): string {
  return JSON.stringify([startOf(alarm), alarm.identity])
}

/** What is to be done is part of the name, so that a policy that asks for something else starts something else. */
function operationFor(source: AlertSource, alarm: Alarm, { kind, request }: AlertAction): string {
  return idOf(JSON.stringify(['alert', source, alarm.identity, startOf(alarm), kind, request]))
}

function coverageKey(alarm: Alarm, action: AlertAction): string {
  return idOf(JSON.stringify([alarm.identity, startOf(alarm), action])).slice(0, 20)
}

/** The moment, for senders write one with other zones and fractions, or the text that is none. */
function startOf({ startedAt }: Alarm): Instant | string {
  return parseTime(startedAt) ?? startedAt
}
