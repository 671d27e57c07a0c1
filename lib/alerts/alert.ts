import type { Instant } from '../time.ts'
import type { CertificateReader } from './certificate.ts'

/** What arrived at the door of a sender. Nothing of it is believed yet. */
export interface Delivery {
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Byte for byte as it was sent. */
  readonly body: Buffer
  readonly now: Instant
}

/** By what a delivery is judged. */
export interface Trust {
  /** All that are valid just now: several while one is being replaced. */
  readonly secrets: readonly string[]
  /** The topics that are heard; those of other senders do no harm in it. */
  readonly topics: readonly string[]
  readonly certificateOf: CertificateReader
}

/** What a rule can match against: values by the path to them, such as `labels.alertname`. */
export type AlarmFields = Readonly<Record<string, string>>

/** One alarm that a delivery speaks of. */
export interface Alarm {
  /** The same in every delivery that speaks of this alarm. */
  readonly identity: string
  /** In the sender's own words; one that starts anew, at another moment, is another alarm. */
  readonly startedAt: string
  /** Whether it is on. One that is over, or whose state nobody knows, never starts anything. */
  readonly isFiring: boolean
  readonly name: string
  readonly fields: AlarmFields
}

/** That a topic asks us to confirm, or says that we are no longer subscribed. Nothing is ever followed by itself. */
export type Notice =
  | { readonly kind: 'confirmation'; readonly topic: string; readonly link: string | undefined }
  | { readonly kind: 'unsubscribed'; readonly topic: string }

/** What an authentic delivery says. */
export interface Message {
  readonly alarms: readonly Alarm[]
  /** What the sender calls the group that these alarms come in again and again; undefined where there are no groups. */
  readonly group?: string | undefined
  readonly notice?: Notice | undefined
  /** What could not be understood, where there is any; the rest of the message counts all the same. */
  readonly oddity?: string | undefined
}

/** What is known of a delivery once it was examined. */
export type Examined =
  | { readonly outcome: 'forged'; readonly because: string }
  /** It cannot be read at all, so nobody can say whether it is authentic. */
  | { readonly outcome: 'unreadable'; readonly because: string }
  | {
      readonly outcome: 'authentic'
      /** What the sender calls this delivery, also when it sends it again; undefined where it has no name. */
      readonly deliveryId: string | undefined
      readonly message: Message
    }

/** How deliveries of one sender are examined: pure, but for the certificates that some are signed with. */
export interface Sender {
  /** Whether the body may come as text/plain, as topics send it. */
  readonly takesText: boolean
  readonly maxBytes: number
  readonly examine: (delivery: Delivery, trust: Trust) => Examined | Promise<Examined>
}

/** A delivery that nobody whom we trust has sent, and why, for our log alone. */
export function forged(because: string): Examined {
  return { outcome: 'forged', because }
}

/** A message of which nothing is understood. */
export function notUnderstood(oddity: string): Message {
  return { alarms: [], oddity }
}
