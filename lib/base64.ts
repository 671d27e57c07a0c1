/** No group is repeated in it: of a body of some MiB that would fill the stack. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** The bytes of a base64 text; undefined where it is none. Node's own decoder drops what is not of the alphabet and says nothing. */
export function decodeBase64(text: string): Buffer | undefined {
  return text.length % 4 === 0 && BASE64.test(text) ? Buffer.from(text, 'base64') : undefined
}
