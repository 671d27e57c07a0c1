import { receiveAlert } from '../../functions/receive-alert.ts'
import type { AlertSource, SecretSource } from '../../lib/alert-source.ts'
import { createCertificates, type FetchCertificate } from '../../lib/alerts/certificate.ts'
import type { AlertSecrets } from '../../lib/alerts/secrets.ts'
import { readConfig } from '../../lib/runtime/config.ts'
import type { HttpResult } from '../../lib/runtime/http.ts'
import type { LogFields } from '../../lib/runtime/log.ts'
import { createServices, FOR_REQUESTS } from '../../lib/runtime/services.ts'
import type { Store } from '../../lib/store/store.ts'
import { fromEpochMs, type Instant } from '../../lib/time.ts'
import { signAlert } from '../../local/sign-alert.ts'
import { VAULT_ID } from '../local/emulator/fleet-of.ts'
import { expectDescribed } from './described.ts'
import { type Json, readJson } from './json.ts'
import { createMemoryStore, type MemoryStore } from './memory-store.ts'
import { SMN_TOPIC, SNS_TOPIC } from './topic-messages.ts'

export const NOW = fromEpochMs(Date.UTC(2026, 10, 28, 12))
export const NOW_SECONDS = Date.UTC(2026, 10, 28, 12) / 1000

export const SECRETS = {
  'standard-webhooks': ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  alertmanager: ['alertmanager-token-1', 'alertmanager-token-2'],
  grafana: ['grafana-test-secret'],
  pagerduty: ['lDQHScfUeXUKaQRNF+8XIiDKZ7XX3itBAYzwU0TARw8lJqRnkKl2iB1anSb0Z+IK'],
} as const satisfies AlertSecrets

export const VAULT = {
  region: 'cn-north-4',
  project_id: '0605767b5780d5762fc5c0118072a564',
  vault_id: VAULT_ID,
}

/** Every sender may start a checkpoint of the one vault, by an alarm whose name begins with `vault-`. */
export const POLICY = {
  alerts: {
    topics: [SMN_TOPIC, SNS_TOPIC],
    rules: [
      { source: 'smn', match: { alarm_name: 'vault-*' }, checkpoint: VAULT },
      { source: 'sns', match: { AlarmName: 'vault-*' }, checkpoint: VAULT },
      { source: 'alertmanager', match: { alertname: 'vault-*' }, checkpoint: VAULT },
      { source: 'grafana', match: { 'labels.alertname': 'vault-*' }, checkpoint: VAULT },
      { source: 'pagerduty', match: { 'data.title': 'vault-*' }, checkpoint: VAULT },
      { source: 'standard-webhooks', match: { name: 'vault-*' }, checkpoint: VAULT },
      { source: 'standard-webhooks', match: { name: 'audit-*' }, audit: { vault_id: VAULT_ID } },
    ],
  },
}

/** A delivery as a test means it. */
export interface Delivery {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer | undefined
  readonly method?: string
  readonly query?: string
  readonly isBase64Encoded?: boolean
}

/** An answer, with its body parsed. */
export interface Heard {
  readonly status: number
  readonly text: string
  readonly body: Json
}

/** The receiving function, and everything that it may touch. */
export interface AlertDoor {
  readonly store: MemoryStore
  readonly logged: readonly (Partial<LogFields> & { readonly level: string; readonly message: string })[]
  readonly deliver: (source: string, delivery: Delivery) => Promise<Heard>
  /** Delivers what a sender signs with its first secret. */
  readonly send: (source: SecretSource, body: unknown, id?: string) => Promise<Heard>
  /** The keys in the store under a folder of the inbox. */
  readonly inbox: (folder?: string) => readonly string[]
  /** Every certificate that was asked for. */
  readonly asked: string[]
  at: Instant
}

/** What a door can be given. */
export interface AlertDoorOptions {
  readonly policy?: unknown
  readonly store?: Store & Pick<MemoryStore, 'objects'>
  readonly secrets?: AlertSecrets
  readonly fetch?: FetchCertificate
}

