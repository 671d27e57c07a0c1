import type { SecretSource } from '../../lib/alert-source.ts'
import { formatTime, type Instant } from '../../lib/time.ts'

/** An alert as this sender would send it, of an alarm that has just begun. */
export function sampleAlert(source: SecretSource, name: string, now: Instant): object {
  const startsAt = formatTime(now)
  switch (source) {
    case 'alertmanager':
      return { ...groupOf(name, startsAt), version: '4' }
    case 'grafana':
      return {
        ...groupOf(name, startsAt),
        version: '1',
        orgId: 1,
        title: `[FIRING:1] ${name}`,
        state: 'alerting',
      }
    case 'pagerduty': {
      const data = {
        id: `P-${startsAt}`,
        type: 'incident',
        status: 'triggered',
        title: name,
        created_at: startsAt,
      }
      return { event: { id: `E-${startsAt}`, event_type: 'incident.triggered', occurred_at: startsAt, data } }
    }
    case 'standard-webhooks':
      return { type: 'alert.firing', timestamp: startsAt, data: { name, startsAt } }
  }
}

function groupOf(name: string, startsAt: string) {
  const labels = { alertname: name, severity: 'critical' }
  const annotations = { summary: `A sample of npm run alert` }
  const alert = { status: 'firing', labels, annotations, startsAt, endsAt: '0001-01-01T00:00:00Z' }
  return {
    receiver: 'backup-audit',
    status: 'firing',
    alerts: [alert],
    groupLabels: { alertname: name },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: 'http://127.0.0.1',
    groupKey: `{}:{alertname="${name}"}`,
    truncatedAlerts: 0,
  }
}
