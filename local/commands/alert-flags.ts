import { isTopicSource, SECRET_SOURCES, type SecretSource } from '../../lib/alert-source.ts'
import { Fault, type Mistake } from '../../lib/errors.ts'
import { type Config, gatherConfig } from '../../lib/runtime/config.ts'
import type { Environment } from '../../lib/runtime/environment.ts'
import { redactedAddress } from '../../lib/runtime/redacted-input.ts'
import { describeFlags, type Flags, readFlags } from '../flags.ts'

/** Where `npm start` listens. */
const LOCAL_SERVER = 'http://127.0.0.1:3000'

const FLAGS = {
  source: {
    takes: 'value',
    value: 'NAME',
    says: `Who sends: one of ${SECRET_SOURCES.join(', ')}.`,
  },
  file: { takes: 'value', value: 'PATH', says: 'What to send, byte for byte; a sample unless told.' },
  name: {
    takes: 'value',
    value: 'TEXT',
    says: 'The name of the alarm in the sample; vault-nearly-full unless told.',
  },
  url: { takes: 'value', value: 'URL', says: `Where to; ${LOCAL_SERVER} unless told. It may have a path.` },
  confirmations: {
    takes: 'nothing',
    says: 'Show the links that confirm topics of SMN and SNS, from the store; nothing is sent, and no link followed.',
  },
  help: { takes: 'nothing', says: 'This text.' },
} as const satisfies Flags

/** What `--help` prints. */
export const ALERT_HELP = `Usage: npm run alert -- --source NAME [flags]
       npm run alert -- --confirmations

Signs an alert as its sender would, with the first secret of that sender in
ALERT_SECRETS, and sends it to a server that was started with the same.

${describeFlags(FLAGS)}

For example, in one shell and then in another:
  export ALERT_SECRETS='{"alertmanager":["try-me-token"]}'
  npm start
  npm run alert -- --source alertmanager
`

/** What is to be done, checked. */
export type AlertWish =
  | { readonly kind: 'confirmations'; readonly config: Config }
  | {
      readonly kind: 'send'
      readonly source: SecretSource
      readonly secret: string
      readonly file: string | undefined
      readonly name: string
      /** With a slash at its end. */
      readonly url: URL
    }

/** Reads the command line; undefined where help was asked for. Throws one Fault that names every mistake. */
export function readAlertWish(argv: readonly string[], environment: Environment): AlertWish | undefined {
  const { values, mistakes: flagMistakes } = readFlags(argv, FLAGS, environment)
  if (values.has('help')) return undefined
  const mistakes: Mistake[] = [...flagMistakes]
  const config = gatherConfig(environment, {}, mistakes)
  if (values.has('confirmations')) {
    refuse(mistakes)
    return { kind: 'confirmations', config }
  }
  const source = readSource(values.one('source'), mistakes)
  const secret = source && readSecret(source, config, mistakes)
  const url = readUrl(values.one('url') ?? LOCAL_SERVER, mistakes)
  if (values.has('file') && values.has('name'))
    mistakes.push({ pointer: '--name', detail: 'names the sample, but --file says what to send' })
  refuse(mistakes)
  if (source === undefined || secret === undefined || url === undefined)
    throw new TypeError('What is missing was not named')
  const name = values.one('name') ?? 'vault-nearly-full'
  return { kind: 'send', source, secret, file: values.one('file'), name, url }
}

function readSource(text: string | undefined, mistakes: Mistake[]): SecretSource | undefined {
  const found = SECRET_SOURCES.find((source) => source === text)
  if (found !== undefined) return found
  const detail =
    text !== undefined && isTopicSource(text)
      ? `is signed with a key that only its service holds, so nobody else can send one; subscribe a topic instead (docs/alerts.md), or try one of ${SECRET_SOURCES.join(', ')}`
      : `${text === undefined ? 'is not given' : `has ${JSON.stringify(text)}`}; allowed is one of ${SECRET_SOURCES.join(', ')}`
  mistakes.push({ pointer: '--source', detail })
  return undefined
}

/** With a slash at the end, so that the routes of the server follow its path. */
function readUrl(text: string, mistakes: Mistake[]): URL | undefined {
  const url = URL.parse(text)
  if (url !== null && /^https?:$/.test(url.protocol) && url.href === url.origin + url.pathname)
    return new URL(url.href.replace(/\/?$/, '/'))
  const allowed = `write scheme, host and at most a path, such as ${LOCAL_SERVER}`
  mistakes.push({
    pointer: '--url',
    detail: `has ${redactedAddress(text)}, which is no address of a server; ${allowed}`,
  })
  return undefined
}

function readSecret(source: SecretSource, { alertSecrets }: Config, mistakes: Mistake[]): string | undefined {
  const secret = 'kind' in alertSecrets ? undefined : alertSecrets[source]?.[0]
  if (secret === undefined)
    mistakes.push({
      pointer: 'ALERT_SECRETS',
      detail: `holds no secret for ${source}; write it as the server has it: {"${source}": ["…"]}`,
    })
  return secret
}

function refuse(mistakes: readonly Mistake[]): void {
  if (mistakes.length > 0) throw new Fault('invalid_configuration', 'Cannot send an alert', { mistakes })
}
