import {
  AbortMultipartUploadCommand,
  type AbortMultipartUploadCommandInput,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  DeleteObjectCommand,
  type DeleteObjectCommandInput,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  type HeadObjectCommandInput,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  UploadPartCommand,
  type UploadPartCommandInput,
} from '@aws-sdk/client-s3'

/** How to reach the object store; everything else, credentials above all, the SDK finds by its own rules. */
export interface S3Settings {
  /** What AWS_ENDPOINT_URL_S3 says; buckets then go into the path, as few other stores have a host name for each. */
  readonly endpoint?: string | undefined
  /** How long a store may stay silent. */
  readonly silenceMs?: number | undefined
}

/** The nine calls of S3 that a store needs. */
export type S3Calls = ReturnType<typeof connectS3>

/** Makes the calls; the only file that loads the SDK, so that whoever needs no S3 does not wait for it. */
export function connectS3({ endpoint, silenceMs = 30_000 }: S3Settings) {
  const client = new S3Client({
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true, region: 'us-east-1' }),
    requestHandler: {
      connectionTimeout: Math.min(5_000, silenceMs),
      requestTimeout: silenceMs,
      throwOnRequestTimeout: true,
      socketTimeout: silenceMs,
    },
  })
  return {
    put: (input: PutObjectCommandInput) => client.send(new PutObjectCommand(input)),
    get: (input: GetObjectCommandInput) => client.send(new GetObjectCommand(input)),
    head: (input: HeadObjectCommandInput) => client.send(new HeadObjectCommand(input)),
    list: (input: ListObjectsV2CommandInput) => client.send(new ListObjectsV2Command(input)),
    remove: (input: DeleteObjectCommandInput) => client.send(new DeleteObjectCommand(input)),
    startUpload: (input: CreateMultipartUploadCommandInput) =>
      client.send(new CreateMultipartUploadCommand(input)),
    uploadPart: (input: UploadPartCommandInput) => client.send(new UploadPartCommand(input)),
    completeUpload: (input: CompleteMultipartUploadCommandInput) =>
      client.send(new CompleteMultipartUploadCommand(input)),
    abortUpload: (input: AbortMultipartUploadCommandInput) =>
      client.send(new AbortMultipartUploadCommand(input)),
  }
}
