import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, describe, expect, it } from 'vitest'
import type { Summary } from '../../../lib/audit/record.ts'
import { Fault } from '../../../lib/errors.ts'
import { findingsCsv } from '../../../lib/report/csv.ts'
import type { Formats } from '../../../lib/report/format.ts'
import { readLatest } from '../../../lib/report/latest.ts'
import { findingsNdjson, resourcesNdjson } from '../../../lib/report/ndjson.ts'
import { publish } from '../../../lib/report/publish.ts'
import { readManifest, readRecord } from '../../../lib/report/read-record.ts'
import { createDirectoryStore } from '../../../lib/store/directory.ts'
import type { Store } from '../../../lib/store/store.ts'
import { createBreakingStore } from '../../support/breaking-store.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { publication } from '../../support/publication.ts'
import { bytesOf, expectWhole } from '../../support/report-laws.ts'
import { allOf, finding } from '../../support/sample-record.ts'

const FIRST = '20261120T064500.000Z-aa'
const SECOND = '20261121T064500.000Z-bb'
const THIRD = '20261122T064500.000Z-cc'

/** Fewer files make fewer moments at which to die. */
const FEW: Formats = { findings: [findingsNdjson, findingsCsv], resources: [resourcesNdjson], pages: [] }

const folders: string[] = []

const stores = [
  { name: 'memory', open: async (): Promise<Store> => createMemoryStore() },
  {
    name: 'directory',
    open: async (): Promise<Store> => {
      const folder = await mkdtemp(join(tmpdir(), 'publish-'))
      folders.push(folder)
      return createDirectoryStore(folder)
    },
  },
]

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true })
})