/** Opens the receiving function for one test: its own code from the event to the store, at a time that stands still. */
export function openAlertDoor(options: AlertDoorOptions = {}): AlertDoor {
  const { policy = POLICY, store = createMemoryStore(), secrets = SECRETS, fetch = nothing } = options
  const wired = createServices(
    readConfig({ ALERT_SECRETS: JSON.stringify(secrets), AUDIT_POLICY: 's3://elsewhere/policy.json' }),
    FOR_REQUESTS,
  )
  const policies = createMemoryStore()
  policies.objects.set('policy.json', Buffer.from(JSON.stringify(policy)))
  const logged: AlertDoor['logged'][number][] = []
  const asked: string[] = []
  const handle = receiveAlert({
    ...wired,
    store,
    openStore: () => policies,
    now: () => door.at,
    nowMs: () => performance.now(),
    certificateOf: createCertificates({
      nowMs: () => performance.now(),
      fetch: (address) => {
        asked.push(`${address.host}${address.path}`)
        return fetch(address)
      },
    }),
    log: (level, message, fields) => void logged.push({ ...fields, level, message }),
  })
  const deliver: AlertDoor['deliver'] = async (source, delivery) => {
    const result = await handle(eventOf(source, delivery))
    const heard = hear(result)
    expectDescribed(delivery.method ?? 'POST', `/alerts/${source}`, { ...heard, headers: result.headers })
    return heard
  }
  const door: AlertDoor = {
    store,
    logged,
    asked,
    deliver,
    at: NOW,
    send: (source, content, id = 'msg_1') => {
      const body = typeof content === 'string' ? Buffer.from(content) : Buffer.from(JSON.stringify(content))
      const secret = secrets[source]?.[0] ?? ''
      const headers = signAlert(source, { secret, body, id, epochMs: door.at / 1000 })
      return deliver(source, { headers, body })
    },
    inbox: (folder = '') => [...store.objects.keys()].filter((key) => key.startsWith(`inbox/${folder}`)),
  }
  return door
}

async function nothing(): Promise<undefined> {
  return undefined
}

function hear({ statusCode, body }: HttpResult): Heard {
  return { status: statusCode, text: body, body: readJson(body) }
}

/** The event of an HTTP API in payload format 2.0; bytes travel as base64. */
export function eventOf(
  source: AlertSource | string,
  { headers = {}, body, method = 'POST', query = '', isBase64Encoded }: Delivery,
) {
  const isBytes = Buffer.isBuffer(body)
  const hasType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
  return {
    version: '2.0',
    routeKey: 'POST /alerts/{source}',
    rawPath: `/alerts/${source}`,
    rawQueryString: query,
    headers: hasType ? headers : { 'content-type': 'application/json', ...headers },
    requestContext: { http: { method }, requestId: 'JKJaXmPLvHcESHA=', stage: '$default' },
    ...(body === undefined ? {} : { body: isBytes ? body.toString('base64') : body }),
    isBase64Encoded: isBase64Encoded ?? isBytes,
  }
}

/** A group as Alertmanager sends it; each alert is named, and may say more. */
export function alertGroup(
  alerts: readonly Readonly<Record<string, unknown>>[],
  changes: Readonly<Record<string, unknown>> = {},
) {
  return {
    version: '4',
    groupKey: '{}:{job="backup"}',
    status: 'firing',
    receiver: 'backup-audit',
    truncatedAlerts: 0,
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example',
    alerts: alerts.map(({ name = 'vault-nearly-full', ...alert }) => ({
      status: 'firing',
      labels: { alertname: name, severity: 'critical' },
      annotations: { summary: 'The vault is nearly full' },
      startsAt: '2026-11-28T11:00:00.000Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus.example/graph',
      fingerprint: '1a30ba71cca2921f',
      ...alert,
    })),
    ...changes,
  }
}
