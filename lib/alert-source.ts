/** Who may send alerts: the last step of `POST /alerts/{source}`. */
export const ALERT_SOURCES = [
  'standard-webhooks',
  'smn',
  'sns',
  'alertmanager',
  'grafana',
  'pagerduty',
] as const

/** One of them. */
export type AlertSource = (typeof ALERT_SOURCES)[number]

/** Whether a text names one of them. */
export function isAlertSource(text: string): text is AlertSource {
  return ALERT_SOURCES.some((source) => source === text)
}
