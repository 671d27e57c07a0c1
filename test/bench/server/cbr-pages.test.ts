import { describe, expect, it } from 'vitest'
import { readJson, textAt } from '../../support/json.ts'
import { dice } from '../../support/moving-collection.ts'
import { CbrFleet } from './cbr-fleet.ts'
import { createCbrPages } from './cbr-pages.ts'

const NOW_MS = Date.UTC(2026, 10, 28, 12)
/** Five minutes from one to the next, so that filters can fall upon a row exactly. */
const fleet = new CbrFleet(3456, NOW_MS)
const pages = createCbrPages(fleet)

interface WrittenBackup {
  readonly created_at: string
  readonly expired_at: string
  readonly status: string
  readonly replication_records: readonly { readonly status: string }[]
}

describe('the pages of the page server', () => {
  it('are byte for byte those of a server that writes, filters and sorts anew for each', () => {
    const random = dice(7)
    for (let round = 0; round < 200; round += 1) {
      const query = drawQuery(random)
      expect(pageOf(query), query.toString()).toBe(listSimply(query))
    }
  })

  it('are JSON of backups of which seven in a hundred deserve a finding', () => {
    const { backups }: { backups: readonly WrittenBackup[] } = JSON.parse(pageOf(new URLSearchParams()))
    const bad = backups.filter(
      ({ status, expired_at, replication_records: [copy] }) =>
        status === 'error' || Date.parse(`${expired_at}Z`) < NOW_MS || copy?.status === 'fail',
    )
    expect(bad).toHaveLength(70)
  })
})

function pageOf(query: URLSearchParams): string {
  return Buffer.concat(pages('/v3/p/backups', query)?.pieces ?? []).toString()
}

function drawQuery(random: () => number): URLSearchParams {
  const below = (n: number) => Math.floor(random() * n)
  const query = new URLSearchParams({ limit: String([1, 100, 999, 1000][below(4)]) })
  if (below(2) === 0) query.set('offset', String(below(4000)))
  if (below(3) > 0) query.set('sort', `created_at:${below(2) === 0 ? 'asc' : 'desc'}`)
  if (below(2) === 0) query.set('start_time', drawSecond(below))
  if (below(2) === 0) query.set('end_time', drawSecond(below))
  return query
}

/** The second of a backup, or the one before or after it; some lie beyond both ends. */
function drawSecond(below: (n: number) => number): string {
  const index = below(fleet.backups + 200) - 100
  const us = fleet.oldestUs + index * fleet.stepUs + (below(3) - 1) * 1_000_000
  return `${new Date(us / 1000).toISOString().slice(0, 19)}Z`
}

const everyRow = Array.from({ length: fleet.backups }, (_, index) => {
  const text = fleet.writeBackup(index)
  return { text, createdMs: Date.parse(`${textAt(readJson(text), 'created_at')}Z`) }
})

/** The same page without a table, an index or a cut: the oracle. */
function listSimply(query: URLSearchParams): string {
  const [start, end] = [query.get('start_time'), query.get('end_time')]
  const rows = everyRow.filter(
    ({ createdMs }) =>
      (start === null || createdMs >= Date.parse(start)) && (end === null || createdMs <= Date.parse(end)),
  )
  if (query.get('sort') !== 'created_at:asc') rows.reverse()
  const [offset, limit] = [Number(query.get('offset') ?? 0), Number(query.get('limit'))]
  const texts = rows.slice(offset, offset + limit).map(({ text }) => text)
  return `{"backups":[${texts.join(',')}],"count":${rows.length},"offset":${offset},"limit":${limit}}`
}
