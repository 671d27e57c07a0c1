/** The JSON document in a text, or in its UTF-8 bytes; undefined where there is none. For what others may have written. */
export function parseJson(content: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof content === 'string' ? content : UTF_8.decode(content))
  } catch {
    return undefined
  }
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true })
