/** What is at a key: the bytes, and the version to name when replacing it. */
export interface StoredObject {
  readonly bytes: Buffer
  readonly version: string
}

/** An object in the making: nothing of it is visible until `close`. One call at a time. */
export interface Writer {
  /** Adds to the object; resolves when the writer can take more, and the memory of the chunk is the caller's again. */
  readonly write: (chunk: string | Uint8Array) => Promise<void>
  /** Publishes the whole object if the key is still free; false where another was first. */
  readonly close: () => Promise<boolean>
  /** Throws the unfinished object away. Never fails; may be called twice, and after `close`, whose work it does not undo. */
  readonly abort: () => Promise<void>
}

/**
 * Where finished objects go, and all state that there is.
 *
 * An object is whole or not there, for every reader at every moment, also after a crash, and what was promised to be written
 * outlives one. Whoever creates or replaces competes with every other process that uses the same store; exactly one wins.
 *
 * A key is relative: parts of `[0-9A-Za-z._-]` without a leading dot, joined by `/`; no key is also the folder of another.
 * Any other key is a defect and throws a TypeError. Every other failure is a Fault `unavailable` that names the store and
 * says what could not be done. After such a Fault a write may have happened or not: read before you decide.
 */
export interface Store {
  /** How people name it: a path, or an s3 URL. */
  readonly url: string
  /** The address of a key for people. */
  readonly locate: (key: string) => string
  /** Throws where the store cannot be written to, or does not keep this contract; leaves no object behind. Call it once, at start. */
  readonly probe: () => Promise<void>
  /** The object at a key, or undefined where there is none. For small objects: it is held in memory. */
  readonly get: (key: string) => Promise<StoredObject | undefined>
  /** The bytes of an object piece by piece, all of one version; a piece may be overwritten by the next. Throws a Fault `not_found` where there is none. */
  readonly read: (key: string) => AsyncIterable<Uint8Array>
  /**
   * The names directly under a prefix (`''` or one that ends in `/`), sorted by code point; names of folders end in `/`.
   * A folder promises nothing: a crash can leave an empty one.
   */
  readonly names: (prefix: string) => AsyncIterable<string>
  /** Writes if nothing is there; false where something was. Of several writers exactly one gets true. */
  readonly putIfAbsent: (key: string, content: string | Uint8Array) => Promise<boolean>
  /** Replaces the very version that was read; false where it changed meanwhile, or is gone. Of several exactly one gets true. */
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
