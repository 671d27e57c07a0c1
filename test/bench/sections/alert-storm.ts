import { Agent, request } from 'node:http'
import type { SecretSource } from '../../../lib/alert-source.ts'
import { signAlert } from '../../../local/sign-alert.ts'

/** What our server shares with each sender. */
export const SECRETS: Readonly<Record<SecretSource, string>> = {
  'standard-webhooks': `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  alertmanager: 'bench-bearer-token',
  grafana: 'bench-grafana-key',
  pagerduty: 'bench-pagerduty-key',
}
export const SOURCES = Object.keys(SECRETS) as readonly SecretSource[]

/** How many alerts come, how fast, and how many of them are forged. */
export interface Storm {
  readonly seconds: number
  readonly rate: number
  readonly forgedPercent: number
}

interface Shot {
  readonly source: SecretSource
  readonly number: number
  readonly isForged: boolean
}

/** A shot, and what it was answered. */
export interface Hit extends Shot {
  readonly status: number
  readonly ms: number
  readonly alertId: string | undefined
}

/** Open loop: each shot leaves at its time, whether or not those before were answered. */
export async function fire(origin: string, storm: Storm): Promise<readonly Hit[]> {
  // The server lets go of a connection that was idle for 5 s; ours are let go of earlier, or the two would cross.
  const agent = new Agent({ keepAlive: true, maxSockets: 256, timeout: 3000 })
  const startedMs = performance.now()
  const hits = await Promise.all(
    shotsOf(storm).map(async (shot) => {
      const dueMs = startedMs + (shot.number * 1000) / storm.rate
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())))
      return strike(origin, agent, shot)
    }),
  )
  agent.destroy()
  return hits
}

function shotsOf({ seconds, rate, forgedPercent }: Storm): readonly Shot[] {
  return Array.from({ length: seconds * rate }, (_, number) => ({
    number,
    source: SOURCES[number % SOURCES.length] ?? 'grafana',
    isForged: (number * 7) % 100 < forgedPercent,
  }))
}

function strike(origin: string, agent: Agent, shot: Shot): Promise<Hit> {
  const body = Buffer.from(JSON.stringify(bodyOf(shot)))
  const secret = shot.isForged ? SECRETS[shot.source].replace(/[^_]{8}$/, 'AAAAAAA=') : SECRETS[shot.source]
  const headers = signAlert(shot.source, { secret, body, id: `msg_${shot.number}`, epochMs: Date.now() })
  const sentMs = performance.now()
  return new Promise((resolve, reject) => {
    const outgoing = request(`${origin}/alerts/${shot.source}`, { method: 'POST', agent, headers })
    outgoing.on('error', reject).on('response', async (incoming) => {
      const chunks: Buffer[] = []
      for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
      const { alert_id: alertId } = JSON.parse(Buffer.concat(chunks).toString()) as { alert_id?: string }
      resolve({ ...shot, status: incoming.statusCode ?? 0, ms: performance.now() - sentMs, alertId })
    })
    outgoing.end(body)
  })
}

function bodyOf({ source, number }: Shot): object {
  const id = number.toString(16).padStart(16, '0')
  const startsAt = new Date().toISOString()
  switch (source) {
    case 'alertmanager':
    case 'grafana': {
      const labels = { alertname: `bench-${number}`, severity: 'critical', instance: `host-${number}` }
      const alert = { status: 'firing', labels, annotations: {}, startsAt, fingerprint: id }
      const version = source === 'grafana' ? '1' : '4'
      return { version, status: 'firing', groupKey: `{}:{n="${number}"}`, alerts: [alert] }
    }
    case 'pagerduty': {
      const data = { id: `P${id}`, title: `bench-${number}`, created_at: startsAt }
      return { event: { id: `E${id}`, event_type: 'incident.triggered', occurred_at: startsAt, data } }
    }
    case 'standard-webhooks':
      return { type: 'alert.firing', timestamp: startsAt, data: { name: `bench-${number}`, fingerprint: id } }
  }
}
