import type { Target } from '../backup.ts'
import type { Send } from './http.ts'
import type { Collection } from './page.ts'
import { pathTo } from './path.ts'

/** The CBR of one project, and the way to it. */
export interface CbrAddress {
  readonly target: Target
  /** Where CBR of that region is: scheme, host and port. */
  readonly origin: string
  readonly send: Send
}

/** One of the collections of CBR. */
export function collectionOf(
  { target, origin, send }: CbrAddress,
  name: 'vaults' | 'policies' | 'backups',
): Collection {
  return {
    send,
    origin,
    path: pathTo`/v3/${target.projectId}/${name}`,
    projectId: target.projectId,
    rowsKey: name,
    countKey: 'count',
    isEmptyWhen204: false,
  }
}
