// An S3 server in a process of its own. Forked by start-s3-server.ts.
import { startS3 } from '../../support/s3lite.ts'
import type { S3Message } from './start-s3-server.ts'

const BUCKET = 'audit-reports'
const server = await startS3()
server.buckets.set(BUCKET, new Map())
tell({
  kind: 'ready',
  store: `s3://${BUCKET}/bench`,
  environment: {
    AWS_ENDPOINT_URL_S3: server.url,
    AWS_ACCESS_KEY_ID: server.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
    AWS_REGION: 'us-east-1',
  },
})

// Whoever forked it may be killed.
process.on('disconnect', () => process.exit())

// Tells what it was asked until now, and is empty from then on.
process.on('message', () => {
  tell({ kind: 'requests', requests: server.log.splice(0) })
  server.buckets.set(BUCKET, new Map())
})

function tell(message: S3Message): void {
  process.send?.(message)
}
