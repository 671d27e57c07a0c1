import type { Delivery, Examined, Message, Sender, Trust } from './alert.ts'
import {
  type Envelope,
  openSignedMessage,
  type SignedMessage,
  type TopicScheme,
  textAt,
} from './signed-message.ts'

/** A service of topics: how it signs, and how it spells what its messages say. */
export interface TopicService {
  readonly scheme: TopicScheme
  readonly names: { readonly type: string; readonly id: string; readonly text: string }
  /** The link by which a person confirms the topic; undefined where the message has none that can be trusted. */
  readonly confirmationLink: (envelope: Envelope, topic: string) => string | undefined
  readonly readAlarms: (text: string, topic: string) => Message
}

/** The sender of the messages of a service of topics. */
export function topicSender(service: TopicService): Sender {
  return {
    takesText: true,
    maxBytes: 256 * 1024,
    examine: (delivery, trust) => examine(service, delivery, trust),
  }
}

async function examine(service: TopicService, delivery: Delivery, trust: Trust): Promise<Examined> {
  const opened = await openSignedMessage(delivery, trust, service.scheme)
  if ('outcome' in opened) return opened
  const deliveryId = textAt(opened.envelope, service.names.id)
  return { outcome: 'authentic', deliveryId, message: read(service, opened) }
}

function read(
  { names, confirmationLink, readAlarms }: TopicService,
  { envelope, topic }: SignedMessage,
): Message {
  switch (envelope[names.type]) {
    case 'SubscriptionConfirmation': {
      const link = confirmationLink(envelope, topic)
      return { alarms: [], notice: { kind: 'confirmation', topic, link } }
    }
    case 'UnsubscribeConfirmation':
      return { alarms: [], notice: { kind: 'unsubscribed', topic } }
    default:
      return readAlarms(textAt(envelope, names.text) ?? '', topic)
  }
}
