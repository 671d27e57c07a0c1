/** When a write may be carried out: nothing is there, or exactly this version. */
export type Condition = { readonly IfNoneMatch: '*' } | { readonly IfMatch: string }

/** The two calls that the question takes. */
export interface Asking {
  readonly put: (name: string, condition: Condition) => Promise<boolean>
  readonly remove: (name: string) => Promise<unknown>
}

// An ETag that no content has in practice.
const NO_VERSION = '"00000000000000000000000000000000"'

/**
 * Whether a store keeps its word on conditional writes: several that speak S3 take the headers and do not look at them.
 * The name must be no key, so that the object which answers the question is never shown.
 */
export async function honoursConditions({ put, remove }: Asking, name: string): Promise<boolean> {
  const created = await put(name, { IfNoneMatch: '*' })
  const createdTwice = created && (await put(name, { IfNoneMatch: '*' }))
  const replacedUnseen = await put(name, { IfMatch: NO_VERSION })
  // A role that may not delete leaves one small object; the next probe meets it and leaves no other.
  await remove(name).catch(() => {})
  return !createdTwice && !replacedUnseen
}
