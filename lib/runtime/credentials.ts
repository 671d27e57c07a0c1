import type { Mistake } from '../errors.ts'
import { mistakesInKey } from '../huawei/access-key.ts'
import { isPlainId } from '../plain-id.ts'
import { type Environment, readVariable } from './environment.ts'

/** Who we are to Huawei. Secrets live here and in the signer, nowhere else. */
export type Credentials = (
  | {
      readonly kind: 'access-key'
      readonly accessKeyId: string
      readonly secretAccessKey: string
      readonly securityToken: string | undefined
    }
  | {
      readonly kind: 'password'
      readonly username: string
      readonly password: string
      readonly domainName: string
    }
) & {
  /** The account, where the secret says it that holds them. */
  readonly domainId?: string
}

/** Where the credentials lie that this process may not be handed: a secret of AWS Secrets Manager. */
export interface SecretReference {
  readonly kind: 'secret'
  readonly secretId: string
}

const SECRET_VARIABLE = 'HUAWEICLOUD_CREDENTIALS_SECRET'
const TOKEN_VARIABLE = 'HUAWEICLOUD_SDK_SECURITY_TOKEN'
const DOMAIN_VARIABLE = 'HUAWEICLOUD_SDK_DOMAIN_ID'
const KEY_VARIABLES = ['HUAWEICLOUD_SDK_AK', 'HUAWEICLOUD_SDK_SK']
const LOGIN_VARIABLES = ['HUAWEICLOUD_USERNAME', 'HUAWEICLOUD_PASSWORD', 'HUAWEICLOUD_DOMAIN_NAME']

/** Any of them set means that the real cloud is meant. */
export const CREDENTIAL_VARIABLES = [SECRET_VARIABLE, ...KEY_VARIABLES, TOKEN_VARIABLE, ...LOGIN_VARIABLES]

/** Two sources of credentials could name two accounts: there is no rule which of them is meant. */
export function readSecretReference(
  environment: Environment,
  mistakes: Mistake[],
): SecretReference | undefined {
  const secretId = readVariable(environment, SECRET_VARIABLE)
  if (secretId === undefined) return undefined
  const others = namesSet(
    environment,
    CREDENTIAL_VARIABLES.filter((name) => name !== SECRET_VARIABLE),
  )
  if (others.length > 0) {
    mistakes.push({
      pointer: SECRET_VARIABLE,
      detail: `is set together with ${others.join(', ')}; leave the credentials in one place, the secret or the environment`,
    })
  }
  return { kind: 'secret', secretId }
}

/** Reads credentials from variables, whoever holds them; undefined where there are none. Says what is wrong in `mistakes`. */
export function readCredentials(environment: Environment, mistakes: Mistake[]): Credentials | undefined {
  const key = namesSet(environment, [...KEY_VARIABLES, TOKEN_VARIABLE])
  const login = namesSet(environment, LOGIN_VARIABLES)
  const accessKey = readAccessKey(environment, mistakes)
  if (key.length > 0 && login.length > 0) {
    mistakes.push(rivalry(key, login))
    return undefined
  }
  mistakes.push(...halvesOf(key, KEY_VARIABLES), ...halvesOf(login, LOGIN_VARIABLES))
  return accessKey ?? readLogin(environment)
}

/** The id of the account, whoever holds it; undefined where nobody says it. */
export function readDomainId(environment: Environment, mistakes: Mistake[]): string | undefined {
  const domainId = readVariable(environment, DOMAIN_VARIABLE)
  if (domainId === undefined || isPlainId(domainId)) return domainId
  const detail = 'is no id of an account; write 1 to 64 letters, digits, - and _, or leave it out'
  mistakes.push({ pointer: DOMAIN_VARIABLE, detail })
  return undefined
}

function readAccessKey(environment: Environment, mistakes: Mistake[]): Credentials | undefined {
  const [accessKeyId, secretAccessKey, securityToken] = [...KEY_VARIABLES, TOKEN_VARIABLE].map((name) =>
    readVariable(environment, name),
  )
  mistakes.push(...mistakesInKey({ accessKeyId, secretAccessKey, securityToken }))
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined
  return { kind: 'access-key', accessKeyId, secretAccessKey, securityToken }
}

function readLogin(environment: Environment): Credentials | undefined {
  const [username, password, domainName] = LOGIN_VARIABLES.map((name) => readVariable(environment, name))
  if (username === undefined || password === undefined || domainName === undefined) return undefined
  return { kind: 'password', username, password, domainName }
}

function namesSet(environment: Environment, names: readonly string[]): readonly string[] {
  return names.filter((name) => readVariable(environment, name) !== undefined)
}

/** What is missing where only a part is there. */
function halvesOf(present: readonly string[], needed: readonly string[]): readonly Mistake[] {
  if (present.length === 0) return []
  const missing = needed.filter((name) => !present.includes(name))
  return missing.map((pointer) => ({
    pointer,
    detail: `is not set, but ${present.join(' and ')} ${present.length === 1 ? 'is' : 'are'}; set all or none`,
  }))
}

/** A key and a login could be two users: there is no rule which of them is meant. */
function rivalry(key: readonly string[], login: readonly string[]): Mistake {
  const [pointer = ''] = login
  const choose = (present: readonly string[], needed: readonly string[], rivals: readonly string[]) => {
    const missing = needed.filter((name) => !present.includes(name))
    return `unset ${rivals.join(', ')}${missing.length === 0 ? '' : ` and set ${missing.join(', ')}`}`
  }
  const ways = `for the access key ${choose(key, KEY_VARIABLES, login)}; for the login ${choose(login, LOGIN_VARIABLES, key)}`
  return { pointer, detail: `is set together with ${key.join(', ')}: ${ways}` }
}
