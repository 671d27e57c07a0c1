import { Fault } from '../errors.ts'
import { createDirectoryStore } from './directory.ts'
import { createS3Store } from './s3.ts'
import type { S3Settings } from './s3-client.ts'
import type { Store } from './store.ts'

/** What a store needs besides its address: how to reach S3, and a new unique id for each write to it. */
export interface StoreOptions extends S3Settings {
  readonly newId: () => string
}

/** The store at an address: `file:reports`, a path, or `s3://bucket/prefix`; anything else is a Fault that says so. */
export function openStore(address: string, options: StoreOptions): Store {
  const place = readAddress(address)
  if (place === undefined)
    throw new Fault(
      'invalid_configuration',
      `Cannot open the store ${JSON.stringify(withoutSecrets(address))}: ${whatToWrite(address)}`,
    )
  if ('path' in place) return createDirectoryStore(place.path)
  const connect = async () => (await import('./s3-client.ts')).connectS3(options)
  return createS3Store({ ...place, connect, newId: options.newId })
}

/** What is wrong with the address of a store, in words that follow the name of whatever holds it; undefined where nothing is. */
export function mistakeInAddress(address: string): string | undefined {
  return readAddress(address) === undefined
    ? `has ${JSON.stringify(withoutSecrets(address))}; ${whatToWrite(address)}`
    : undefined
}

/** Which part of an address that is meant for S3 is wrong; undefined where none is, or nobody can tell. */
export function mistakeInBucket(address: string): string | undefined {
  const bucket = /^s3:\/\/([^/]*)/.exec(address)?.[1]
  if (bucket === undefined || S3_ADDRESS.test(address)) return undefined
  if (bucket.length < 3) return 'the name of the bucket has fewer than 3 characters'
  if (bucket.length > 63) return 'the name of the bucket has more than 63 characters'
  if (!S3_ADDRESS.test(`s3://${bucket}`))
    return 'the name of the bucket has other characters than a to z, 0 to 9, "." and "-", or one of those two at an end'
  return 'the prefix has other characters than letters, digits, "_", "-", "=" and ".", an empty part, or one that begins with "."'
}

function whatToWrite(address: string): string {
  const mistake = mistakeInBucket(address)
  return mistake === undefined ? ALLOWED : `${mistake}; ${ALLOWED}`
}

type Place = { readonly path: string } | { readonly bucket: string; readonly prefix: string }

function readAddress(address: string): Place | undefined {
  const s3 = S3_ADDRESS.exec(address)
  if (s3 !== null) {
    const [, bucket = '', prefix = ''] = s3
    return { bucket, prefix }
  }
  const path = FILE_ADDRESS.exec(address)?.[1] ?? (SCHEME.test(address) ? undefined : address)
  return path === undefined || path === '' || path.includes('\0') ? undefined : { path }
}

const ALLOWED =
  'allowed are a folder ("file:reports", "file:/var/reports", or just a path) and a bucket ("s3://bucket/prefix", for other stores than Amazon\'s together with AWS_ENDPOINT_URL_S3)'

// The rules for names of buckets, and for prefixes the characters that S3 calls safe.
const S3_ADDRESS =
  /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/((?:[\w=-][\w.=-]*\/)*[\w=-][\w.=-]*))?\/?$/
const FILE_ADDRESS = /^file:(?:\/\/(?=\/))?(?!\/\/)(.+)$/s
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]+:/

// Somebody may have pasted an URL with a password, or a signed one.
function withoutSecrets(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//…@').replace(/[?#].*$/s, '?…')
}
