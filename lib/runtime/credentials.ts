import type { Mistake } from '../errors.ts'
import { mistakesInKey } from '../huawei/access-key.ts'
import { type Environment, readVariable } from './environment.ts'

/** Who we are to Huawei. Secrets live here and in the signer, nowhere else. */
export type Credentials =
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

/** Where the credentials lie that this process may not be handed: a secret of AWS Secrets Manager. */
export interface SecretReference {
  readonly kind: 'secret'
  readonly secretId: string
}

const SECRET_VARIABLE = 'HUAWEICLOUD_CREDENTIALS_SECRET'

/** Any of them set means that the real cloud is meant. */
export const CREDENTIAL_VARIABLES = [
  SECRET_VARIABLE,
  'HUAWEICLOUD_SDK_AK',
  'HUAWEICLOUD_SDK_SK',
  'HUAWEICLOUD_SDK_SECURITY_TOKEN',
  'HUAWEICLOUD_USERNAME',
  'HUAWEICLOUD_PASSWORD',
]

/** Two sources of credentials could name two accounts: there is no rule which of them is meant. */
export function readSecretReference(
  environment: Environment,
  mistakes: Mistake[],
): SecretReference | undefined {
  const secretId = readVariable(environment, SECRET_VARIABLE)
  if (secretId === undefined) return undefined
  const others = CREDENTIAL_VARIABLES.filter(
    (name) => name !== SECRET_VARIABLE && readVariable(environment, name) !== undefined,
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
  const accessKey = allOrNone(environment, ['HUAWEICLOUD_SDK_AK', 'HUAWEICLOUD_SDK_SK'], mistakes)
  const securityToken = readVariable(environment, 'HUAWEICLOUD_SDK_SECURITY_TOKEN')
  mistakes.push(
    ...mistakesInKey({
      accessKeyId: readVariable(environment, 'HUAWEICLOUD_SDK_AK'),
      secretAccessKey: readVariable(environment, 'HUAWEICLOUD_SDK_SK'),
      securityToken,
    }),
  )
  if (accessKey !== undefined) {
    const [accessKeyId = '', secretAccessKey = ''] = accessKey
    return { kind: 'access-key', accessKeyId, secretAccessKey, securityToken }
  }
  if (securityToken !== undefined && readVariable(environment, 'HUAWEICLOUD_SDK_AK') === undefined) {
    mistakes.push({
      pointer: 'HUAWEICLOUD_SDK_SECURITY_TOKEN',
      detail: 'is set without HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK; a token belongs to a temporary key',
    })
  }
  const login = ['HUAWEICLOUD_USERNAME', 'HUAWEICLOUD_PASSWORD'].some(
    (name) => readVariable(environment, name) !== undefined,
  )
  if (!login) return undefined
  const names = ['HUAWEICLOUD_USERNAME', 'HUAWEICLOUD_PASSWORD', 'HUAWEICLOUD_DOMAIN_NAME']
  const user = allOrNone(environment, names, mistakes)
  if (user === undefined) return undefined
  const [username = '', password = '', domainName = ''] = user
  return { kind: 'password', username, password, domainName }
}

function allOrNone(
  environment: Environment,
  names: readonly string[],
  mistakes: Mistake[],
): readonly string[] | undefined {
  const values = names.map((name) => readVariable(environment, name))
  const missing = names.filter((_, index) => values[index] === undefined)
  if (missing.length === names.length) return undefined
  if (missing.length === 0) return values.filter((value) => value !== undefined)
  const present = names.filter((name) => !missing.includes(name))
  for (const name of missing) {
    mistakes.push({ pointer: name, detail: `is not set, but ${present.join(' and ')} is; set both or none` })
  }
  return undefined
}
