import {
  type Authorization,
  isSignedBy,
  parseAuthorization,
  type Signable,
} from '../../lib/huawei/signature.ts'
import type { Credentials } from './action.ts'
import { type Refusal, refuseAtGateway } from './reply.ts'
import type { Grant, State } from './state.ts'

/** Lets a request in by signature or by token, and tells how far it reaches; throws the gateway's refusal otherwise. */
export function authenticate(
  request: Signable,
  state: State,
  credentials: Credentials,
  nowUs: number,
): Pick<Grant, 'projectId'> {
  const header = request.headers['authorization']
  if (header !== undefined) return authenticateSignature(request, header, state, credentials, nowUs)
  const grant = state.tokens.get(request.headers['x-auth-token'] ?? '')
  if (grant === undefined || grant.expiresUs <= nowUs) throw refuse('Unauthorized')
  return grant
}

/** A refusal of the gateway: its fixed words, then the reason. */
export function refuse(reason: string): Refusal {
  return refuseAtGateway(401, 'APIGW.0301', `Incorrect IAM authentication information: ${reason}`)
}

/** The refusal of a request whose date is off, with both times in the text; the spelling was reported by users of the Java SDK. */
export function refuseExpired(sdkDate: string, nowUs: number): Refusal {
  const times = `signature time:${sdkDate},server time:${toSdkDate(nowUs)}`
  return refuse(`calc aksk signature fail:signature expired, ${times}`)
}

/** The gateway accepts clocks that are up to 15 minutes off. */
const MAX_SKEW_US = 15 * 60 * 1_000_000

function authenticateSignature(
  request: Signable,
  header: string,
  state: State,
  credentials: Credentials,
  nowUs: number,
): Pick<Grant, 'projectId'> {
  const authorization = parseAuthorization(header)
  if (authorization === undefined) throw refuse('Authorization format is incorrect')
  const sdkDate = request.headers['x-sdk-date'] ?? ''
  const signedUs = readSdkDate(sdkDate)
  if (signedUs === undefined || !authorization.signedHeaders.includes('x-sdk-date'))
    throw refuse('calc aksk signature fail:x-sdk-date is missing, malformed or not signed')
  if (Math.abs(nowUs - signedUs) > MAX_SKEW_US) throw refuseExpired(sdkDate, nowUs)
  const key = findKey(authorization, state, credentials, nowUs)
  if (key === undefined) throw refuse('Get secretKey failed,ak not exist or expired')
  if ((request.headers['x-security-token'] ?? '') !== key.securityToken)
    throw refuse('the security token does not belong to this access key')
  if (!isSignedBy(request, authorization, key.secret)) throw refuse('verify aksk signature fail')
  return { projectId: key.projectId }
}

function findKey(
  { accessKeyId }: Authorization,
  state: State,
  credentials: Credentials,
  nowUs: number,
): { secret: string; securityToken: string; projectId: string | undefined } | undefined {
  if (accessKeyId === credentials.ak)
    return {
      secret: credentials.sk,
      securityToken: credentials.securityToken ?? '',
      projectId: undefined,
    }
  const key = state.keys.get(accessKeyId)
  return key === undefined || key.expiresUs <= nowUs ? undefined : key
}

function readSdkDate(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second] = match
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(ms) ? undefined : ms * 1000
}

function toSdkDate(us: number): string {
  return `${new Date(us / 1000).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}
