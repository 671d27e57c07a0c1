import { describe, expect, it } from 'vitest'
import type { Summary } from '../../../lib/audit/record.ts'
import { sha256 } from '../../../lib/digest.ts'
import { Fault } from '../../../lib/errors.ts'
import { parseTime } from '../../../lib/parse-time.ts'
import { findEarlierAudits } from '../../../lib/report/previous.ts'
import { publish } from '../../../lib/report/publish.ts'
import type { Instant } from '../../../lib/time.ts'
import { createMemoryStore, type MemoryStore } from '../../support/memory-store.ts'
import { publication } from '../../support/publication.ts'
import { allOf, finding, target } from '../../support/sample-record.ts'

const idOf = (day: number, chance = 'aa'): string =>
  `202611${String(day).padStart(2, '0')}T060000.000Z-${chance}`
const timeOf = (day: number): string => `2026-11-${String(day).padStart(2, '0')}T06:00:00.000Z`

function at(day: number): Instant {
  const instant = parseTime(timeOf(day))
  if (instant === undefined) throw new Error('not a day of November')
  return instant
}

async function add(
  store: MemoryStore,
  day: number,
  own: Partial<Summary> = {},
  chance = 'aa',
): Promise<void> {
  await publish(publication(store, idOf(day, chance), { as_of: timeOf(day), ...own }))
}

/** Makes a report what a version wrote that knew no scope. */
function forgetScope({ objects }: MemoryStore, auditId: string): void {
  const change = (name: string, from: RegExp, to: string): void => {
    const text = String(objects.get(`${auditId}/${name}`))
    expect(text).toMatch(from)
    objects.set(`${auditId}/${name}`, Buffer.from(text.replace(from, to)))
  }
  const summary = String(objects.get(`${auditId}/summary.json`))
  const bytes = Buffer.byteLength(summary)
  change('summary.json', / {2}"scope": null,\n/, '')
  const changed = String(objects.get(`${auditId}/summary.json`))
  change('manifest.json', new RegExp(sha256(summary)), sha256(changed))
  change('manifest.json', new RegExp(`"bytes": ${bytes}\\b`), `"bytes": ${Buffer.byteLength(changed)}`)
}

function comparedWith(previous: string | null): Summary['delta'] {
  return {
    previous_audit_id: previous,
    span_hours: 24,
    new: 2,
    persisting: 0,
    reopened: 0,
    resolved: 0,
    not_scanned: 0,
  }
}

