import { regionOfTopic } from '../alert-topic.ts'
import { readExactUrl } from './exact-url.ts'
import { snsHost } from './sns-host.ts'

/** The link by which a person confirms a topic of SMN: as it was signed, if it leads to Huawei's console and to this topic. */
export function smnConfirmationLink(subscribeUrl: string, topic: string): string | undefined {
  const region = regionOfTopic(topic, 'smn')
  const url = readExactUrl(subscribeUrl, true)
  if (region === undefined || url === undefined) return undefined
  const hosts = ['console.huaweicloud.com', `${region}-console.huaweicloud.com`]
  const isOurs =
    hosts.includes(url.host) &&
    url.pathname === '/smn/subscription/confirm' &&
    url.searchParams.getAll('topic_urn').join() === topic &&
    url.searchParams.getAll('token').length === 1
  return isOurs ? url.href : undefined
}

/** The link by which a person confirms a topic of SNS, made from what is signed: the one in the message could name any action. */
export function snsConfirmationLink(token: string, topic: string): string | undefined {
  const region = regionOfTopic(topic, 'sns')
  if (region === undefined || !/^[0-9A-Za-z]{1,2048}$/.test(token)) return undefined
  const query = new URLSearchParams({ Action: 'ConfirmSubscription', TopicArn: topic, Token: token })
  return `https://${snsHost(region)}/?${query}`
}

/** A link that was kept, if it still is the one that a topic of this sender would have. */
export function checkedLink(source: string, topic: string, link: string): string | undefined {
  switch (source) {
    case 'smn':
      return smnConfirmationLink(link, topic)
    case 'sns':
      return snsConfirmationLink(URL.parse(link)?.searchParams.get('Token') ?? '', topic)
    default:
      return undefined
  }
}
