import * as z from 'zod/mini'
import { type Message, notUnderstood } from './alert.ts'
import { readDocument } from './document.ts'
import { toFields, withShortNames } from './fields.ts'

const STATES = ['alarm', 'ok', 'insufficient_data']

const alarmSchema = z.object({
  message_type: z.literal('alarm'),
  alarm_id: z.string(),
  alarm_name: z.string(),
  alarm_status: z.enum(STATES),
  /** Milliseconds since 1970. */
  time: z.number(),
  dimension: z._default(z.string(), ''),
  template_variable: z._default(z.looseObject({ ResourceId: z._default(z.string(), '') }), {
    ResourceId: '',
  }),
})

/** Reads what a topic of SMN was told: an alarm of Cloud Eye, which is JSON in a text. */
export function readCloudEyeMessage(text: string, topic: string): Message {
  const document = readDocument(text)
  if ('because' in document) return notUnderstood(`The message of the topic ${document.because}`)
  const reading = z.safeParse(alarmSchema, document.object)
  if (!reading.success) return notUnderstood('The message of the topic is no alarm of Cloud Eye')
  const { alarm_id, alarm_name, alarm_status, time, dimension, template_variable } = reading.data
  const resource = template_variable.ResourceId || dimension
  return {
    alarms: [
      {
        identity: JSON.stringify([alarm_id, resource]),
        startedAt: String(time),
        isFiring: alarm_status === 'alarm',
        name: alarm_name,
        fields: {
          ...withShortNames(toFields(document.object), 'template_variable.'),
          topic_urn: topic,
        },
      },
    ],
  }
}
