import { regionOfTopic } from '../alert-topic.ts'
import type { Delivery, Message, Sender, Trust, Verdict } from './alert.ts'
import type { CertificateAddress } from './certificate.ts'
import { readCloudEyeMessage } from './cloud-eye-alarm.ts'
import { smnConfirmationLink } from './confirmation-link.ts'
import { readExactUrl } from './exact-url.ts'
import {
  type Envelope,
  openSignedMessage,
  type SignedMessage,
  type TopicScheme,
  textAt,
} from './signed-message.ts'

/** Huawei's Simple Message Notification: RSA over fields inside the JSON, one line for each name and each value. */
export const smn: Sender = { takesText: true, maxBytes: 256 * 1024, examine }

const OF_CONFIRMATIONS = ['message', 'message_id', 'subscribe_url', 'timestamp', 'topic_urn', 'type']

const SCHEME: TopicScheme = {
  names: {
    topic: 'topic_urn',
    timestamp: 'timestamp',
    version: 'signature_version',
    signature: 'signature',
    certificateUrl: 'signing_cert_url',
  },
  version: 'v1',
  // The time is that of the first sending, and SMN goes on sending for up to a day.
  window: { pastSeconds: 26 * 3600, futureSeconds: 300 },
  signedFields,
  certificateAt,
  // Huawei does not say whose name its certificates bear.
  commonName: undefined,
}

async function examine(delivery: Delivery, trust: Trust): Promise<Verdict> {
  const opened = await openSignedMessage(delivery, trust, SCHEME)
  if ('outcome' in opened) return opened
  return {
    outcome: 'authentic',
    deliveryId: textAt(opened.envelope, 'message_id'),
    message: read(opened),
  }
}

function signedFields(envelope: Envelope): readonly string[] | undefined {
  switch (envelope['type']) {
    case 'Notification': {
      const isBlank = (textAt(envelope, 'subject') ?? '').trim() === ''
      return ['message', 'message_id', ...(isBlank ? [] : ['subject']), 'timestamp', 'topic_urn', 'type']
    }
    case 'SubscriptionConfirmation':
    case 'UnsubscribeConfirmation':
      return OF_CONFIRMATIONS
    default:
      return undefined
  }
}

/** `https://smn.<region>.myhuaweicloud.com/smn/SMN_<region>_<32 hex>.pem`, of the topic's own region: buckets of others share the parent domain. */
function certificateAt(text: string, topic: string): CertificateAddress | undefined {
  const region = regionOfTopic(topic, 'smn')
  const url = readExactUrl(text, false)
  if (region === undefined || url === undefined || url.host !== `smn.${region}.myhuaweicloud.com`)
    return undefined
  const file = /^\/smn\/SMN_([a-z0-9-]+)_[0-9a-f]{32}\.pem$/.exec(url.pathname)
  return file?.[1] === region ? { host: url.host, path: url.pathname } : undefined
}

function read({ envelope, topic }: SignedMessage): Message {
  switch (envelope['type']) {
    case 'SubscriptionConfirmation': {
      const link = smnConfirmationLink(textAt(envelope, 'subscribe_url') ?? '', topic)
      return { alarms: [], notice: { kind: 'confirmation', topic, link } }
    }
    case 'UnsubscribeConfirmation':
      return { alarms: [], notice: { kind: 'unsubscribed', topic } }
    default:
      return readCloudEyeMessage(textAt(envelope, 'message') ?? '', topic)
  }
}
