import * as z from 'zod/mini'
import {
  type Delivery,
  type Examined,
  forged,
  type Message,
  notUnderstood,
  type Sender,
  type Trust,
} from './alert.ts'
import { readDocument } from './document.ts'
import { toFields } from './fields.ts'
import { hmacOf, isSignedWithAny } from './signed-text.ts'

const MOST_SIGNATURES = 16

/** PagerDuty v3: HMAC-SHA256 of the body, one signature for each key that is valid. The time is no part of it. */
export const pagerduty: Sender = { takesText: false, maxBytes: 256 * 1024, examine }

const eventSchema = z.object({
  event: z.object({
    id: z.string().check(z.minLength(1)),
    event_type: z.string(),
    occurred_at: z.string(),
    data: z.looseObject({
      // A ping has none.
      id: z.optional(z.string()),
      title: z.optional(z.nullable(z.string())),
      created_at: z.optional(z.nullable(z.string())),
    }),
  }),
})

function examine({ headers, body }: Delivery, { secrets }: Trust): Examined {
  const header = headers['x-pagerduty-signature']
  if (header === undefined) return forged('the signature is missing')
  const signatures = header
    .split(',', MOST_SIGNATURES)
    .flatMap((entry) => (entry.startsWith('v1=') ? [entry.slice(3)] : []))
  const expected = secrets.map((secret) => hmacOf(secret, [body], 'hex'))
  if (!isSignedWithAny(signatures, expected)) return forged('the signature does not hold')
  return { outcome: 'authentic', ...read(body) }
}

function read(body: Buffer): { readonly deliveryId: string | undefined; readonly message: Message } {
  const document = readDocument(body)
  if ('because' in document)
    return { deliveryId: undefined, message: notUnderstood(`The body ${document.because}`) }
  const reading = z.safeParse(eventSchema, document.object)
  if (!reading.success) return { deliveryId: undefined, message: notUnderstood('The body is no event') }
  const { id, event_type, occurred_at, data } = reading.data.event
  const alarm = {
    identity: data.id ?? id,
    startedAt: data.created_at ?? occurred_at,
    isFiring: event_type === 'incident.triggered',
    name: data.title ?? event_type,
    fields: toFields(reading.data.event),
  }
  return { deliveryId: id, message: { alarms: [alarm] } }
}
