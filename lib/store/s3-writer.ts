import type { S3Calls } from './s3-client.ts'
import type { Writer } from './store.ts'

/** The least that S3 takes as a part, but for the last one; 10,000 parts make 48 GiB, enough for any report. */
const PART_BYTES = 5 * 1024 * 1024

/** How a writer sees the object that it makes. */
export interface S3Target {
  readonly at: { readonly Bucket: string; readonly Key: string }
  /** What goes with the object: its type, and who writes it. */
  readonly about: { readonly ContentType: string; readonly Metadata: Record<string, string> }
  /** Carries the write that makes the object visible to a clear end. */
  readonly settle: (write: () => Promise<unknown>) => Promise<boolean>
}

/** A writer that holds one part in memory: an object that fits into it is put at once, a larger one goes up part by part. */
export function createS3Writer(s3: S3Calls, { at, about, settle }: S3Target): Writer {
  const buffer = Buffer.allocUnsafe(PART_BYTES)
  const parts: { ETag: string | undefined; ChecksumCRC32: string | undefined; PartNumber: number }[] = []
  let filled = 0
  let uploadId: string | undefined

  async function sendPart(): Promise<void> {
    uploadId ??= (await s3.startUpload({ ...at, ...about, ChecksumAlgorithm: 'CRC32' })).UploadId
    const PartNumber = parts.length + 1
    const { ETag, ChecksumCRC32 } = await s3.uploadPart({
      ...at,
      UploadId: uploadId,
      PartNumber,
      Body: buffer.subarray(0, filled),
      ChecksumAlgorithm: 'CRC32',
    })
    parts.push({ ETag, ChecksumCRC32, PartNumber })
    filled = 0
  }

  async function abort(): Promise<void> {
    if (uploadId === undefined) return
    // What stays is invisible, and the bucket's own rule removes unfinished uploads after a day.
    await s3.abortUpload({ ...at, UploadId: uploadId }).catch(() => {})
    uploadId = undefined
  }

  return {
    async write(chunk) {
      let rest = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      while (rest.length > 0) {
        if (filled === PART_BYTES) await sendPart()
        const taken = rest.subarray(0, PART_BYTES - filled)
        buffer.set(taken, filled)
        filled += taken.length
        rest = rest.subarray(taken.length)
      }
    },
    async close() {
      const ifFree = { ...at, IfNoneMatch: '*' }
      if (uploadId === undefined) {
        return settle(() => s3.put({ ...ifFree, ...about, Body: buffer.subarray(0, filled) }))
      }
      await sendPart()
      const upload = { ...ifFree, UploadId: uploadId, MultipartUpload: { Parts: parts } }
      const won = await settle(() => s3.completeUpload(upload))
      if (won) uploadId = undefined
      else await abort()
      return won
    },
    abort,
  }
}
