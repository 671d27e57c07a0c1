import { regionOfTopic } from '../alert-topic.ts'
import { hours, minutes } from '../time.ts'
import type { CertificateAddress } from './certificate.ts'
import { readCloudEyeMessage } from './cloud-eye-alarm.ts'
import { smnConfirmationLink } from './confirmation-link.ts'
import { readExactUrl } from './exact-url.ts'
import { type Envelope, type TopicScheme, textAt } from './signed-message.ts'
import { topicSender } from './topic-sender.ts'

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
  window: { past: hours(26), future: minutes(5) },
  signedFields,
  certificateAt,
  // Huawei does not say whose name its certificates bear.
  commonName: undefined,
}

/** Huawei's Simple Message Notification: RSA over fields inside the JSON, one line for each name and each value. */
export const smn = topicSender({
  scheme: SCHEME,
  names: { type: 'type', id: 'message_id', text: 'message' },
  confirmationLink: (envelope, topic) => smnConfirmationLink(textAt(envelope, 'subscribe_url') ?? '', topic),
  readAlarms: readCloudEyeMessage,
})

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
