import { ALERT_SOURCES, type AlertSource } from '../alert-source.ts'
import type { Mistake } from '../errors.ts'
import { isJsonObject } from '../json-object.ts'
import { nearest } from '../nearest.ts'
import { mistakeInWebhookSecret } from './webhook-secret.ts'

/** The secrets of senders, several each while one is being replaced. A sender that is absent is not heard. */
export type AlertSecrets = { readonly [Source in AlertSource]?: readonly string[] }

const MOST_SECRETS = 8
const LONGEST = 1024
/** They go into headers and come from copying: a blank at an end was never meant. */
const PRINTABLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/

/** Who signs with a certificate has no secret to share: its topics stand in the policy. */
const BY_TOPIC: readonly AlertSource[] = ['smn', 'sns']
const BY_SECRET = ALERT_SOURCES.filter((source) => !BY_TOPIC.includes(source))

/** Reads `{"<source>": ["secret", …]}`. Every mistake goes into the list, with its place and no letter of any secret. */
export function readAlertSecrets(document: unknown, mistakes: Mistake[]): AlertSecrets {
  if (!isJsonObject(document)) {
    mistakes.push({ pointer: '', detail: 'is no JSON object; write {"<source>": ["secret", …]}' })
    return {}
  }
  for (const [name, secrets] of Object.entries(document))
    mistakes.push(
      ...mistakesIn(name, secrets).map(({ pointer, detail }) => ({
        pointer: pointer === '' ? '' : `/${pointer}`,
        detail,
      })),
    )
  return Object.fromEntries(Object.entries(document))
}

function mistakesIn(name: string, secrets: unknown): readonly Mistake[] {
  const source = BY_SECRET.find((one) => one === name)
  if (source === undefined) return [unknownSource(name)]
  if (!Array.isArray(secrets) || secrets.length === 0 || secrets.length > MOST_SECRETS)
    return [{ pointer: source, detail: `is no list of 1 to ${MOST_SECRETS} secrets` }]
  return secrets.flatMap((secret: unknown, index) => {
    const detail = mistakeInSecret(source, secret)
    return detail === undefined ? [] : [{ pointer: `${source}/${index}`, detail }]
  })
}

function mistakeInSecret(source: AlertSource, secret: unknown): string | undefined {
  if (typeof secret !== 'string') return 'is no text'
  if (secret === '') return 'is empty: nothing would be asked of whoever sends'
  if (secret.length > LONGEST) return `is longer than ${LONGEST} characters`
  if (!PRINTABLE.test(secret))
    return 'has a blank or a line break at an end, or characters that are not printable ASCII'
  if (source === 'alertmanager' && /[\s,]/.test(secret))
    return 'has a blank or a comma in it, which no bearer token has'
  return source === 'standard-webhooks' ? mistakeInWebhookSecret(secret) : undefined
}

/** What is no name of ours may be a secret in the wrong place. */
function unknownSource(name: string): Mistake {
  if (BY_TOPIC.some((source) => source === name))
    return { pointer: name, detail: 'takes no secret: list its topics in the policy, under alerts.topics' }
  const meant = nearest(name, BY_SECRET)
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  return { pointer: '', detail: `has a key that is none of ${BY_SECRET.join(', ')}${hint}` }
}
