/** What an id is compared by: a uuid is the same in whatever case it is written. */
export function keyOf(id: unknown): string {
  return typeof id === 'string' ? id.toLowerCase() : ''
}
