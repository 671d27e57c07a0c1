import { type S3Lite, startS3 } from './s3lite.ts'

/** An S3 server with one bucket, and what a process needs in its environment to use it as its store. */
export interface S3ForTests {
  readonly server: S3Lite
  readonly address: string
  readonly env: Readonly<Record<string, string>>
}

/** Starts an S3 server with an empty bucket; the caller stops it with `server.stop()`. */
export async function startS3ForTests(): Promise<S3ForTests> {
  const server = await startS3({ accessKeyId: 'test-access-key', secretAccessKey: 'test-secret-key' })
  server.buckets.set('audit-reports', new Map())
  const address = 's3://audit-reports/team/backups'
  const env = {
    AWS_ENDPOINT_URL_S3: server.url,
    AWS_ACCESS_KEY_ID: server.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
    AWS_REGION: 'us-east-1',
    REPORT_STORE: address,
  }
  return { server, address, env }
}
