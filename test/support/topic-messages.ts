import { sign } from 'node:crypto'
import type { Identity } from './certificate.ts'

export const SMN_TOPIC = 'urn:smn:sa-brazil-1:bd4140f92d7941cdb34be53d74e37ac5:alarm-testing'
const SMN_HOST = 'smn.sa-brazil-1.myhuaweicloud.com'
export const SMN_CERTIFICATE = `https://${SMN_HOST}/smn/SMN_sa-brazil-1_439574c9504b45589a008b0d718fad99.pem`
export const SNS_TOPIC = 'arn:aws:sns:us-east-1:123456789012:backup-alarms'
const SNS_HOST = 'sns.us-east-1.amazonaws.com'
export const SNS_CERTIFICATE = `https://${SNS_HOST}/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem`

/** A message of a topic as its JSON holds it. */
export type TopicMessage = Readonly<Record<string, unknown>>

/** What makes the text that is signed: the fields in their order, and what stands behind each name and value. */
export interface SigningWay {
  readonly fields: readonly string[]
  readonly lineEnd?: string
  readonly isLastEnded?: boolean
}

/** Signs fields of a message with the key of a certificate. */
function signFields(
  { key }: Identity,
  message: TopicMessage,
  { fields, lineEnd = '\n', isLastEnded = true }: SigningWay,
): string {
  const text = fields.map((name) => `${name}${lineEnd}${message[name]}${lineEnd}`).join('')
  const signed = isLastEnded ? text : text.slice(0, -lineEnd.length)
  return sign('RSA-SHA256', Buffer.from(signed), key).toString('base64')
}

const SMN_NOTIFICATION = ['message', 'message_id', 'subject', 'timestamp', 'topic_urn', 'type']
const SMN_CONFIRMATION = ['message', 'message_id', 'subscribe_url', 'timestamp', 'topic_urn', 'type']
const SNS_NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
const SNS_CONFIRMATION = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']

/** What a test may want otherwise; `way` changes how it is signed, and a field that is undefined is left out. */
export type Changes = TopicMessage & { readonly way?: Partial<SigningWay> }

/** A message of SMN as SMN signs it. */
export function smnMessage(signer: Identity, { way = {}, ...changes }: Changes): TopicMessage {
  const message = defined({
    topic_urn: SMN_TOPIC,
    message_id: 'd3df1fb0248f48b69fb9df4676177406',
    signature_version: 'v1',
    type: 'Notification',
    message: JSON.stringify(cloudEyeAlarm()),
    signing_cert_url: SMN_CERTIFICATE,
    ...changes,
  })
  const isNotification = message['type'] === 'Notification'
  const named = isNotification ? SMN_NOTIFICATION : SMN_CONFIRMATION
  const fields = named.filter((name) => name !== 'subject' || message[name])
  return { signature: signFields(signer, message, { fields, ...way }), ...message }
}

/** A message of SNS as SNS signs it. */
export function snsMessage(signer: Identity, { way = {}, ...changes }: Changes): TopicMessage {
  const message = defined({
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: SNS_TOPIC,
    Message: JSON.stringify(cloudWatchAlarm()),
    SignatureVersion: '2',
    SigningCertURL: SNS_CERTIFICATE,
    ...changes,
  })
  const isNotification = message['Type'] === 'Notification'
  const named = isNotification ? SNS_NOTIFICATION : SNS_CONFIRMATION
  const fields = named.filter((name) => name !== 'Subject' || (message[name] ?? undefined) !== undefined)
  return { Signature: signFields(signer, message, { fields, ...way }), ...message }
}

/** An alarm of Cloud Eye, as it stands in the message of a topic. */
export function cloudEyeAlarm(changes: TopicMessage = {}): TopicMessage {
  return {
    message_type: 'alarm',
    alarm_id: 'al1704475580412b2a4lnr3W',
    alarm_name: 'vault-nearly-full',
    alarm_status: 'alarm',
    time: 1705078276006,
    namespace: 'SYS.CBR',
    metric_name: 'vault_util',
    dimension: 'instance_id:ed5e8d39-9301-45ea-b11d-6ece27a09e17',
    template_variable: { AlarmLevel: 'Critical', ResourceId: 'ed5e8d39-9301-45ea-b11d-6ece27a09e17' },
    ...changes,
  }
}

/** An alarm of CloudWatch, likewise. */
function cloudWatchAlarm(changes: TopicMessage = {}): TopicMessage {
  return {
    AlarmName: 'vault-nearly-full',
    AlarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:vault-nearly-full',
    NewStateValue: 'ALARM',
    StateChangeTime: '2026-11-28T10:00:00.000+0000',
    Region: 'US East (N. Virginia)',
    Trigger: { MetricName: 'disk_used' },
    ...changes,
  }
}

function defined(message: TopicMessage): TopicMessage {
  return Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined))
}
