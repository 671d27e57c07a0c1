import * as z from 'zod/mini'
import { sha256 } from '../digest.ts'
import { type Alarm, type AlarmFields, type Message, notUnderstood } from './alert.ts'
import { readDocument } from './document.ts'
import { toFields } from './fields.ts'

const texts = z.record(z.string(), z.string())

const alertSchema = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: texts,
  annotations: z._default(texts, {}),
  startsAt: z.string(),
  fingerprint: z.optional(z.string().check(z.minLength(1))),
})

const groupSchema = z.object({
  version: z.string(),
  alerts: z.array(z.unknown()),
  groupKey: z.optional(z.string()),
  truncatedAlerts: z._default(z.number(), 0),
})

/** Reads a group of alerts as Alertmanager sends it, and Grafana likewise; an alert that is odd does not hold up the others. */
export function readAlertGroup(body: Buffer, version: string): Message {
  const document = readDocument(body)
  if ('because' in document) return notUnderstood(`The body ${document.because}`)
  const reading = z.safeParse(groupSchema, document.object)
  if (!reading.success) return notUnderstood('The body is no group of alerts')
  const { alerts, groupKey, truncatedAlerts } = reading.data
  if (reading.data.version !== version)
    return notUnderstood(`The group is not of version "${version}" of this format`)
  const { alerts: _, ...group } = document.object
  const shared = toFields(group)
  const alarms = alerts.map((alert) => toAlarm(alert, shared))
  const oddCount = alarms.filter((alarm) => alarm === undefined).length
  return {
    alarms: alarms.filter((alarm) => alarm !== undefined),
    group: groupKey,
    oddity: describeOddity(oddCount, alerts.length, truncatedAlerts),
  }
}

function toAlarm(alert: unknown, shared: AlarmFields): Alarm | undefined {
  const reading = z.safeParse(alertSchema, alert)
  if (!reading.success) return undefined
  const { status, labels, annotations, startsAt, fingerprint } = reading.data
  const identity = fingerprint ?? sha256(JSON.stringify(Object.entries(labels).sort()))
  return {
    identity,
    startedAt: startsAt,
    isFiring: status === 'firing',
    name: labels['alertname'] ?? identity,
    // Of the group first, so that an alert speaks for itself where both say something.
    fields: {
      ...shared,
      ...labels,
      ...toFields({ status, labels, annotations, startsAt, fingerprint }),
    },
  }
}

function describeOddity(odd: number, all: number, truncated: number): string | undefined {
  const parts = [
    odd === 0 ? [] : [`${odd} of ${all} alerts cannot be read`],
    truncated === 0 ? [] : [`the sender left ${truncated} alerts out of this group`],
  ].flat()
  return parts.length === 0 ? undefined : parts.join(', and ')
}
