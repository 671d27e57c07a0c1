/**
 * The JSON document in a text, or in its UTF-8 bytes; undefined where there is none. For what comes out of a store or a secret, or
 * from Huawei, where whoever asks says what is wrong; `untrusted-json.ts` is for what strangers send, with limits, and a Fault that
 * is their answer.
 */
export function parseJson(content: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof content === 'string' ? content : UTF_8.decode(content))
  } catch {
    return undefined
  }
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true })
