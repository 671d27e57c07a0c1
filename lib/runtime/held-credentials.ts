import { Fault, type Mistake } from '../errors.ts'
import { type Credentials, readCredentials } from './credentials.ts'

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

/** Credentials that may be changed while this process lives. An unchanged secret always gives the same object. */
export interface HeldCredentials {
  /** What was read last, read again after five minutes; where that fails, still what was read last. */
  readonly current: () => Promise<Credentials>
  /** What the secret holds now that these were refused; the very same where it was not changed. */
  readonly insteadOf: (refused: Credentials) => Promise<Credentials>
}

interface Reading {
  readonly atMs: number
  readonly text: string
  readonly credentials: Credentials
}

const KEPT_MS = 300_000

/** Refusals come in crowds, as calls do: what was read a moment ago is what the secret holds now. */
const FRESH_MS = 5_000

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
  let last: Promise<Reading> | undefined
  let kept: Reading | undefined
  let failedAtMs = Number.NEGATIVE_INFINITY

  async function readAgain(before: Reading | undefined): Promise<Reading> {
    const text = await read(secretId)
    const credentials = before?.text === text ? before.credentials : parseSecret(source, text)
    kept = { atMs: nowMs(), text, credentials }
    return kept
  }

  async function youngerThan(ageMs: number): Promise<Credentials> {
    const known = last
    const reading = await known
    if (reading !== undefined && nowMs() - reading.atMs < ageMs) return reading.credentials
    // Whoever waited for the same old reading finds the new one already on its way.
    if (known === last) {
      const next = readAgain(reading)
      last = next
      next.catch(() => {
        failedAtMs = nowMs()
        if (last === next) last = known
      })
    }
    return (await last)?.credentials ?? youngerThan(ageMs)
  }

  /** While the secret cannot be read Huawei decides whether the old keys still hold; it is not asked for at every call. */
  async function current(): Promise<Credentials> {
    if (kept !== undefined && nowMs() - failedAtMs < FRESH_MS) return kept.credentials
    try {
      return await youngerThan(KEPT_MS)
    } catch (error) {
      if (kept === undefined) throw error
      return kept.credentials
    }
  }

  return {
    current,
    insteadOf: async (refused) => {
      const current = await youngerThan(KEPT_MS)
      return current === refused ? youngerThan(FRESH_MS) : current
    },
  }
}

function parseSecret({ secretId, lacksProject }: SecretSource, text: string): Credentials {
  const mistakes: Mistake[] = []
  const variables = toVariables(text, mistakes)
  const credentials = readCredentials(variables, mistakes)
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
  if (credentials !== undefined) return credentials
  throw new Fault(
    'invalid_configuration',
    `Cannot find credentials in the secret ${JSON.stringify(secretId)}; it should be {"HUAWEICLOUD_SDK_AK": "…", "HUAWEICLOUD_SDK_SK": "…"}`,
  )
}

/** Names only what is ours: a key or a value that is neither may be a secret that was pasted wrongly. */
function toVariables(text: string, mistakes: Mistake[]): Readonly<Record<string, string>> {
  const document = parseObject(text)
  if (document === undefined) {
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

function parseObject(text: string): object | undefined {
  try {
    const document: unknown = JSON.parse(text)
    return typeof document === 'object' && document !== null && !Array.isArray(document)
      ? document
      : undefined
  } catch {
    return undefined
  }
}
