import type { Vault } from '../backup.ts'
import type { Bookmark, BookmarkHead, Interruption } from '../scan.ts'
import type { ReplicatingVaults } from './cbr-policy.ts'
import type { ListingBookmark, ListingInterruption } from './listing/bookmark.ts'
import type { KeptScanLog } from './scanning.ts'

/** What an interrupted scan of CBR knew besides its list of backups. Vaults are read once, so that every backup is judged by the same. */
interface Known {
  readonly replicating: ReplicatingVaults
  readonly listed: readonly Vault[]
  readonly log: KeptScanLog
}

type Head = Known & { readonly listing: Omit<ListingBookmark, 'names'> }

/** The interruption of the list of backups as one of the whole scan. */
export function toInterruption(
  { bookmark, isFurther }: ListingInterruption,
  { replicating, listed, log }: Known,
): Interruption {
  const { names, ...listing } = bookmark
  const head: Head = { replicating, listed, log, listing }
  return { bookmark: { head: head as unknown as BookmarkHead, names }, isFurther }
}

/** What a bookmark says, to whoever goes on. */
export function openBookmark({ head, names }: Bookmark): Known & { readonly listing: ListingBookmark } {
  const { listing, ...known } = head as unknown as Head
  return { ...known, listing: { ...listing, names } }
}
