import { describe, expect, it } from 'vitest'
import type { Observation } from '../../../lib/backup.ts'
import { dcsSource } from '../../../lib/huawei/dcs.ts'
import type { Request } from '../../../lib/huawei/http.ts'
import { parseTime } from '../../../lib/parse-time.ts'
import { respond } from '../../support/responses.ts'

const AS_OF = parseTime('2026-01-02T00:00:00Z') ?? expect.unreachable()
const CREATED_AT = '2026-01-01T00:00:00.000Z'

interface Cloud {
  /** The instances as the list of them shows them the n-th time that it is asked for. */
  readonly instances: (asked: number) => readonly object[]
  readonly records?: Readonly<Record<string, readonly object[]>>
}

const instance = (id: string) => ({ instance_id: id, name: id, cache_mode: 'ha', created_at: CREATED_AT })

const record = (id: string, instance_id?: string) => ({
  backup_id: id,
  instance_id,
  status: 'succeed',
  created_at: CREATED_AT,
})

async function scan({ instances, records = {} }: Cloud) {
  let lists = 0
  const send = async ({ path, query }: Request) => {
    const offset = Number(new Map(query).get('offset'))
    const of = /\/instances\/([^/]+)\/backups$/.exec(path)?.[1]
    if (of !== undefined) {
      const shown = records[of] ?? []
      return respond(200, { backup_record_response: shown.slice(offset), total_num: shown.length })
    }
    lists += 1
    const shown = instances(lists)
    return respond(200, { instances: shown.slice(offset), instance_num: shown.length })
  }
  const target = { service: 'dcs', region: 'cn-north-4', projectId: 'p' } as const
  const reading = dcsSource({ target, origin: 'https://dcs.example', send, concurrency: 2 }).scan(
    AS_OF,
    () => {},
  )
  const told: Observation[] = []
  for await (const observations of reading) told.push(...observations)
  const resources = told.flatMap((one) => (one.kind === 'resource' ? [one.resource.id] : []))
  const backups = told.flatMap((one) => (one.kind === 'backup' ? [one.backup.id] : []))
  return { resources, backups, outcome: reading.outcome() }
}

describe('the records of a DCS instance', () => {
  const instances = () => ['a', 'b'].map(instance)

  it('are not those of another one that an answer holds: what it has itself is unread then', async () => {
    const strange = { a: [record('1', 'b')], b: [record('1', 'b')] }
    const { backups, outcome } = await scan({ instances, records: strange })
    expect(outcome).toMatchObject({
      report: { verdict: 'incomplete' },
      unread: expect.arrayContaining(['a']),
    })
    expect(outcome.incompleteBecause).toEqual([
      expect.stringContaining('backup record "1" is listed under instance "a", and belongs to another'),
    ])
    expect(backups).toEqual(['1'])
    expect(outcome.unread).toEqual(['a'])
  })

  it('are of one instance only, also where they do not say of which', async () => {
    const { outcome } = await scan({ instances, records: { a: [record('1')], b: [record('1')] } })
    expect(outcome.incompleteBecause).toEqual([
      '1 record could not be judged: backup record "1" is listed under instance "b", and belongs to another',
    ])
  })

  it('are judged where they name their instance, or none', async () => {
    const records = { a: [record('1', 'a'), record('2'), record('3', '')], b: [record('4', 'b')] }
    const { backups, outcome } = await scan({ instances, records })
    expect(backups).toEqual(['1', '2', '3', '4'])
    expect(outcome.incompleteBecause).toEqual([])
  })
})

describe('the instances of DCS', () => {
  const all = ['a', 'b', 'c'].map(instance)

  it('are whole where the last list of them is, however the first one moved', async () => {
    const { resources, outcome } = await scan({
      // The first list is asked for six times, and never the same.
      instances: (asked) => (asked > 6 ? all : all.slice(asked % 2)),
    })
    expect(new Set(resources)).toEqual(new Set(['a', 'b', 'c']))
    expect(outcome.incompleteBecause).toEqual([])
  })

  it('are not whole where one cannot be named, although the first list did not show it', async () => {
    const { outcome } = await scan({
      instances: (asked) => (asked > 2 ? [...all, { name: 'nameless' }] : all),
    })
    expect(outcome.incompleteBecause).toEqual([
      '1 record could not be judged: an instance named "nameless" has no readable instance_id (found nothing)',
    ])
  })
})