describe('findEarlierAudits', () => {
  const find = async (
    store: MemoryStore,
    day: number,
    previous?: string,
    limit?: number,
  ): Promise<string[]> => {
    const audits = await findEarlierAudits(store, { asOf: at(day), previous, ...(limit && { limit }) })
    return audits.map(({ auditId }) => auditId)
  }

  it('finds nothing in an empty store, or where none is wanted', async () => {
    const store = createMemoryStore()
    expect(await find(store, 9)).toEqual([])
    await add(store, 8)
    expect(await find(store, 9, 'none')).toEqual([])
  })

  it('takes the newest complete audit before as_of, and follows the chain of comparisons', async () => {
    const store = createMemoryStore()
    await add(store, 1)
    await add(store, 2, { delta: comparedWith(idOf(1)) })
    await add(store, 3, { verdict: 'incomplete', delta: comparedWith(idOf(2)) })
    await add(store, 4, { delta: comparedWith(idOf(2)) })
    expect(await find(store, 9)).toEqual([idOf(4), idOf(2), idOf(1)])
    expect(await find(store, 4)).toEqual([idOf(2), idOf(1)])
    expect(await find(store, 9, undefined, 2)).toEqual([idOf(4), idOf(2)])
  })

  it('goes by as_of, not by the name: an audit of the past that ran today is older than yesterday', async () => {
    const store = createMemoryStore()
    await add(store, 5)
    await add(store, 6, { as_of: timeOf(2) })
    await add(store, 7, { as_of: timeOf(3) })
    expect((await find(store, 9))[0]).toBe(idOf(5))
    expect((await find(store, 5))[0]).toBe(idOf(7))
    expect((await find(store, 3))[0]).toBe(idOf(6))
  })

  it('takes an audit that was ordered early and began late for as new as it is', async () => {
    const store = createMemoryStore()
    const noon = '2026-11-05T12:00:00.000Z'
    await add(store, 5, { as_of: noon })
    await publish(publication(store, '20261105T080000.000Z-bb', { as_of: '2026-11-05T08:00:00.000Z' }))
    expect((await find(store, 9))[0]).toBe(idOf(5))
  })

  it('reads no further back than it must', async () => {
    const store = createMemoryStore()
    for (const day of [1, 2, 3, 4, 5]) await add(store, day)
    const asked: string[] = []
    const watched = {
      ...store,
      get: (key: string) => {
        asked.push(key)
        return store.get(key)
      },
    }
    await findEarlierAudits(watched, { asOf: at(9), previous: undefined })
    // The audit of the day before may have waited for its turn until after the one of that day.
    expect(asked).toEqual([`${idOf(5)}/manifest.json`, `${idOf(4)}/manifest.json`])
  })

  it('ignores folders without a manifest, and whatever else lies in the store', async () => {
    const store = createMemoryStore()
    await add(store, 1)
    await store.putIfAbsent(`${idOf(5)}/summary.json`, '{}')
    await store.putIfAbsent('inbox/audit/x.json', '{}')
    expect(await find(store, 9)).toEqual([idOf(1)])
  })

  it('ends the chain where an ancestor is gone', async () => {
    const store = createMemoryStore()
    await add(store, 4, { delta: comparedWith(idOf(2)) })
    expect(await find(store, 9)).toEqual([idOf(4)])
  })

  it('takes the audit that is named', async () => {
    const store = createMemoryStore()
    await add(store, 1)
    await add(store, 2)
    expect(await find(store, 9, idOf(1))).toEqual([idOf(1)])
  })

  it.each([idOf(7), '../secrets', ''])('refuses %j where that is no audit, and names it', async (name) => {
    const store = createMemoryStore()
    await expect(find(store, 9, name)).rejects.toMatchObject({
      code: 'invalid_configuration',
      message: expect.stringContaining(`"${name}"`),
    })
  })

  it('refuses a named audit whose manifest cannot be read', async () => {
    const store = createMemoryStore()
    await store.putIfAbsent(`${idOf(2)}/manifest.json`, '{"schema')
    await expect(find(store, 9, idOf(2))).rejects.toMatchObject({ code: 'invalid_configuration' })
  })

  it('knows which targets were read whole', async () => {
    const store = createMemoryStore()
    const targets = [target(), target({ service: 'dcs', verdict: 'incomplete' })]
    await publish(publication(store, idOf(2), { as_of: timeOf(2), targets }))
    const [audit] = await findEarlierAudits(store, { asOf: at(9), previous: undefined })
    const where = { ...target(), vault_id: null, resource_id: null }
    expect(audit?.scanned(where)).toBe(true)
    expect(audit?.scanned({ ...where, service: 'dcs' })).toBe(false)
    expect(audit?.scanned({ ...where, region: 'elsewhere' })).toBe(false)
  })

  it('takes an audit with a scope only where it is named, and believes it only within its scope', async () => {
    const store = createMemoryStore()
    const scope = { vault_id: 'vault-1', resource_id: null, instance_id: null }
    await add(store, 1)
    await add(store, 2, { scope })
    expect(await find(store, 9)).toEqual([idOf(1)])
    expect(await find(store, 9, idOf(2))).toEqual([idOf(2)])
    const [audit] = await findEarlierAudits(store, { asOf: at(9), previous: idOf(2) })
    expect(audit?.scanned(finding())).toBe(true)
    expect(audit?.scanned(finding({ vault_id: 'vault-2' }))).toBe(false)
  })

  it('says of a named audit that is later which one may be named', async () => {
    const store = createMemoryStore()
    await add(store, 9)
    await expect(find(store, 3, idOf(9))).rejects.toThrow(
      /it is as of \S+, later than this audit\. Name an audit of "memory:" that is not as of later than \S+, or "none"$/,
    )
  })

  it('takes an audit of a version that knew no scope for one of everything', async () => {
    const store = createMemoryStore()
    await add(store, 1)
    forgetScope(store, idOf(1))
    const [audit] = await findEarlierAudits(store, { asOf: at(9), previous: undefined })
    expect(audit?.scanned(finding({ vault_id: 'any' }))).toBe(true)
  })

  it('gives the findings back, in order', async () => {
    const store = createMemoryStore()
    const findings = ['01', '02', '03'].map((id) =>
      finding({ finding_id: id, first_seen: timeOf(1), region: 'r' }),
    )
    await publish(publication(store, idOf(2), { as_of: timeOf(2) }, findings))
    const [audit] = await findEarlierAudits(store, { asOf: at(9), previous: undefined })
    const earlier = audit === undefined ? [] : await allOf(audit.findings())
    expect(
      earlier.map(({ finding_id, first_seen, region, service, project_id }) => ({
        finding_id,
        first_seen,
        region,
        service,
        project_id,
      })),
    ).toEqual(
      findings.map(({ finding_id, first_seen, region, service, project_id }) => ({
        finding_id,
        first_seen,
        region,
        service,
        project_id,
      })),
    )
  })

  it.each([
    ['findings.ndjson', (bytes: string) => bytes.replace('web-01', 'web-02')],
    ['findings.ndjson', () => undefined],
    ['summary.json', () => '{}'],
    ['manifest.json', () => '{"half of it'],
  ])('passes over an audit whose %s is damaged, and says so', async (name, damage) => {
    const store = createMemoryStore()
    for (const day of [1, 2]) await add(store, day)
    const key = `${idOf(2)}/${name}`
    const damagedText = damage(store.objects.get(key)?.toString() ?? '')
    if (damagedText === undefined) store.objects.delete(key)
    else store.objects.set(key, Buffer.from(damagedText))
    const passedOver: string[] = []
    const found = await findEarlierAudits(store, {
      asOf: at(9),
      previous: undefined,
      onPassedOver: (because) => passedOver.push(because),
    })
    expect(found.map(({ auditId }) => auditId)).toEqual([idOf(1)])
    expect(passedOver).toEqual([expect.stringContaining(`"memory:${key}", it is damaged`)])
    await expect(findEarlierAudits(store, { asOf: at(9), previous: idOf(2) })).rejects.toMatchObject({
      code: 'invalid_configuration',
      message: expect.stringContaining(key),
    })
  })

  it('passes over an audit of a newer version, as the newest and as an ancestor, but refuses it by name', async () => {
    const store = createMemoryStore()
    await add(store, 1)
    await add(store, 2, { delta: comparedWith(idOf(3)) })
    await add(store, 3)
    const key = `${idOf(3)}/manifest.json`
    const newer = String(store.objects.get(key)).replace('"schema_version": 1', '"schema_version": 2')
    store.objects.set(key, Buffer.from(newer))
    const passedOver: string[] = []
    const onPassedOver = (because: string) => passedOver.push(because)
    const found = await findEarlierAudits(store, { asOf: at(9), previous: undefined, onPassedOver })
    expect(found.map(({ auditId }) => auditId)).toEqual([idOf(2)])
    const because = `Cannot read "memory:${key}": its schema_version is 2, this version reads up to 1. Use the newer version`
    expect(passedOver).toEqual([because, because])
    await expect(find(store, 9, idOf(3))).rejects.toMatchObject({
      code: 'invalid_configuration',
      message: expect.stringContaining(because),
    })
  })

  it('does not take a store that cannot be read for a damaged audit', async () => {
    const store = createMemoryStore()
    await add(store, 1)
    const down = async () => Promise.reject(new Fault('unavailable', 'The store is down'))
    const broken = { ...store, get: down }
    await expect(findEarlierAudits(broken, { asOf: at(9), previous: undefined })).rejects.toThrow('is down')
  })
})
