import { regionOfTopic } from '../alert-topic.ts'
import type { Delivery, Message, Sender, Trust, Verdict } from './alert.ts'
import type { CertificateAddress } from './certificate.ts'
import { readCloudWatchMessage } from './cloud-watch-alarm.ts'
import { snsConfirmationLink } from './confirmation-link.ts'
import { readExactUrl } from './exact-url.ts'
import {
  type Envelope,
  openSignedMessage,
  type SignedMessage,
  type TopicScheme,
  textAt,
} from './signed-message.ts'
import { snsHost } from './sns-host.ts'

/** Amazon SNS, with the second version of its signature only: the first is SHA-1. */
export const sns: Sender = { takesText: true, maxBytes: 256 * 1024, examine }

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
  window: { pastSeconds: 65 * 60, futureSeconds: 300 },
  signedFields,
  certificateAt,
  commonName: 'sns.amazonaws.com',
}

async function examine(delivery: Delivery, trust: Trust): Promise<Verdict> {
  const opened = await openSignedMessage(delivery, trust, SCHEME)
  if ('outcome' in opened) return opened
  return { outcome: 'authentic', deliveryId: textAt(opened.envelope, 'MessageId'), message: read(opened) }
}

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

function read({ envelope, topic }: SignedMessage): Message {
  switch (envelope['Type']) {
    case 'SubscriptionConfirmation': {
      const link = snsConfirmationLink(textAt(envelope, 'Token') ?? '', topic)
      return { alarms: [], notice: { kind: 'confirmation', topic, link } }
    }
    case 'UnsubscribeConfirmation':
      return { alarms: [], notice: { kind: 'unsubscribed', topic } }
    default:
      return readCloudWatchMessage(textAt(envelope, 'Message') ?? '', topic)
  }
}
