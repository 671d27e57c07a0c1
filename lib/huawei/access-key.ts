import { Fault, type Mistake } from '../errors.ts'
import type { Authorize } from './authorize.ts'
import { clockSkewOf } from './clock-skew.ts'
import type { CloudClock } from './cloud-clock.ts'
import type { Request } from './http.ts'
import { keepSecret } from './secrets.ts'
import { type AccessKey, signRequest } from './signature.ts'

const VARIABLES = [
  ['accessKeyId', 'HUAWEICLOUD_SDK_AK'],
  ['secretAccessKey', 'HUAWEICLOUD_SDK_SK'],
  ['securityToken', 'HUAWEICLOUD_SDK_SECURITY_TOKEN'],
] as const satisfies readonly (readonly [part: keyof AccessKey, variable: string])[]

/** An access key, and the account that its calls are about where they name no project; that of the key unless told. */
interface AccountKey extends AccessKey {
  readonly domainId?: string | undefined
}

/** Signs with an access key, and the time of that clock; the gateway may correct it. */
export function accessKey(key: AccountKey, { timeAt, correct }: CloudClock): Authorize {
  const mistakes = mistakesInKey(key)
  if (mistakes.length > 0)
    throw new Fault('invalid_configuration', 'Cannot sign with this access key', { mistakes })
  // The id too: a refusal of the gateway may name it.
  for (const [part] of VARIABLES) keepSecret(key[part] ?? '')
  return async (request, { refused }) => {
    if (refused !== undefined) {
      const skew = clockSkewOf(refused.response)
      if (skew === undefined || correct === undefined) return undefined
      correct(request.origin, skew.serverAt)
    }
    return signRequest(inAccount(request, key), key, timeAt(request.origin))
  }
}

/** As the SDKs do: a call that is about a project says no more than that. */
function inAccount(request: Request, { domainId }: AccountKey): Request {
  if (domainId === undefined || request.headers['x-project-id'] !== undefined) return request
  return { ...request, headers: { ...request.headers, 'x-domain-id': domainId } }
}

/** What is wrong with the parts of an access key that are there, by the names of their variables. */
export function mistakesInKey(
  key: {
    readonly [Part in keyof AccessKey]?: string | undefined
  },
): readonly Mistake[] {
  return VARIABLES.flatMap(([part, pointer]): readonly Mistake[] => {
    const value = key[part]
    if (value === undefined) return []
    if (value === '') return [{ pointer, detail: 'must not be empty' }]
    return /^[\x21-\x7e]+$/.test(value)
      ? []
      : [{ pointer, detail: 'must not hold blanks, line ends or characters other than ASCII' }]
  })
}
