import { type Delivery, type Examined, forged, type Sender, type Trust } from './alert.ts'
import { readAlertGroup } from './alert-group.ts'
import { hmacOf, isSignedWithAny } from './signed-text.ts'
import { isWithin, OF_AN_ATTEMPT, readEpochSeconds } from './window.ts'

const SIGNATURE = 'x-grafana-alerting-signature'
/** Grafana sends it where a contact point names it as its timestamp header. */
const TIMESTAMP = 'x-grafana-alerting-timestamp'

/** Grafana: HMAC-SHA256 over the body, or over `seconds:body` where the time is sent too. */
export const grafana: Sender = { takesText: false, maxBytes: 4 * 2 ** 20, examine }

function examine({ headers, body, now }: Delivery, { secrets }: Trust): Examined {
  const { [SIGNATURE]: signature, [TIMESTAMP]: timestamp } = headers
  if (signature === undefined) return forged('the signature is missing')
  const sentAt = timestamp === undefined ? now : readEpochSeconds(timestamp)
  if (sentAt === undefined) return forged('the timestamp is no whole number of seconds')
  // Signed with its time and sent without, a delivery would escape the window.
  if (timestamp === undefined && /^\d+:/.test(body.toString('latin1', 0, 16)))
    return forged('the time stands in the body and not in its header')
  const signed = timestamp === undefined ? [body] : [`${timestamp}:`, body]
  const expected = secrets.map((secret) => hmacOf(secret, signed, 'hex'))
  if (!isSignedWithAny([signature], expected)) return forged('the signature does not hold')
  if (!isWithin(sentAt, now, OF_AN_ATTEMPT)) return forged('the timestamp is too far from now')
  return { outcome: 'authentic', deliveryId: undefined, message: readAlertGroup(body, '1') }
}
