import * as z from 'zod/mini'
import { type Message, notUnderstood } from './alert.ts'
import { readDocument } from './document.ts'
import { toFields } from './fields.ts'

const STATES = ['ALARM', 'OK', 'INSUFFICIENT_DATA']

const alarmSchema = z.object({
  AlarmName: z.string(),
  AlarmArn: z.optional(z.string()),
  NewStateValue: z.enum(STATES),
  StateChangeTime: z.string(),
})

/** The same as EventBridge tells it. */
const eventSchema = z.object({
  'detail-type': z.literal('CloudWatch Alarm State Change'),
  resources: z._default(z.array(z.string()), []),
  detail: z.object({
    alarmName: z.string(),
    state: z.object({ value: z.enum(STATES), timestamp: z.string() }),
  }),
})

/** Reads what a topic of SNS was told: an alarm of CloudWatch, from itself or through EventBridge. */
export function readCloudWatchMessage(text: string, topic: string): Message {
  const document = readDocument(text)
  if ('because' in document) return notUnderstood(`The message of the topic ${document.because}`)
  const alarm = readAlarm(document.object) ?? readEvent(document.object)
  if (alarm === undefined) return notUnderstood('The message of the topic is no alarm of CloudWatch')
  const { name, arn, state, since } = alarm
  const fields = { ...toFields(document.object), TopicArn: topic }
  const isFiring = state === 'ALARM'
  return { alarms: [{ identity: arn ?? `${topic} ${name}`, startedAt: since, isFiring, name, fields }] }
}

function readAlarm(document: object) {
  const { data } = z.safeParse(alarmSchema, document)
  return (
    data && {
      name: data.AlarmName,
      arn: data.AlarmArn,
      state: data.NewStateValue,
      since: data.StateChangeTime,
    }
  )
}

function readEvent(document: object) {
  const { data } = z.safeParse(eventSchema, document)
  return (
    data && {
      name: data.detail.alarmName,
      arn: data.resources[0],
      state: data.detail.state.value,
      since: data.detail.state.timestamp,
    }
  )
}
