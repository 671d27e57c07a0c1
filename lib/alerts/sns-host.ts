/** `arn:aws:sns:<region>:<account>:<topic>`; China and the government of the US have partitions of their own. */
const TOPIC =
  /^arn:(aws|aws-cn|aws-us-gov):sns:([a-z]{2,}(?:-[a-z]+)+-\d{1,2}):\d{12}:[A-Za-z0-9_-]{1,256}(?:\.fifo)?$/

/** The region of a topic of SNS; undefined where the text names none. */
export function regionOfSns(topic: string): string | undefined {
  return TOPIC.exec(topic)?.[2]
}

/** The host of SNS in a region. */
export function snsHost(region: string): string {
  return `sns.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`
}
