import { type Delivery, type Examined, forged, type Sender, type Trust } from './alert.ts'
import { readAlertGroup } from './alert-group.ts'
import { isSame } from './same.ts'

/** Alertmanager signs nothing: a bearer token says who it is. Its groups may be large; an HTTP API takes no more than this. */
export const alertmanager: Sender = { takesText: false, maxBytes: 4 * 2 ** 20, examine }

function examine({ headers, body }: Delivery, { secrets }: Trust): Examined {
  const token = /^Bearer +([^\s,]+)$/i.exec(headers['authorization'] ?? '')?.[1]
  if (token === undefined) return forged('there is no bearer token')
  // All are compared, whichever it is.
  if (!secrets.map((secret) => isSame(token, secret)).includes(true))
    return forged('the bearer token is none of ours')
  return { outcome: 'authentic', deliveryId: undefined, message: readAlertGroup(body, '4') }
}
