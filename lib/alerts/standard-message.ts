import { type Message, notUnderstood } from './alert.ts'
import { readDocument } from './document.ts'
import { toFields, withShortNames } from './fields.ts'

/** The standard leaves the payload to the sender: where such a payload says whether something is wrong, and in what words. */
const STATE_FIELDS = ['status', 'alarm_status', 'state'] as const
const FIRING = ['firing', 'alarm', 'alerting', 'triggered']
const OVER = ['resolved', 'ok', 'normal', 'insufficient_data', 'insufficient data', 'acknowledged', 'nodata']

/** Reads the payload of a Standard Webhook: `{type, timestamp, data}`, or an alarm without that wrapping. */
export function readStandardMessage(body: Buffer, webhookId: string): Message {
  const document = readDocument(body)
  if ('because' in document) return notUnderstood(`The body ${document.because}`)
  const fields = withShortNames(toFields(document.object), 'data.')
  const state = stateOf(fields)
  if (state === undefined)
    return notUnderstood(
      `Nothing says whether the alarm is on: status, or the end of type, must be one of ${[...FIRING, ...OVER].join(', ')}`,
    )
  const identity = fields['fingerprint'] ?? fields['alarm_id'] ?? fields['data.id'] ?? webhookId
  const startedAt = fields['startsAt'] ?? fields['started_at'] ?? ''
  const name = fields['alarm_name'] ?? fields['name'] ?? fields['title'] ?? fields['type'] ?? identity
  return { alarms: [{ identity, startedAt, isFiring: FIRING.includes(state), name, fields }] }
}

/** A known word, from the field that says it or from the end of a type such as `alert.firing`. */
function stateOf(fields: Readonly<Record<string, string>>): string | undefined {
  const said = STATE_FIELDS.flatMap((name) => fields[name] ?? [])
  const words = [...said, fields['type']?.split('.').at(-1) ?? ''].map((word) => word.toLowerCase())
  return words.find((word) => FIRING.includes(word) || OVER.includes(word))
}