describe.each(stores)('publishing into a $name store', ({ open }) => {
  it('writes every file with its true hash, size and rows', async () => {
    const store = await open()
    const { summary, manifest } = await publish(publication(store, FIRST))
    await expectWhole(store, FIRST)
    expect(manifest).toEqual(JSON.parse((await bytesOf(store, `${FIRST}/manifest.json`)).toString()))
    expect(manifest.files.map(({ name, rows }) => [name, rows])).toEqual([
      ['findings.ndjson', 2],
      ['resources.ndjson', 2],
      ['summary.json', null],
      ['findings.csv', 2],
      ['findings.ocsf.ndjson', 2],
      ['resources.csv', 2],
    ])
    expect(manifest).toMatchObject({
      schema_version: 1,
      audit_id: FIRST,
      verdict: 'complete',
      tool_version: '1.2.3',
      targets: summary.targets,
    })
    expect((await bytesOf(store, `${FIRST}/summary.json`)).toString()).toBe(
      `${JSON.stringify(summary, null, 2)}\n`,
    )
    expect(await readLatest(store)).toEqual({
      audit_id: FIRST,
      manifest: `${FIRST}/manifest.json`,
      as_of: summary.as_of,
      complete_audit_id: FIRST,
    })
  })

  it('has equal totals in all renderings', async () => {
    const store = await open()
    const { summary } = await publish(publication(store, FIRST))
    const text = async (file: string): Promise<string> =>
      (await bytesOf(store, `${FIRST}/${file}`)).toString()
    const linesOf = async (file: string): Promise<number> => (await text(file)).trimEnd().split('\n').length
    expect(await linesOf('findings.ndjson')).toBe(summary.findings.total)
    expect(await linesOf('findings.ocsf.ndjson')).toBe(summary.findings.total)
    expect(parse(await text('findings.csv'), { bom: true, columns: true })).toHaveLength(
      summary.findings.total,
    )
    expect(parse(await text('resources.csv'), { bom: true, columns: true })).toHaveLength(summary.resources)
  })

  it('gives the record back', async () => {
    const store = await open()
    const findings = [finding({ audit_id: FIRST, resource_name: 'a\u2028b 数据 😀\n' })]
    await publish(publication(store, FIRST, {}, findings))
    const record = await readRecord(store, FIRST)
    expect(await allOf(record.findings())).toEqual(findings)
    expect(await allOf(record.findings())).toEqual(findings)
    expect(await allOf(record.resources())).toHaveLength(2)
  })

  it('moves latest forward only, and keeps the newest complete audit', async () => {
    const store = await open()
    await publish(publication(store, SECOND))
    await publish(publication(store, THIRD, { verdict: 'incomplete' }))
    expect(await readLatest(store)).toMatchObject({ audit_id: THIRD, complete_audit_id: SECOND })
    await publish(publication(store, FIRST))
    expect(await readLatest(store)).toMatchObject({ audit_id: THIRD, complete_audit_id: SECOND })
  })

  it('names the newest complete audit, also one that ended before it could be named', async () => {
    const store = await open()
    const named = async () => (await readLatest(store))?.complete_audit_id
    const forget = async (latest: Buffer) => {
      await store.remove('latest.json')
      await store.putIfAbsent('latest.json', latest)
    }
    await publish(publication(store, FIRST))
    const before = await bytesOf(store, 'latest.json')
    await publish(publication(store, SECOND))
    await forget(before)
    await publish(publication(store, THIRD, { verdict: 'incomplete' }))
    expect(await named()).toBe(SECOND)

    await forget(before)
    await store.remove(`${SECOND}/summary.json`)
    await store.putIfAbsent(`${SECOND}/summary.json`, 'damaged')
    await publish(publication(store, THIRD, { verdict: 'incomplete' }))
    expect(await named()).toBe(FIRST)
  })

  it('does not name a complete audit of a part of the fleet', async () => {
    const store = await open()
    const scope = { vault_id: 'v', resource_id: null, instance_id: null }
    await publish(publication(store, FIRST, { scope }))
    await publish(publication(store, SECOND, { verdict: 'incomplete' }))
    expect(await readLatest(store)).toMatchObject({ audit_id: SECOND, complete_audit_id: null })
  })

  it('knows of no complete audit where there never was one', async () => {
    const store = await open()
    await publish(publication(store, SECOND, { verdict: 'incomplete' }))
    expect(await readLatest(store)).toMatchObject({ audit_id: SECOND, complete_audit_id: null })
    await publish(publication(store, FIRST))
    expect(await readLatest(store)).toMatchObject({ audit_id: SECOND, complete_audit_id: FIRST })
  })

  it('ends at the newest audit when many are published at once', async () => {
    const store = await open()
    const ids = ['01', '02', '03', '04', '05', '06'].map((day) => `202611${day}T064500.000Z-ff`)
    const latest: string[] = []
    let isDone = false
    const watching = (async () => {
      while (!isDone) {
        latest.push((await readLatest(store))?.audit_id ?? '')
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    await Promise.all(ids.map((id) => publish(publication(store, id))))
    isDone = true
    await watching
    expect((await readLatest(store))?.audit_id).toBe(ids.at(-1))
    expect(latest).toEqual(latest.toSorted())
    for (const id of ids) await expectWhole(store, id)
  })

  it('lets two runs of the same audit finish as one', async () => {
    const store = await open()
    const [one, other] = await Promise.all([
      publish(publication(store, FIRST, { finished_at: '2026-11-21T06:46:00.000Z' })),
      publish(publication(store, FIRST, { finished_at: '2026-11-21T06:47:00.000Z' })),
    ])
    expect(one).toEqual(other)
    await expectWhole(store, FIRST)
  })

  it.each(['before', 'after'] as const)(
    'survives a crash %s any step: whole or absent then, finished by the next run, latest never behind',
    async (when) => {
      const draft = (store: Store, id: string, own: Partial<Summary> = {}) => ({
        ...publication(store, id, own),
        formats: FEW,
      })
      const calm = createBreakingStore(await open(), Number.POSITIVE_INFINITY, when)
      await publish(draft(calm, SECOND))
      expect(calm.steps()).toBeGreaterThan(12)
      for (let at = 1; at <= calm.steps(); at += 1) {
        const store = await open()
        await publish(draft(store, FIRST))
        const dying = createBreakingStore(store, at, when)
        await expect(publish(draft(dying, SECOND))).rejects.toThrow(`the store broke at step ${at}`)
        await expectWhole(store, SECOND)
        const latest = await readLatest(store)
        if (latest?.audit_id === SECOND) expect(await readManifest(store, SECOND)).toBeDefined()
        else expect(latest?.audit_id).toBe(FIRST)
        await dying.bury()

        const { manifest } = await publish(draft(store, SECOND, { finished_at: '2026-11-21T07:00:00.000Z' }))
        await expectWhole(store, SECOND)
        expect(manifest.files).toHaveLength(4)
        expect(await readLatest(store)).toMatchObject({ audit_id: SECOND, complete_audit_id: SECOND })
      }
    },
  )

  it('says of a report that is whole where it is, if latest.json alone cannot be moved to it', async () => {
    const store = await open()
    const cannot = (key: string) => new Fault('unavailable', `Cannot write ${key}: the store refuses`)
    const barred: Store = {
      ...store,
      putIfAbsent: async (key, content) => {
        if (key === 'latest.json') throw cannot(key)
        return store.putIfAbsent(key, content)
      },
      replaceIfUnchanged: async (key) => {
        throw cannot(key)
      },
    }
    const publishing = async (id: string) => {
      await expect(publish(publication(barred, id))).rejects.toMatchObject({
        code: 'unavailable',
        message: `Cannot move "${store.locate('latest.json')}" to audit "${id}", whose report is whole: "${store.locate(id)}". Only readers of latest.json do not see it yet; the next audit moves it forward, once this is mended: Cannot write latest.json: the store refuses`,
        cause: { message: 'Cannot write latest.json: the store refuses' },
      })
      await expectWhole(store, id)
    }
    await publishing(FIRST)
    expect(await readLatest(store)).toBeUndefined()
    await publish(publication(store, SECOND))
    await publishing(THIRD)
    expect(await readLatest(store)).toMatchObject({ audit_id: SECOND })
    await publish(publication(store, THIRD))
    expect(await readLatest(store)).toMatchObject({ audit_id: THIRD })
  })

  it('refuses to mix two audits under one id', async () => {
    const store = await open()
    // A look for the manifest, three files opened, three written, and the first one closed.
    const broken = createBreakingStore(store, 8, 'after')
    await expect(publish(publication(broken, FIRST))).rejects.toThrow()
    await broken.bury()
    const other = publication(store, FIRST, {}, [finding({ finding_id: '09' })])
    await expect(publish(other)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('findings.ndjson": it is there already with other content'),
    })
    expect(await readManifest(store, FIRST)).toBeUndefined()
  })

  it('refuses a summary that does not count what was written', async () => {
    const store = await open()
    await expect(publish(publication(store, FIRST, { resources: 3 }))).rejects.toMatchObject({
      code: 'internal',
    })
    expect(await readManifest(store, FIRST)).toBeUndefined()
    expect(await readLatest(store)).toBeUndefined()
  })

  it('leaves nothing of a file whose rows broke off', async () => {
    const store = await open()
    const findings = (async function* () {
      yield finding()
      throw new Error('the scan broke off')
    })()
    await expect(publish({ ...publication(store, FIRST), findings })).rejects.toThrow('the scan broke off')
    expect(await allOf(store.names(''))).toEqual([])
  })
})
