import { regionOfTopic } from '../alert-topic.ts'
import { minutes } from '../time.ts'
import type { CertificateAddress } from './certificate.ts'
import { readCloudWatchMessage } from './cloud-watch-alarm.ts'
import { snsConfirmationLink } from './confirmation-link.ts'
import { readExactUrl } from './exact-url.ts'
import { type Envelope, type TopicScheme, textAt } from './signed-message.ts'
import { snsHost } from './sns-host.ts'
import { topicSender } from './topic-sender.ts'

const SCHEME: TopicScheme = {
  names: {
    topic: 'TopicArn',
    timestamp: 'Timestamp',
    version: 'SignatureVersion',
    signature: 'Signature',
    certificateUrl: 'SigningCertURL',
  },
  version: '2',
  // SNS goes on sending over HTTP for up to an hour.
  window: { past: minutes(65), future: minutes(5) },
  signedFields,
  certificateAt,
  commonName: 'sns.amazonaws.com',
}

/** Amazon SNS, with the second version of its signature only: the first is SHA-1. */
export const sns = topicSender({
  scheme: SCHEME,
  names: { type: 'Type', id: 'MessageId', text: 'Message' },
  confirmationLink: (envelope, topic) => snsConfirmationLink(textAt(envelope, 'Token') ?? '', topic),
  readAlarms: readCloudWatchMessage,
})

function signedFields(envelope: Envelope): readonly string[] | undefined {
  switch (envelope['Type']) {
    case 'Notification': {
      const hasSubject = envelope['Subject'] !== undefined && envelope['Subject'] !== null
      return ['Message', 'MessageId', ...(hasSubject ? ['Subject'] : []), 'Timestamp', 'TopicArn', 'Type']
    }
    case 'SubscriptionConfirmation':
    case 'UnsubscribeConfirmation':
      return ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
    default:
      return undefined
  }
}

/** `https://sns.<region>.amazonaws.com/SimpleNotificationService-<32 hex>.pem`, of the topic's own region. */
function certificateAt(text: string, topic: string): CertificateAddress | undefined {
  const region = regionOfTopic(topic, 'sns')
  const url = readExactUrl(text, false)
  if (region === undefined || url === undefined || url.host !== snsHost(region)) return undefined
  return /^\/SimpleNotificationService-[0-9a-f]{32}\.pem$/.test(url.pathname)
    ? { host: url.host, path: url.pathname }
    : undefined
}
