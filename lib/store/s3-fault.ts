import { Fault } from '../errors.ts'

/** What is known of a failed call: S3's own word for it, the HTTP status, and how often the SDK tried. */
export interface S3Failure {
  readonly name: string
  readonly status: number | undefined
  readonly attempts: number
  readonly requestId: string | undefined
}

/** Reads a failure of the SDK; undefined for any other error, which is a defect then. */
export function s3Failure(error: unknown): S3Failure | undefined {
  if (!(error instanceof Error)) return undefined
  // The SDK says this in no other way, and only when the first call is made.
  if (error.message === 'Region is missing') return { ...UNSENT, name: NO_REGION }
  // Nor this, of a body that is not what was stored.
  if (error.message.startsWith('Checksum mismatch')) return { ...UNSENT, name: CHECKSUM_MISMATCH }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const metadata = '$metadata' in error ? (error.$metadata as S3Metadata | undefined) : undefined
  const name = WORD.test(code ?? '') && !metadata?.httpStatusCode ? code : error.name
  if (metadata === undefined && code === undefined && !SDK_ERRORS.has(error.name)) return undefined
  if (code?.startsWith('ERR_')) return undefined
  return {
    name: name !== undefined && WORD.test(name) ? name : 'unknown',
    status: metadata?.httpStatusCode,
    attempts: metadata?.attempts ?? 1,
    requestId: metadata?.requestId,
  }
}

/**
 * A failed call as a Fault that says what could not be done, why, and what to do; defects come back as they are.
 * The SDK's error itself is left out: it may hold the access key, the string to sign, and what else a store echoes.
 */
export function s3Fault(cannot: string, error: unknown): unknown {
  const failure = s3Failure(error)
  if (error instanceof Fault || failure === undefined) return error
  const found = [
    failure.name,
    failure.status && `HTTP ${failure.status}`,
    failure.attempts > 1 && `${failure.attempts} attempts`,
    failure.requestId && WORD.test(failure.requestId) && `request ${failure.requestId}`,
  ]
  return new Fault(
    // No other try would find a region that nobody named.
    failure.name === NO_REGION ? 'invalid_configuration' : 'unavailable',
    `Cannot ${cannot}: ${explain(failure)} (${found.filter(Boolean).join(', ')})`,
  )
}

/** What was asked for, or something else instead where S3 answers with one expected failure. */
export async function unless<T, E>(expected: string, instead: E, asked: Promise<T>): Promise<T | E> {
  try {
    return await asked
  } catch (error) {
    if (s3Failure(error)?.name === expected) return instead
    throw error
  }
}

/** The failure of a server that answered, but not as S3 does: a login page, a proxy, a plain web server. */
export function noS3Answer(): Error {
  return Object.assign(new Error('not an answer of S3'), { code: NO_S3 })
}

interface S3Metadata {
  readonly httpStatusCode?: number
  readonly attempts?: number
  readonly requestId?: string
}

// A name or an id comes from the other side: nothing but a plain word goes into a sentence.
const WORD = /^[\w.-]{1,80}$/
const UNSENT = { status: undefined, attempts: 1, requestId: undefined }
const NO_S3 = 'NoS3Answer'
const NO_REGION = 'NoRegion'
const CHECKSUM_MISMATCH = 'ChecksumMismatch'
const SDK_ERRORS = new Set(['CredentialsProviderError', 'TimeoutError', 'TokenProviderError'])

function explain({ name, status }: S3Failure): string {
  const known = EXPLANATIONS.find(([names]) => names.includes(name))
  if (known !== undefined) return known[1]
  if (status === undefined) return UNREACHABLE
  if (status === 403) return 'the store refuses; allow this role to read, write and list there'
  if (status === 507) return FULL
  if (status === 501) return 'the store does not know this call of S3; choose one that does'
  if (status >= 500) return 'the store is in trouble; try again later'
  return 'the store gave an answer that we do not expect; see its documentation'
}

const UNREACHABLE = 'the store cannot be reached; check AWS_ENDPOINT_URL_S3, the region and the network'
const FULL = 'the store or its quota is full; free some space, then run again'

const EXPLANATIONS: readonly (readonly [names: readonly string[], explanation: string])[] = [
  [['NoSuchBucket'], 'there is no such bucket; create it, or correct REPORT_STORE'],
  [
    ['AccessDenied'],
    'the store refuses; allow this role s3:GetObject, s3:PutObject and s3:ListBucket there (without the last, S3 also refuses to say that an object is missing)',
  ],
  [
    [
      'InvalidAccessKeyId',
      'SignatureDoesNotMatch',
      'ExpiredToken',
      'InvalidToken',
      'CredentialsProviderError',
    ],
    'the store needs other credentials; check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the role',
  ],
  [[NO_REGION], 'the region of the bucket is not known; set AWS_REGION'],
  [[NO_S3], 'what answers there is no S3; check AWS_ENDPOINT_URL_S3 and the network'],
  [[CHECKSUM_MISMATCH], 'what lies there is not what was stored; restore it from a copy'],
  [['PreconditionFailed'], 'it was replaced meanwhile; run again'],
  [['RequestTimeTooSkewed'], 'the clock of this machine is wrong; set it, then run again'],
  [['QuotaExceeded', 'InsufficientStorage', 'StorageFull', 'XMinioStorageFull'], FULL],
  [['SlowDown', 'ServiceUnavailable', 'TooManyRequests'], 'the store is overloaded; try again later'],
  [['TimeoutError', 'RequestTimeout', 'ETIMEDOUT'], 'the store does not answer in time; try again later'],
  [
    ['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'],
    'the bucket is in another region; set AWS_REGION to that of the bucket',
  ],
]
