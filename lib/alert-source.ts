/** Senders that prove themselves with a secret that both sides know. */
export const SECRET_SOURCES = ['standard-webhooks', 'alertmanager', 'grafana', 'pagerduty'] as const
export type SecretSource = (typeof SECRET_SOURCES)[number]

/** Senders that sign with a certificate: heard are those topics of them that the policy lists. */
export const TOPIC_SOURCES = ['smn', 'sns'] as const
export type TopicSource = (typeof TOPIC_SOURCES)[number]

/** Who may send alerts: the last step of `POST /alerts/{source}`. */
export const ALERT_SOURCES = [...SECRET_SOURCES, ...TOPIC_SOURCES] as const

/** One of them. */
export type AlertSource = (typeof ALERT_SOURCES)[number]

/** Whether a text names one of them. */
export function isAlertSource(text: string): text is AlertSource {
  return ALERT_SOURCES.some((source) => source === text)
}

/** Whether a text names one that signs with a certificate. */
export function isTopicSource(text: string): text is TopicSource {
  return TOPIC_SOURCES.some((source) => source === text)
}
