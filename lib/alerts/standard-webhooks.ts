import { type Delivery, type Examined, forged, type Sender, type Trust } from './alert.ts'
import { hmacOf, isSignedWithAny } from './signed-text.ts'
import { readStandardMessage } from './standard-message.ts'
import { keyOfWebhookSecret } from './webhook-secret.ts'
import { isWithin, OF_AN_ATTEMPT, readEpochSeconds } from './window.ts'

/** A dot would let bytes move from the id into the body under the same signature. */
const ID = /^[A-Za-z0-9_-]{1,128}$/
const MOST_SIGNATURES = 16

/** Standard Webhooks, version 1: HMAC-SHA256 over `id.timestamp.body`, the body byte for byte. */
export const standardWebhooks: Sender = { takesText: false, maxBytes: 256 * 1024, examine }

function examine({ headers, body, now }: Delivery, { secrets }: Trust): Examined {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers
  if (id === undefined || timestamp === undefined || signature === undefined)
    return forged('a header is missing')
  if (!ID.test(id)) return forged('the id is no id')
  const sentAt = readEpochSeconds(timestamp)
  if (sentAt === undefined) return forged('the timestamp is no whole number of seconds')
  // Keys come from the configuration alone: an entry of another version names none of them.
  const signatures = signature
    .split(' ', MOST_SIGNATURES)
    .flatMap((entry) => (entry.startsWith('v1,') ? [entry.slice(3)] : []))
  const expected = secrets.map((secret) =>
    hmacOf(keyOfWebhookSecret(secret), [`${id}.${timestamp}.`, body], 'base64'),
  )
  if (!isSignedWithAny(signatures, expected)) return forged('the signature does not hold')
  if (!isWithin(sentAt, now, OF_AN_ATTEMPT)) return forged('the timestamp is too far from now')
  return { outcome: 'authentic', deliveryId: id, message: readStandardMessage(body, id) }
}
