import { setImmediate } from 'node:timers/promises'
import { Fault } from '../../lib/errors.ts'
import type { Page, PageQuery, RowKey } from '../../lib/huawei/listing/listing.ts'
import { parseTime } from '../../lib/parse-time.ts'
import type { Instant } from '../../lib/time.ts'

const SECOND = 1_000_000

/** A row of the fake collection; `createdAt` in microseconds, undefined where the wire would lack it. */
export interface FakeRow {
  readonly id: string | undefined
  readonly createdAt: number | undefined
}

/** How the API reads the ends of a time filter: both inside or outside, in microseconds or whole seconds. */
export type Reading = 'inclusive' | 'exclusive' | 'inclusive seconds' | 'exclusive seconds'

/** One way in which the API does not do what it says. */
export type Lie =
  | {
      readonly kind: 'count'
      readonly as: 'off' | 'page length' | 'constant' | 'absent'
      readonly by?: number
    }
  | { readonly kind: 'order'; readonly as: 'desc' | 'unsorted' | 'never by id' }
  | { readonly kind: 'filter'; readonly ignored: 'start' | 'end' | 'both' }
  | {
      readonly kind: 'bound'
      readonly of: 'end' | 'both'
      readonly readAs: 'its day' | '8 hours earlier' | '8 hours later'
    }
  /** Some rows are shown by no request that names the end of a time. */
  | { readonly kind: 'hides some from end_time' }
  /** A few rows are shown by no request that names a time. */
  | { readonly kind: 'hides a few from filters' }
  | { readonly kind: 'cap'; readonly limit: number; readonly isEchoed: boolean }
  | { readonly kind: 'loop' | 'drops the tail' | 'repeats a page' | 'doubles a row' | 'empty' | 'lost' }

export interface CollectionOptions {
  readonly seed: number
  readonly rows: number
  readonly horizon?: Instant
  readonly spanDays?: number
  /** Rows made in one single second, and whether all in the same microsecond. */
  readonly hotSecond?: number
  readonly hotTied?: boolean
  readonly unstableTies?: boolean
  readonly undated?: number
  readonly undatedFirst?: boolean
  readonly nameless?: number
  readonly start?: Reading
  readonly end?: Reading
  /** Per request: the most rows that are inserted and deleted, and which. */
  readonly inserts?: number
  readonly deletes?: number
  readonly deletesWhich?: 'random' | 'oldest' | 'last served'
  /** Rows made just before the horizon that become visible during the run. */
  readonly late?: number
  readonly lies?: readonly Lie[]
  /** Answers at once, for measuring. */
  readonly isInstant?: boolean
}

export const HORIZON = parseTime('2026-03-14T09:26:53.589793') as Instant

