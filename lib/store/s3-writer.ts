import { createGatherer } from './gather.ts'
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
  const gathered = createGatherer(PART_BYTES, async (full) => {
    await sendPart(full)
    return full
  })
  const parts: { ETag: string | undefined; ChecksumCRC32: string | undefined; PartNumber: number }[] = []
  let uploadId: string | undefined

  async function sendPart(bytes: Buffer): Promise<void> {
    uploadId ??= (await s3.startUpload({ ...at, ...about, ChecksumAlgorithm: 'CRC32' })).UploadId
    const PartNumber = parts.length + 1
    const { ETag, ChecksumCRC32 } = await s3.uploadPart({
      ...at,
      UploadId: uploadId,
      PartNumber,
      Body: bytes,
      ChecksumAlgorithm: 'CRC32',
    })
    parts.push({ ETag, ChecksumCRC32, PartNumber })
  }

  async function abort(): Promise<void> {
    if (uploadId === undefined) return
    // What stays is invisible, and the bucket's own rule removes unfinished uploads after a day.
    await s3.abortUpload({ ...at, UploadId: uploadId }).catch(() => {})
    uploadId = undefined
  }

  return {
    write: gathered.add,
    async close() {
      const ifFree = { ...at, IfNoneMatch: '*' }
      if (uploadId === undefined) {
        return settle(() => s3.put({ ...ifFree, ...about, Body: gathered.rest() }))
      }
      await sendPart(gathered.rest())
      const upload = { ...ifFree, UploadId: uploadId, MultipartUpload: { Parts: parts } }
      const won = await settle(() => s3.completeUpload(upload))
      if (won) uploadId = undefined
      else await abort()
      return won
    },
    abort,
  }
}
