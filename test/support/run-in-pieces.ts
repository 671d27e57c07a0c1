import { listAll } from '../../lib/huawei/list-all.ts'
import type { ListingBookmark } from '../../lib/huawei/listing/bookmark.ts'
import type { ListingOptions } from '../../lib/huawei/listing/listing.ts'
import { OutOfTime } from '../../lib/out-of-time.ts'
import { type CollectionOptions, dice, type FakeRow, HORIZON, MovingCollection } from './moving-collection.ts'
import { compared, type Run } from './run-listing.ts'

/** A listing that was interrupted again and again. */
export interface PiecedRun extends Run {
  readonly pieces: number
  /** Pieces whose process was killed, so that nothing of what they read is known. */
  readonly kills: number
  /** Whether the last piece was given up because nobody got any further. */
  readonly isGivenUp: boolean
}

/** How often a piece that gets no further is tried, with more time each time. */
const MOST_TRIES = 6
const MOST_PIECES = 400

/**
 * Lists a fake collection as `runListing` does, but whose time runs out at requests of chance: what each piece learned passes on as
 * JSON. How many requests are under way at once is another number in each. Some pieces are killed, and begun once more from the same place, while the collection moves on.
 */
export async function runInPieces(
  options: CollectionOptions,
  { most = 40, killed = 0.2 }: { readonly most?: number; readonly killed?: number } = {},
): Promise<PiecedRun> {
  const collection = new MovingCollection(options)
  const random = dice(options.seed * 31 + 7)
  const yielded: FakeRow[] = []
  let [kept, pieces, kills, tries]: [string | undefined, number, number, number] = [undefined, 0, 0, 0]
  for (;;) {
    const requests = Math.ceil(random() * most) * 2 ** tries
    const piece = await readPiece(collection, options, { kept, requests, random })
    if (random() < killed && kills < MOST_PIECES) {
      kills += 1
      continue
    }
    const { outcome } = piece
    const interruption = outcome?.interruption
    const isStuck = outcome === undefined || interruption?.isFurther === false
    if (isStuck && tries < MOST_TRIES) {
      tries += 1
      continue
    }
    if (outcome === undefined) throw new Error('Not even the beginning of the listing fits the time')
    pieces += 1
    tries = 0
    yielded.push(...piece.rows)
    if (interruption === undefined || isStuck || pieces === MOST_PIECES) {
      const isGivenUp = interruption !== undefined
      return { ...compared(collection, options, outcome, yielded), pieces, kills, isGivenUp }
    }
    kept = JSON.stringify(interruption.bookmark)
  }
}

interface Piece {
  /** What the pieces before it left. */
  readonly kept: string | undefined
  /** Then time runs out: for what is still to be asked, and for some of what is under way. */
  readonly requests: number
  readonly random: () => number
}

async function readPiece(
  collection: MovingCollection,
  { horizon = HORIZON }: CollectionOptions,
  { kept, requests, random }: Piece,
) {
  let asked = 0
  const isTimeUp = () => asked > requests
  const from: ListingBookmark | undefined = kept === undefined ? undefined : JSON.parse(kept)
  const { keyOf } = collection
  const fetchPage: ListingOptions<FakeRow>['fetchPage'] = async (query, signal) => {
    asked += 1
    if (isTimeUp()) throw new OutOfTime('No time is left')
    const page = await collection.fetchPage(query, signal)
    if (isTimeUp() && random() < 0.5) throw new OutOfTime('Time ran out during a call')
    return page
  }
  const concurrency = 1 + Math.floor(random() * 16)
  const list = listAll({ fetchPage, keyOf, horizon, concurrency, pageLimit: 100 }, from)
  const rows: FakeRow[] = []
  try {
    for await (const batch of list) rows.push(...batch)
  } catch (error) {
    if (error instanceof OutOfTime) return { rows, outcome: undefined }
    throw error
  }
  return { rows, outcome: list.outcome() }
}
