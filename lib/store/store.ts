/** What is at a key: the bytes, and the version to name when replacing it. */
export interface StoredObject {
  readonly bytes: Buffer
  readonly version: string
}

/** An object that is being written: nothing of it is visible until `close`. */
export interface Writer {
  /** Adds to the object; resolves when the writer can take more. */
  readonly write: (chunk: string | Uint8Array) => Promise<void>
  /** Publishes the whole object if the key is still free; false where another was first. Throws where it could not be written. */
  readonly close: () => Promise<boolean>
  /** Throws the unfinished object away; may be called twice, and after a failed close. */
  readonly abort: () => Promise<void>
}

/**
 * Where finished objects go. Keys are relative, `/`-separated, made of `[0-9A-Za-z._-]` parts; any other key is a defect and throws.
 *
 * An object is either whole or not there, for every reader at every moment, also after a crash. All failures are
 * Faults of code `unavailable` that name the store and what could not be done.
 */
export interface Store {
  /** How people name it: a path, or an s3 URL. */
  readonly url: string
  /** The address of a key for people. */
  readonly locate: (key: string) => string
  /** Throws in one clear sentence where the store cannot be written to; leaves nothing behind. */
  readonly probe: () => Promise<void>
  /** The object at a key, or undefined where there is none. */
  readonly get: (key: string) => Promise<StoredObject | undefined>
  /** The bytes of an object piece by piece; throws a Fault `not_found` where there is none. */
  readonly read: (key: string) => AsyncIterable<Uint8Array>
  /** The names directly under a prefix (`''` or one that ends in `/`), sorted by code point; names of folders end in `/`. */
  readonly names: (prefix: string) => AsyncIterable<string>
  /** Writes if nothing is there; false where something was. Of several writers exactly one gets true. */
  readonly putIfAbsent: (key: string, content: string | Uint8Array) => Promise<boolean>
  /** Replaces the very version that was read; false where it changed meanwhile, or is gone. */
  readonly replaceIfUnchanged: (
    key: string,
    content: string | Uint8Array,
    version: string,
  ) => Promise<boolean>
  /** Starts an object that may be large: memory stays flat, and it appears whole on `close` or not at all. */
  readonly writer: (key: string, contentType: string) => Promise<Writer>
  /** Takes an object away; nothing happens where there is none. For unfinished parts only: reports are never removed. */
  readonly remove: (key: string) => Promise<void>
}
