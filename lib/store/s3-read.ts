import type { S3Calls } from './s3-client.ts'
import { noS3Answer, unless } from './s3-fault.ts'

const TRIES = 3

/** Bytes of an object, the version that they are of, and how many the whole object has. */
export interface Piece {
  readonly bytes: Buffer
  readonly version: string
  readonly totalBytes: number
}

/** From which byte to which (which is not in it any more), and of which version where one is known. */
export interface ByteRange {
  readonly start: number
  readonly end: number
  readonly version: string | undefined
}

const NOTHING: Piece = { bytes: Buffer.alloc(0), version: '', totalBytes: 0 }

/** Fetches an object or a range of it; where the answer breaks off it is asked for again, as the SDK does not do that. */
export async function fetchPiece(
  s3: S3Calls,
  at: { readonly Bucket: string; readonly Key: string },
  range?: ByteRange,
): Promise<Piece> {
  const part = range && { Range: `bytes=${range.start}-${range.end - 1}`, IfMatch: range.version }
  for (let tries = 1; ; tries++) {
    // An empty object has no range: S3 refuses to give even its first byte.
    const answer = await unless('InvalidRange', undefined, s3.get({ ...at, ...part }))
    if (answer === undefined) return NOTHING
    const { Body: body, ETag: version, ContentRange: given } = answer
    if (body === undefined || version === undefined) throw noS3Answer()
    try {
      const bytes = Buffer.from(await body.transformToByteArray())
      return { bytes, version, totalBytes: given === undefined ? bytes.length : Number(given.split('/')[1]) }
    } catch (error) {
      if (tries === TRIES) throw error
    }
  }
}
