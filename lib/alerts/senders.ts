import type { AlertSource } from '../alert-source.ts'
import type { Sender } from './alert.ts'
import { alertmanager } from './alertmanager.ts'
import { grafana } from './grafana.ts'
import { pagerduty } from './pagerduty.ts'
import { smn } from './smn.ts'
import { sns } from './sns.ts'
import { standardWebhooks } from './standard-webhooks.ts'

/** Everybody who may send alerts. */
export const SENDERS = {
  'standard-webhooks': standardWebhooks,
  smn,
  sns,
  alertmanager,
  grafana,
  pagerduty,
} as const satisfies Record<AlertSource, Sender>
