import { isTopicSource, SECRET_SOURCES, type SecretSource } from '../alert-source.ts'
import type { Mistake } from '../errors.ts'
import { isJsonObject } from '../json-object.ts'
import { nearest } from '../nearest.ts'
import { mistakeInWebhookSecret } from './webhook-secret.ts'

/** The secrets of senders, several each while one is being replaced. A sender that is absent is not heard. */
export type AlertSecrets = { readonly [Source in SecretSource]?: readonly string[] }

const MOST_SECRETS = 8
const LONGEST = 1024
/** They go into headers and come from copying: a blank at an end was never meant. */
const PRINTABLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/

/** Reads `{"<source>": ["secret", …]}`. Every mistake goes into the list, with its place and no letter of any secret. */
export function readAlertSecrets(document: unknown, mistakes: Mistake[]): AlertSecrets {
  if (!isJsonObject(document)) {
    mistakes.push({ pointer: '', detail: 'is no JSON object; write {"<source>": ["secret", …]}' })
    return {}
  }
  const read: { [Source in SecretSource]?: readonly string[] } = {}
  for (const [name, secrets] of Object.entries(document)) {
    const source = SECRET_SOURCES.find((one) => one === name)
    if (source === undefined) mistakes.push(unknownSource(name))
    else read[source] = readSecrets(source, secrets, mistakes)
  }
  return read
}

/** The secrets of one sender; those with a mistake too, unless they are no text. */
function readSecrets(source: SecretSource, secrets: unknown, mistakes: Mistake[]): readonly string[] {
  if (!Array.isArray(secrets) || secrets.length === 0 || secrets.length > MOST_SECRETS) {
    mistakes.push({ pointer: `/${source}`, detail: `is no list of 1 to ${MOST_SECRETS} secrets` })
    return []
  }
  return secrets.flatMap((secret: unknown, index) => {
    const detail = typeof secret === 'string' ? mistakeInSecret(source, secret) : 'is no text'
    if (detail !== undefined) mistakes.push({ pointer: `/${source}/${index}`, detail })
    return typeof secret === 'string' ? [secret] : []
  })
}

function mistakeInSecret(source: SecretSource, secret: string): string | undefined {
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
  if (isTopicSource(name))
    return {
      pointer: `/${name}`,
      detail: 'takes no secret: list its topics in the policy, under alerts.topics',
    }
  const meant = nearest(name, SECRET_SOURCES)
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  return { pointer: '', detail: `has a key that is none of ${SECRET_SOURCES.join(', ')}${hint}` }
}
