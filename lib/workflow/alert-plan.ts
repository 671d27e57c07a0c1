import type { AlertSource } from '../alert-source.ts'
import type { Alarm } from '../alerts/alert.ts'
import type { AlertPolicy } from '../audit/alert-policy.ts'
import { type AlertAction, actionsFor } from '../audit/alert-rules.ts'
import { idOf } from '../digest.ts'

/** One thing to do, and the alarm that it is done for. */
export interface PlannedOrder {
  readonly operation: string
  readonly action: AlertAction
  readonly alarm: Alarm
}

/** What the alarms of one delivery come to. */
export interface AlertPlan {
  readonly orders: readonly PlannedOrder[]
  /** Which operation each alarm is covered by, action by action: the same one whenever it comes again. */
  readonly covered: Coverage
  /** Alarms that are on, and for which the policy has no rule. */
  readonly parked: readonly Alarm[]
}

/** Operations by the key of an alarm and an action. */
export type Coverage = Readonly<Record<string, string>>

/**
 * What a policy makes of the alarms of one delivery. Alarms that come together and ask for the same are one order, named for the
 * newest of them; one that was covered before stays covered by the same operation. Pure: the same delivery and the same
 * past give the same plan.
 */
export function planAlert(
  source: AlertSource,
  alarms: readonly Alarm[],
  policy: Pick<AlertPolicy, 'rules'>,
  past: Coverage,
): AlertPlan {
  const firing = alarms.filter(({ isFiring }) => isFiring)
  const wishes = firing.map((alarm) => ({ alarm, actions: actionsFor(policy, source, alarm.fields) }))
  const orders = new Map<string, PlannedOrder>()
  const covered: [key: string, operation: string][] = []
  for (const [action, wanting] of byAction(wishes)) {
    const fresh = wanting.filter((alarm) => !Object.hasOwn(past, coverageKey(alarm, action)))
    const newest = newestOf(fresh)
    for (const alarm of wanting) {
      const key = coverageKey(alarm, action)
      const known = Object.hasOwn(past, key) ? past[key] : undefined
      const operation = known ?? operationFor(source, newest ?? alarm, action)
      covered.push([key, operation])
      if (!orders.has(operation) || alarm === newest) orders.set(operation, { operation, action, alarm })
    }
  }
  return {
    orders: [...orders.values()],
    covered: Object.fromEntries(covered),
    parked: wishes.filter(({ actions }) => actions.length === 0).map(({ alarm }) => alarm),
  }
}

interface Wish {
  readonly alarm: Alarm
  readonly actions: readonly AlertAction[]
}

function byAction(wishes: readonly Wish[]): ReadonlyMap<AlertAction, readonly Alarm[]> {
  const known = new Map<string, AlertAction>()
  const alarms = new Map<AlertAction, Alarm[]>()
  for (const { alarm, actions } of wishes)
    for (const action of actions) {
      const name = JSON.stringify(action)
      const first = known.get(name) ?? action
      known.set(name, first)
      const others = alarms.get(first)
      if (others === undefined) alarms.set(first, [alarm])
      else others.push(alarm)
    }
  return alarms
}

/** By time, and by identity where several started at once, so that their order in the message does not count. */
function newestOf(alarms: readonly Alarm[]): Alarm | undefined {
  const rank = ({ startedAt, identity }: Alarm) => JSON.stringify([startedAt, identity])
  return alarms.reduce<Alarm | undefined>(
    (newest, alarm) => (newest === undefined || rank(alarm) > rank(newest) ? alarm : newest),
    undefined,
  )
}

/** What is to be done is part of the name, so that a policy that asks for something else starts something else. */
function operationFor(source: AlertSource, { identity, startedAt }: Alarm, action: AlertAction): string {
  return idOf(JSON.stringify(['alert', source, identity, startedAt, action.kind, action.request]))
}

function coverageKey({ identity, startedAt }: Alarm, action: AlertAction): string {
  return idOf(JSON.stringify([identity, startedAt, action])).slice(0, 20)
}
