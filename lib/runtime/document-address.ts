import { mistakeInAddress, mistakeInBucket } from '../store/address.ts'
import { isKeyPart } from '../store/key.ts'

/** Whether a document lies in a store, and not on this machine. */
export function isInStore(address: string): boolean {
  return /^s3:/i.test(address)
}

/** What is wrong with the address of a document, as far as it tells by itself; undefined where nothing is. */
export function mistakeInDocumentAddress(address: string): string | undefined {
  if (!isInStore(address)) return undefined
  const { store, key } = splitDocumentAddress(address)
  if (mistakeInAddress(store) === undefined && isKeyPart(key)) return undefined
  const mistake = mistakeInBucket(store)
  const why = mistake === undefined ? '' : `: ${mistake}`
  return `is no object of a store${why}; write a path, or s3://bucket/prefix/policy.json`
}

/** The store of a document, and its key there. */
export function splitDocumentAddress(address: string): { readonly store: string; readonly key: string } {
  const slash = address.lastIndexOf('/')
  return { store: address.slice(0, slash), key: address.slice(slash + 1) }
}
