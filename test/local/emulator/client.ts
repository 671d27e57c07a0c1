import { encodePath, encodeQuery, signRequest } from '../../../lib/huawei/signature.ts'
import type { Instant } from '../../../lib/time.ts'
import { type Emulator, type EmulatorOptions, startEmulator } from '../../../local/emulator/server.ts'
import { type Json, readJson } from '../../support/json.ts'

/** The moment at which all emulated tests stand, unless they move it. */
export const NOW = Date.parse('2026-11-20T09:30:00Z')

/** An answer as a test wants to look at it. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Empty where the text is no JSON object. */
  readonly body: Json
}

/** What a test asks; everything but the path has a default. */
export interface Ask {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly query?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Who signs; nobody where `false`. */
  readonly key?: { readonly ak: string; readonly sk: string; readonly securityToken?: string } | false
  readonly atMs?: number
}

/** Asks an emulator over real HTTP, signed like any client. */
export async function ask(emulator: Emulator, path: string, asked: Ask = {}): Promise<Answer> {
  const { method = 'GET', key = emulator.credentials, atMs = NOW, headers = {} } = asked
  const query = Object.entries(asked.query ?? {}).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((one) => [name, one] as const),
  )
  const body = asked.body === undefined ? undefined : JSON.stringify(asked.body)
  const plain = {
    method,
    origin: emulator.endpoint,
    path,
    query,
    headers,
    ...(body !== undefined && { body }),
  }
  const signed =
    key === false
      ? plain
      : signRequest(
          plain,
          {
            accessKeyId: key.ak,
            secretAccessKey: key.sk,
            ...(key.securityToken !== undefined && { securityToken: key.securityToken }),
          },
          (atMs * 1000) as Instant,
        )
  const suffix = query.length === 0 ? '' : `?${encodeQuery(query)}`
  const response = await fetch(`${emulator.endpoint}${encodePath(path)}${suffix}`, {
    method,
    headers: signed.headers,
    ...(body !== undefined && { body }),
    redirect: 'manual',
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: bodyOf(text) }
}

/** Runs a test with an emulator of its own, and stops it whatever happens. */
export async function withEmulator(
  options: Partial<EmulatorOptions>,
  test: (emulator: Emulator) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulator({ now: () => NOW, ...options })
  try {
    await test(emulator)
  } finally {
    await emulator.close()
  }
}

function bodyOf(text: string): Json {
  try {
    return readJson(text)
  } catch {
    return {}
  }
}