/** Numbers in [0, 1) that follow from a seed. */
export function dice(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A collection that changes before every request, as a seed says, and an API over it that may lie. */
export class MovingCollection {
  requests = 0
  readonly #options: CollectionOptions
  readonly #random: () => number
  readonly #dated: FakeRow[]
  readonly #undated: FakeRow[] = []
  readonly #firstRows: readonly FakeRow[]
  readonly #deleted = new Set<FakeRow>()
  readonly #horizon: number
  #late: number
  #serial = 0
  #lastServed: FakeRow | undefined
  #firstPage: Page<FakeRow> | undefined
  #lastPage: Page<FakeRow> | undefined

  constructor(options: CollectionOptions) {
    this.#options = options
    this.#random = dice(options.seed)
    this.#horizon = options.horizon ?? HORIZON
    this.#late = options.late ?? 0
    this.#dated = this.#makeRows()
    for (let index = 0; index < (options.undated ?? 0); index += 1) this.#undated.push(this.#row(undefined))
    for (let index = 0; index < (options.nameless ?? 0); index += 1)
      this.#insert({ id: undefined, createdAt: this.#timeInSpan() })
    this.#firstRows = [...this.#dated, ...this.#undated]
  }

  readonly keyOf = (row: FakeRow): RowKey => ({ id: row.id, createdAt: row.createdAt as Instant | undefined })

  readonly fetchPage = async ({ parameters }: PageQuery, signal: AbortSignal): Promise<Page<FakeRow>> => {
    if (this.#options.isInstant !== true)
      for (let ticks = this.#below(4); ticks >= 0; ticks -= 1) await setImmediate()
    signal.throwIfAborted()
    this.requests += 1
    this.#move()
    const page = this.#serve(new Map(parameters))
    this.#lastServed = page.rows.at(-1) ?? this.#lastServed
    // A list of its own: who lists empties it, and what is told again later must not be empty then.
    return { ...page, rows: [...page.rows] }
  }

  /** The rows inside the audit that were there from the beginning and still are. */
  survivors(): readonly FakeRow[] {
    return this.#firstRows.filter(
      (row) => !this.#deleted.has(row) && (row.createdAt === undefined || row.createdAt <= this.#horizon),
    )
  }

  #makeRows(): FakeRow[] {
    const { rows, hotSecond = 0, hotTied } = this.#options
    const hotStart = Math.floor(this.#timeInSpan() / SECOND) * SECOND
    const made = Array.from({ length: rows }, (_, index) => {
      if (index < hotSecond) return this.#row(hotTied ? hotStart : hotStart + this.#below(SECOND))
      return this.#row(this.#timeInSpan())
    })
    return made.sort((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0))
  }

  /** Half of it spread evenly, half of it nightly; some in whole seconds, so that ties and edges occur. */
  #timeInSpan(): number {
    const days = this.#options.spanDays ?? 60
    const evenly = this.#random() * days * 86_400
    const nightly = Math.floor(this.#random() * days) * 86_400 + this.#random() * 600
    const secondsAgo = this.#random() < 0.5 ? evenly : nightly
    const time = this.#horizon - Math.floor(secondsAgo * SECOND)
    return this.#random() < 0.2 ? Math.floor(time / SECOND) * SECOND : time
  }

  #row(createdAt: number | undefined): FakeRow {
    const part = () =>
      Math.floor(this.#random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0')
    this.#serial += 1
    return { id: `${part()}-${part()}-${this.#serial}`, createdAt }
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  #move(): void {
    const { inserts = 0, deletes = 0, deletesWhich = 'random' } = this.#options
    for (let count = inserts > 0 ? this.#below(inserts + 1) : 0; count > 0; count -= 1)
      this.#insert(this.#row(this.#horizon + this.requests * 50_000 + this.#below(50_000)))
    if (this.#late > 0 && this.#random() < 0.2) {
      this.#late -= 1
      this.#insert(this.#row(this.#horizon - this.#below(300 * SECOND)))
    }
    for (let count = deletes > 0 ? this.#below(deletes + 1) : 0; count > 0; count -= 1)
      this.#delete(deletesWhich)
  }

  #insert(row: FakeRow): void {
    const index = this.#firstIndex((time) => time > (row.createdAt ?? 0))
    this.#dated.splice(index, 0, row)
  }

  #delete(which: 'random' | 'oldest' | 'last served'): void {
    if (this.#dated.length === 0) return
    const served = which === 'last served' && this.#lastServed ? this.#dated.indexOf(this.#lastServed) : -1
    const index = which === 'oldest' ? 0 : served >= 0 ? served : this.#below(this.#dated.length)
    for (const row of this.#dated.splice(index, 1)) this.#deleted.add(row)
  }

  #serve(parameters: ReadonlyMap<string, string>): Page<FakeRow> {
    const honest = this.#answer(parameters)
    this.#firstPage ??= honest.rows.length > 1 ? honest : undefined
    const page = (this.#options.lies ?? []).reduce((told, lie) => this.#lie(lie, told, parameters), honest)
    if (page.rows.length > 1) this.#lastPage = page
    return page
  }

  #answer(parameters: ReadonlyMap<string, string>): Page<FakeRow> {
    const limit = Math.min(Number(parameters.get('limit')), this.#cap()?.limit ?? 1000)
    const offset = Number(parameters.get('offset') ?? 0)
    const [first, end] = this.#range(parameters)
    const isUnfiltered = !parameters.has('start_time') && !parameters.has('end_time')
    const undated = isUnfiltered ? this.#undated : []
    const echoed = this.#cap()?.isEchoed === true ? limit : undefined
    const share = this.#hidden(parameters)
    if (share !== undefined) {
      const shown = this.#dated
        .slice(first, end)
        .filter(({ id }) => id === undefined || scramble(id) % share !== 0)
      if (parameters.get('sort') === 'created_at:desc') shown.reverse()
      return { rows: shown.slice(offset, offset + limit), count: shown.length, limit: echoed }
    }
    const count = end - first + undated.length
    return { rows: [...this.#sorted(parameters, first, end, undated, offset, limit)], count, limit: echoed }
  }

  #sorted(
    parameters: ReadonlyMap<string, string>,
    first: number,
    end: number,
    undated: readonly FakeRow[],
    offset: number,
    limit: number,
  ): readonly FakeRow[] {
    const [key, asked] = (parameters.get('sort') ?? 'created_at:desc').split(':')
    const order = this.#options.lies?.find((lie) => lie.kind === 'order')
    const direction = order?.as === 'desc' ? 'desc' : asked
    if (order?.as === 'unsorted') {
      const rows = [...this.#dated.slice(first, end), ...undated]
      return rows.sort((a, b) => scramble(a.id) - scramble(b.id)).slice(offset, offset + limit)
    }
    if (key === 'id' && order === undefined) {
      const rows = [...this.#dated.slice(first, end), ...undated]
      return rows.sort((a, b) => ((a.id ?? '') < (b.id ?? '') ? -1 : 1)).slice(offset, offset + limit)
    }
    if (undated.length === 0 && this.#options.unstableTies !== true) {
      if (direction === 'asc') return this.#dated.slice(first + offset, Math.min(end, first + offset + limit))
      const from = Math.max(first, end - offset - limit)
      return this.#dated.slice(from, Math.max(from, end - offset)).reverse()
    }
    const dated = this.#dated.slice(first, end)
    if (this.#options.unstableTies) this.#shuffleTies(dated)
    const rows = this.#options.undatedFirst ? [...undated, ...dated] : [...dated, ...undated]
    if (direction === 'desc') rows.reverse()
    return rows.slice(offset, offset + limit)
  }

  #shuffleTies(rows: FakeRow[]): void {
    for (let first = 0, end = 0; first < rows.length; first = end) {
      while (end < rows.length && rows[end]?.createdAt === rows[first]?.createdAt) end += 1
      if (end - first < 2) continue
      const tied = rows.slice(first, end).map((row) => ({ row, key: this.#random() }))
      tied.sort((a, b) => a.key - b.key)
      rows.splice(first, tied.length, ...tied.map(({ row }) => row))
    }
  }

  /** One of how many rows is hidden from a request; undefined where none is. */
  #hidden(parameters: ReadonlyMap<string, string>): number | undefined {
    const { lies = [] } = this.#options
    const isAmong = (kind: Lie['kind']) => lies.some((lie) => lie.kind === kind)
    if (parameters.has('end_time') && isAmong('hides some from end_time')) return 7
    const isFiltered = parameters.has('end_time') || parameters.has('start_time')
    return isFiltered && isAmong('hides a few from filters') ? 397 : undefined
  }

  /** A bound as the API reads it. */
  #bound(name: 'start' | 'end', text: string | undefined): string | undefined {
    const lie = this.#options.lies?.find((each) => each.kind === 'bound')
    if (text === undefined || lie === undefined || (name === 'start' && lie.of === 'end')) return text
    if (lie.readAs === 'its day') return `${text.slice(0, 10)}T00:00:00Z`
    const hours = lie.readAs === '8 hours later' ? 8 : -8
    return new Date(Date.parse(text) + hours * 3_600_000).toISOString().replace('.000Z', 'Z')
  }

  #range(parameters: ReadonlyMap<string, string>): readonly [number, number] {
    const ignored = this.#options.lies?.find((lie) => lie.kind === 'filter')?.ignored
    const start =
      ignored === 'start' || ignored === 'both'
        ? undefined
        : this.#bound('start', parameters.get('start_time'))
    const end =
      ignored === 'end' || ignored === 'both' ? undefined : this.#bound('end', parameters.get('end_time'))
    const first =
      start === undefined ? 0 : this.#firstIndex(startTest(start, this.#options.start ?? 'inclusive'))
    const last =
      end === undefined
        ? this.#dated.length
        : this.#firstIndex(endTest(end, this.#options.end ?? 'inclusive'))
    return [first, Math.max(first, last)]
  }

  #firstIndex(isBeyond: (time: number) => boolean): number {
    let [low, high] = [0, this.#dated.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isBeyond(this.#dated[middle]?.createdAt ?? 0)) high = middle
      else low = middle + 1
    }
    return low
  }

  #cap(): Extract<Lie, { kind: 'cap' }> | undefined {
    return this.#options.lies?.find((lie) => lie.kind === 'cap')
  }

  /** The page with one of its rows in the place of another. */
  #doubled(page: Page<FakeRow>): Page<FakeRow> {
    const [row] = page.rows.slice(this.#below(page.rows.length))
    return row === undefined ? page : { ...page, rows: page.rows.with(this.#below(page.rows.length), row) }
  }

  #lie(lie: Lie, page: Page<FakeRow>, parameters: ReadonlyMap<string, string>): Page<FakeRow> {
    const isProbe = parameters.get('limit') === '1'
    switch (lie.kind) {
      case 'order':
      case 'filter':
      case 'bound':
      case 'hides some from end_time':
      case 'hides a few from filters':
      case 'cap':
        return page
      case 'count':
        return { ...page, count: lieAboutCount(lie, page) }
      case 'loop':
        return isProbe ? page : (this.#firstPage ?? page)
      case 'drops the tail':
        return { ...page, rows: page.rows.slice(0, isProbe ? 1 : 1 + this.#below(page.rows.length)) }
      case 'repeats a page':
        return this.#random() < 0.1 && !isProbe ? (this.#lastPage ?? page) : page
      case 'doubles a row':
        return this.#random() < 0.1 && !isProbe ? this.#doubled(page) : page
      case 'empty':
        return this.#random() < 0.1 ? { rows: [], count: 0, limit: undefined } : page
      case 'lost':
        if (this.#random() < 0.05 && this.requests > 1)
          throw new Fault('upstream_unavailable', 'Huawei did not answer after 4 attempts.')
        return page
    }
  }
}

function lieAboutCount(lie: Extract<Lie, { kind: 'count' }>, page: Page<FakeRow>): number | undefined {
  switch (lie.as) {
    case 'off':
      return Math.max(0, (page.count ?? 0) + (lie.by ?? 0))
    case 'page length':
      return page.rows.length
    case 'constant':
      return 500
    case 'absent':
      return undefined
  }
}

function startTest(text: string, reading: Reading): (time: number) => boolean {
  const start = parseTime(text) ?? 0
  switch (reading) {
    case 'inclusive':
    case 'inclusive seconds':
      return (time) => time >= start
    case 'exclusive':
      return (time) => time > start
    case 'exclusive seconds':
      return (time) => time >= start + SECOND
  }
}

function endTest(text: string, reading: Reading): (time: number) => boolean {
  const end = parseTime(text) ?? 0
  switch (reading) {
    case 'inclusive':
      return (time) => time > end
    case 'inclusive seconds':
      return (time) => time >= end + SECOND
    case 'exclusive':
    case 'exclusive seconds':
      return (time) => time >= end
  }
}

/** An order that has nothing to do with time, but stays. */
function scramble(id: string | undefined): number {
  return (id?.charCodeAt(5) ?? 0) * 256 + (id?.charCodeAt(6) ?? 0)
}
