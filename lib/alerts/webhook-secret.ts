import { decodeBase64 } from '../base64.ts'

const PREFIX = 'whsec_'
const LEAST_BYTES = 24
const MOST_BYTES = 64

/** What is wrong with a secret for Standard Webhooks, without a letter of it; undefined where nothing is. */
export function mistakeInWebhookSecret(secret: string): string | undefined {
  const bytes = decodeBase64(withoutPrefix(secret))
  if (bytes === undefined) return `is not base64 after ${PREFIX}`
  if (bytes.length >= LEAST_BYTES && bytes.length <= MOST_BYTES) return undefined
  return `holds ${bytes.length} bytes, allowed are ${LEAST_BYTES} to ${MOST_BYTES}`
}

/** The key that such a secret holds; throws a TypeError for one that the configuration should have refused. */
export function keyOfWebhookSecret(secret: string): Buffer {
  const mistake = mistakeInWebhookSecret(secret)
  if (mistake !== undefined) throw new TypeError(`A secret of Standard Webhooks ${mistake}`)
  return Buffer.from(withoutPrefix(secret), 'base64')
}

function withoutPrefix(secret: string): string {
  return secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret
}
