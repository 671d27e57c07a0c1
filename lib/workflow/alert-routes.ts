import { type AlertSource, isAlertSource, isTopicSource } from '../alert-source.ts'
import { readAlertTopic } from '../alert-topic.ts'
import type { Examined, Sender, Trust } from '../alerts/alert.ts'
import type { AlertSecrets } from '../alerts/secrets.ts'
import { SENDERS } from '../alerts/senders.ts'
import type { AlertPolicy } from '../audit/alert-policy.ts'
import { Fault } from '../errors.ts'
import type { Answer, HttpRequest, HttpWorld, Routes } from '../runtime/http.ts'
import { readRawBody } from '../runtime/raw-body.ts'
import type { Services } from '../runtime/services.ts'
import { acceptAlert } from './accept-alert.ts'
import type { AlertNotePorts } from './alert-notes.ts'
import { policyOf } from './held-policy.ts'

/** What receiving alerts needs of the world: nothing of Huawei. */
export type AlertServices = HttpWorld &
  AlertNotePorts &
  Pick<Services, 'config' | 'openStore' | 'now' | 'alertSecrets' | 'certificateOf'>

/** The path alone says who sends; whoever it is proves it himself, for the gateway asks nobody. */
export const alertRoutes: Routes<AlertServices> = {
  'POST /alerts/{source}': (services, request) =>
    within(ANSWER_WITHIN_MS, receive(services, request, request.params['source'] ?? '')),
}

/** The most impatient sender waits for 5 s, and sends again after a 5xx only. */
const ANSWER_WITHIN_MS = 4000

/** Senders may have a name of their own for their JSON, such as application/cloudevents+json. */
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json$/i
const JSON_OR_TEXT = new RegExp(`${JSON_TYPE.source}|^text/plain$`, 'i')

const NO_ALERTS: Pick<AlertPolicy, 'topics' | 'rules'> = { topics: [], rules: [] }

async function receive(services: AlertServices, request: HttpRequest, source: string): Promise<Answer> {
  if (!isAlertSource(source)) throw unknownSource()
  request.note({ source })
  const [secrets, { alerts = NO_ALERTS }] = await Promise.all([
    services.alertSecrets.current(),
    policyOf(services),
  ])
  if (!isHeard(source, secrets, alerts.topics)) throw unknownSource()
  const sender = SENDERS[source]
  const body = readRawBody(request, {
    maxBytes: sender.maxBytes,
    type: sender.takesText ? JSON_OR_TEXT : JSON_TYPE,
    typeName: sender.takesText ? 'application/json or text/plain' : 'application/json',
    isSaidBack: false,
  })
  const verdict = await examine(services, { source, sender, secrets, topics: alerts.topics }, request, body)
  switch (verdict.outcome) {
    case 'unreadable':
      throw new Fault('invalid_request', 'Cannot read the body of this request', {
        mistakes: [{ pointer: '/body', detail: 'is no message of this sender' }],
      })
    case 'forged':
      // What was wrong is for our log alone: the answer is the same whatever it was.
      request.note({ because: verdict.because })
      throw new Fault('unauthorized', 'Cannot accept this alert: nothing proves who sent it')
    case 'authentic': {
      const { deliveryId, message } = verdict
      const received = { source, deliveryId, body, receivedAt: services.now() }
      const receipt = await acceptAlert(services, received, message, alerts)
      request.note({ alert_id: receipt.alert_id })
      return { status: 202, body: JSON.stringify(receipt) }
    }
  }
}

interface Examination {
  readonly source: AlertSource
  readonly sender: Sender
  readonly secrets: AlertSecrets
  readonly topics: readonly string[]
}

/** Where a delivery is refused the secret is read anew, for it may have been replaced a moment ago. */
async function examine(
  { alertSecrets, certificateOf, now }: AlertServices,
  { source, sender, secrets, topics }: Examination,
  { headers }: HttpRequest,
  body: Buffer,
): Promise<Examined> {
  const judge = (valid: AlertSecrets) => {
    const own = isTopicSource(source) ? [] : (valid[source] ?? [])
    const trust: Trust = { secrets: own, topics, certificateOf }
    return sender.examine({ headers, body, now: now() }, trust)
  }
  const verdict = await judge(secrets)
  if (verdict.outcome !== 'forged' || isTopicSource(source)) return verdict
  const renewed = await alertSecrets.insteadOf(secrets)
  return renewed === secrets ? verdict : judge(renewed)
}

/** Whether a source has a secret or, where it signs with a certificate, a topic. */
function isHeard(source: AlertSource, secrets: AlertSecrets, topics: readonly string[]): boolean {
  if (isTopicSource(source)) return topics.some((topic) => readAlertTopic(topic)?.source === source)
  return secrets[source] !== undefined
}

function unknownSource(): Fault {
  return new Fault('not_found', 'Cannot find this route: no such sender of alerts is configured here')
}

/** What goes on behind a late answer does no harm: the sender comes again, and everything is found or done under the same names. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new Fault('unavailable', 'Cannot store this alert in time; send it again')),
    ms,
  )
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}
