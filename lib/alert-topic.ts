import type { TopicSource } from './alert-source.ts'

/** A topic that sends alerts: who publishes it, and in which region. */
export interface AlertTopic {
  readonly source: TopicSource
  readonly region: string
}

const SMN = /^urn:smn:([a-z]{2,}(?:-[a-z0-9]+)+):[0-9a-zA-Z]+:[^:]+$/
/** China and the government of the US have partitions of their own. */
const SNS =
  /^arn:(?:aws|aws-cn|aws-us-gov):sns:([a-z]{2,}(?:-[a-z]+)+-\d{1,2}):\d{12}:[A-Za-z0-9_-]{1,256}(?:\.fifo)?$/

/** What a topic may look like. */
export const TOPIC_FORMS =
  '"urn:smn:REGION:PROJECT_ID:NAME" of SMN or "arn:aws:sns:REGION:ACCOUNT:NAME" of SNS'

/** Reads the name of a topic; undefined where no sender has such, for then none could ever prove itself. */
export function readAlertTopic(topic: string): AlertTopic | undefined {
  const [smn, sns] = [SMN.exec(topic)?.[1], SNS.exec(topic)?.[1]]
  if (smn !== undefined) return { source: 'smn', region: smn }
  return sns === undefined ? undefined : { source: 'sns', region: sns }
}

/** The region of a topic of this sender; undefined where it is none. */
export function regionOfTopic(topic: string, source: TopicSource): string | undefined {
  const read = readAlertTopic(topic)
  return read?.source === source ? read.region : undefined
}
