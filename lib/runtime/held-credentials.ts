import { Fault, type Mistake } from '../errors.ts'
import { isJsonObject } from '../json-object.ts'
import { parseJson } from '../parse-json.ts'
import { type Credentials, readCredentials, readDomainId } from './credentials.ts'
import { type Held, holdSecret } from './held-secret.ts'

/** Where a secret is read, and by what clock it is read again. */
export interface SecretSource {
  readonly secretId: string
  /** The text of the secret as it is now. */
  readonly read: (secretId: string) => Promise<string>
  /** Milliseconds of a clock that never jumps. */
  readonly nowMs: () => number
  /** Whether some target names no project: one that only the secret named would be read too late to be it. */
  readonly lacksProject: boolean
}

/** Credentials that may be changed while this process lives. */
export type HeldCredentials = Held<Credentials>

const PROJECT = 'HUAWEICLOUD_SDK_PROJECT_ID'

const NAMES = [
  'HUAWEICLOUD_SDK_AK',
  'HUAWEICLOUD_SDK_SK',
  'HUAWEICLOUD_SDK_SECURITY_TOKEN',
  PROJECT,
  'HUAWEICLOUD_SDK_DOMAIN_ID',
  'HUAWEICLOUD_USERNAME',
  'HUAWEICLOUD_PASSWORD',
  'HUAWEICLOUD_DOMAIN_NAME',
]

/** Holds the credentials of a secret, so that many calls cost one reading and a rotation needs no restart. */
export function holdCredentials(source: SecretSource): HeldCredentials {
  const { secretId, read, nowMs } = source
  return holdSecret({ read: () => read(secretId), parse: (text) => parseSecret(source, text), nowMs })
}

function parseSecret({ secretId, lacksProject }: SecretSource, text: string): Credentials {
  const mistakes: Mistake[] = []
  const variables = toVariables(text, mistakes)
  const credentials = readCredentials(variables, mistakes)
  const domainId = readDomainId(variables, mistakes)
  if (lacksProject && variables[PROJECT] !== undefined) {
    mistakes.push({
      pointer: `/${PROJECT}`,
      detail:
        'would be ignored, for a target names no project; write it into AUDIT_TARGETS as REGION:PROJECT_ID',
    })
  }
  if (mistakes.length > 0) {
    throw new Fault('invalid_configuration', `Cannot use the secret ${JSON.stringify(secretId)}`, {
      mistakes,
    })
  }
  if (credentials !== undefined) return domainId === undefined ? credentials : { ...credentials, domainId }
  throw new Fault(
    'invalid_configuration',
    `Cannot find credentials in the secret ${JSON.stringify(secretId)}; it should be {"HUAWEICLOUD_SDK_AK": "…", "HUAWEICLOUD_SDK_SK": "…"}`,
  )
}

/** Names only what is ours: a key or a value that is neither may be a secret that was pasted wrongly. */
function toVariables(text: string, mistakes: Mistake[]): Readonly<Record<string, string>> {
  const document = parseJson(text)
  if (!isJsonObject(document)) {
    mistakes.push({ pointer: '/', detail: 'is no JSON object; store {"HUAWEICLOUD_SDK_AK": "…", …}' })
    return {}
  }
  const entries = Object.entries(document)
  if (entries.some(([name]) => !NAMES.includes(name))) {
    mistakes.push({ pointer: '/', detail: `has a key that is none of ${NAMES.join(', ')}` })
  }
  return Object.fromEntries(
    entries.flatMap(([name, value]) => {
      if (typeof value === 'string') return [[name, value]]
      if (NAMES.includes(name)) mistakes.push({ pointer: `/${name}`, detail: 'is no text' })
      return []
    }),
  )
}
