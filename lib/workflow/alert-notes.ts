import type { Notice } from '../alerts/alert.ts'
import type { Services } from '../runtime/services.ts'
import { writeJson } from '../write-json.ts'
import { type AlertRecord, alertKey } from './alert-record.ts'

/** What noting down needs of the world. */
export type AlertNotePorts = Pick<Services, 'store' | 'log'>

/** Sets aside what is authentic, but not understood: a person must look at it. */
export function setAside(ports: AlertNotePorts, record: AlertRecord, because: string): Promise<void> {
  return note(ports, record, {
    key: `inbox/quarantine/${record.alert_id}.json`,
    says: { because, record: alertKey(record.alert_id) },
    line: 'alert quarantined',
    because,
  })
}

/** Sets aside what came under the name of another alert: the first one stays, and nothing is started for this one. */
export function setAsideOther(ports: AlertNotePorts, other: AlertRecord): Promise<void> {
  const because = 'It came again under the same id with another body'
  const { alert_id, body_sha256, body_encoding, body } = other
  return note(ports, other, {
    key: `inbox/quarantine/${alert_id}-${body_sha256.slice(0, 16)}.json`,
    says: { because, body_sha256, body_encoding, body },
    line: 'alert quarantined',
    because,
  })
}

/** Parks what is on, but for no rule: an alert can never choose a vault by itself. */
export function park(ports: AlertNotePorts, record: AlertRecord): Promise<void> {
  const { alert_id, parked } = record
  const because = `No rule of the policy fits ${parked.length === 1 ? 'this alarm' : `${parked.length} alarms`}`
  return note(ports, record, {
    key: `inbox/parked/${alert_id}.json`,
    says: { because, alarms: parked, record: alertKey(alert_id) },
    line: 'alert parked',
    because,
  })
}

/** Notes down what a topic asks or says. Nothing is confirmed, and no link followed, by itself: `npm run alert -- --confirmations` shows the links. */
export function keepNotice(ports: AlertNotePorts, record: AlertRecord, notice: Notice): Promise<void> {
  const { topic } = notice
  const isQuestion = notice.kind === 'confirmation'
  return note(ports, record, {
    key: `inbox/${isQuestion ? 'confirmation' : 'unsubscribed'}/${record.alert_id}.json`,
    says: isQuestion ? { topic, link: notice.link ?? null } : { topic },
    line: isQuestion ? 'alert subscription waits for a person' : 'alert subscription ended',
  })
}

interface Note {
  readonly key: string
  readonly says: object
  /** An alarm counts the lines that say so. */
  readonly line: string
  readonly because?: string
}

/** Once for each alert: who sends it again makes no second line. */
async function note(
  { store, log }: AlertNotePorts,
  { alert_id, source, received_at }: AlertRecord,
  { key, says, line, because }: Note,
): Promise<void> {
  const document = { schema_version: 1, alert_id, source, received_at, ...says }
  if (await store.putIfAbsent(key, writeJson(document)))
    log('warn', line, { alert_id, source, ...(because === undefined ? {} : { because }) })
}
