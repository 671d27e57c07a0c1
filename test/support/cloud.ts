import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Environment } from '../../lib/runtime/environment.ts'
import { emulatorEnvironment } from '../../local/commands/emulator-environment.ts'
import { startEmulator } from '../../local/emulator/server.ts'
import { eventFleet } from './event-fleet.ts'
import { readJson } from './json.ts'
import { startS3ForTests } from './s3.ts'

const SECRET_ID = 'huawei-backup-audit/test/audit'

/** Everything that a deployed function meets: Huawei, the report bucket, and the secret with the keys. */
export interface Cloud {
  /** The environment of the function, in which the keys are not. */
  readonly environment: Environment
  /** What must be seen nowhere. */
  readonly secretKey: string
  readonly put: (key: string, content: unknown) => void
  readonly read: (key: string) => Buffer | undefined
  readonly keys: () => readonly string[]
  readonly close: () => Promise<void>
}

const PREFIX = 'team/backups/'

/** Starts a small cloud on this machine. */
export async function startCloud(): Promise<Cloud> {
  const [emulator, s3] = await Promise.all([
    startEmulator({ now: Date.now, fleet: eventFleet(), checkpointMs: 0 }),
    startS3ForTests(),
  ])
  const { HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK, ...rest } = emulatorEnvironment(emulator, s3.env)
  const secrets = await serveSecret(JSON.stringify({ HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK }))
  const bucket = s3.server.buckets.get('audit-reports') ?? new Map()
  return {
    environment: {
      ...rest,
      HUAWEICLOUD_CREDENTIALS_SECRET: SECRET_ID,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    },
    secretKey: emulator.credentials.sk,
    put: (key, content) => {
      const body = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content))
      bucket.set(PREFIX + key, { body, etag: '"given"', at: new Date(), headers: {}, checksums: {} })
    },
    read: (key) => bucket.get(PREFIX + key)?.body,
    keys: () => [...bucket.keys()].map((key) => key.slice(PREFIX.length)),
    close: async () => {
      await Promise.all([emulator.close(), s3.server.stop(), secrets.close()])
    },
  }
}

/** The one call of Secrets Manager that we make, for the one secret that there is. */
async function serveSecret(text: string): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { SecretId } = readJson(Buffer.concat(chunks).toString())
    const isAsked =
      request.headers['x-amz-target'] === 'secretsmanager.GetSecretValue' &&
      request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')
    const isFound = isAsked && SecretId === SECRET_ID
    response.writeHead(isFound ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(JSON.stringify(isFound ? { SecretString: text } : { __type: 'ResourceNotFoundException' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}
