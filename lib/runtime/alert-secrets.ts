import { type AlertSecrets, readAlertSecrets } from '../alerts/secrets.ts'
import { Fault, type Mistake } from '../errors.ts'
import { parseJson } from '../parse-json.ts'
import type { SecretReference } from './credentials.ts'
import { type Environment, readVariable } from './environment.ts'
import { type Held, holdSecret } from './held-secret.ts'

const VARIABLE = 'ALERT_SECRETS'
const SECRET_VARIABLE = 'ALERT_SECRETS_SECRET'

/** Reads what senders of alerts prove themselves with, or where it lies; no secrets where neither is said. */
export function readAlertSecretsVariable(
  environment: Environment,
  mistakes: Mistake[],
): AlertSecrets | SecretReference {
  const secretId = readVariable(environment, SECRET_VARIABLE)
  const text = readVariable(environment, VARIABLE)
  if (secretId !== undefined && text !== undefined)
    mistakes.push({
      pointer: SECRET_VARIABLE,
      detail: `is set together with ${VARIABLE}; leave the secrets in one place`,
    })
  if (secretId !== undefined) return { kind: 'secret', secretId }
  if (text === undefined) return {}
  const found: Mistake[] = []
  const secrets = readAlertSecrets(parseJson(text), found)
  mistakes.push(
    ...found.map(({ pointer, detail }) => ({ pointer: `${VARIABLE} ${pointer}`.trimEnd(), detail })),
  )
  return secrets
}

/** Holds the secrets of senders, whether they stand in the environment or in a secret that may be changed meanwhile. */
export function holdAlertSecrets(
  given: AlertSecrets | SecretReference,
  read: (secretId: string) => Promise<string>,
  nowMs: () => number,
): Held<AlertSecrets> {
  if (!isReference(given)) return { current: async () => given, insteadOf: async () => given }
  const { secretId } = given
  return holdSecret({
    read: () => read(secretId),
    nowMs,
    parse: (text) => {
      const mistakes: Mistake[] = []
      const secrets = readAlertSecrets(parseJson(text), mistakes)
      if (mistakes.length === 0) return secrets
      throw new Fault('invalid_configuration', `Cannot use the secret ${JSON.stringify(secretId)}`, {
        mistakes,
      })
    },
  })
}

function isReference(given: AlertSecrets | SecretReference): given is SecretReference {
  return 'kind' in given
}
