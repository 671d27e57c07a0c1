import { createHmac } from 'node:crypto'
import type { SecretSource } from '../lib/alert-source.ts'

/** What a sender knows when it sends. */
export interface Sending {
  readonly secret: string
  readonly body: Buffer
  /** What it calls this delivery, where it calls it anything. */
  readonly id: string
  readonly epochMs: number
}

/** The headers with which a sender proves itself; written apart from the code that checks them, so that one error cannot be in both. */
export function signAlert(source: SecretSource, sending: Sending): Readonly<Record<string, string>> {
  return { 'content-type': 'application/json', ...proofOf(source, sending) }
}

function proofOf(source: SecretSource, { secret, body, id, epochMs }: Sending): Record<string, string> {
  const seconds = String(Math.floor(epochMs / 1000))
  switch (source) {
    case 'alertmanager':
      return { authorization: `Bearer ${secret}` }
    case 'grafana': {
      const hmac = createHmac('sha256', secret).update(`${seconds}:`).update(body)
      return {
        'x-grafana-alerting-timestamp': seconds,
        'x-grafana-alerting-signature': hmac.digest('hex'),
      }
    }
    case 'pagerduty': {
      const hmac = createHmac('sha256', secret).update(body)
      return { 'x-pagerduty-signature': `v1=${hmac.digest('hex')}` }
    }
    case 'standard-webhooks': {
      const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
      const hmac = createHmac('sha256', key).update(Buffer.concat([Buffer.from(`${id}.${seconds}.`), body]))
      return {
        'webhook-id': id,
        'webhook-timestamp': seconds,
        'webhook-signature': `v1,${hmac.digest('base64')}`,
      }
    }
  }
}
