import { expect, it } from 'vitest'
import { DcsFleet } from './dcs-fleet.ts'
import { createDcsPages } from './dcs-pages.ts'

const fleet = new DcsFleet(25, 12, Date.UTC(2026, 10, 28, 12))
const pages = createDcsPages(fleet)

function read(path: string, query: Readonly<Record<string, string>>) {
  const { status, pieces } = pages(path, new URLSearchParams(query)) ?? { status: 0, pieces: [] }
  const text = Buffer.concat(pieces).toString()
  return { status, body: text === '' ? undefined : JSON.parse(text) }
}

it('lists every instance, and of each its own records once', () => {
  const { body } = read('/v2/p/instances', { limit: '1000', offset: '0' })
  expect(body.instance_num).toBe(25)
  const seen = new Set<string>()
  for (const { instance_id: id } of body.instances) {
    const records = read(`/v2/p/instances/${id}/backups`, { limit: '1000' }).body.backup_record_response
    expect(records.map((record: { instance_id: string }) => record.instance_id)).toEqual(Array(12).fill(id))
    for (const { backup_id } of records) seen.add(backup_id)
  }
  expect(seen.size).toBe(25 * 12)
})

it('answers 204 behind the last record, as the documents say', () => {
  const [{ instance_id: id }] = read('/v2/p/instances', { limit: '1' }).body.instances
  const page = (offset: string) => read(`/v2/p/instances/${id}/backups`, { limit: '10', offset })
  expect(page('10').body.backup_record_response).toHaveLength(2)
  expect(page('12')).toEqual({ status: 204, body: undefined })
})
