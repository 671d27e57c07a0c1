import type { GetObjectCommandInput } from '@aws-sdk/client-s3'
import type { S3Calls } from './s3-client.ts'
import { noS3Answer } from './s3-fault.ts'

const TRIES = 3

/** Bytes of an object, the version that they are of, and how many the whole object has. */
export interface Piece {
  readonly bytes: Buffer
  readonly version: string
  readonly totalBytes: number
}

/** Fetches an object or a range of it; where the answer breaks off it is asked for again, as the SDK does not do that. */
export async function fetchPiece(s3: S3Calls, input: GetObjectCommandInput): Promise<Piece> {
  for (let tries = 1; ; tries++) {
    const { Body: body, ETag: version, ContentRange: range } = await s3.get(input)
    if (body === undefined || version === undefined) throw noS3Answer()
    try {
      const bytes = Buffer.from(await body.transformToByteArray())
      return { bytes, version, totalBytes: range === undefined ? bytes.length : Number(range.split('/')[1]) }
    } catch (error) {
      if (tries === TRIES) throw error
    }
  }
}
