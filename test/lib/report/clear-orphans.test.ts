import { describe, expect, it } from 'vitest'
import { Fault } from '../../../lib/errors.ts'
import { parseTime } from '../../../lib/parse-time.ts'
import { clearOrphans } from '../../../lib/report/clear-orphans.ts'
import type { Instant } from '../../../lib/time.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

const NOW = parseTime('2026-11-20T12:00:00Z') as Instant
const [TODAY, LAST_WEEK, OLD, WHOLE, ANCIENT] = [
  '20261120T060000.000Z-aa',
  '20261113T130000.000Z-bb',
  '20261113T110000.000Z-cc',
  '20261110T060000.000Z-dd',
  '20260101T060000.000Z-ee',
] as const

async function filled() {
  const store = createMemoryStore()
  for (const id of [TODAY, LAST_WEEK, OLD, WHOLE, ANCIENT])
    for (const file of ['parts/part-00001-aa', 'parts/part-00002-bb', 'findings.ndjson'])
      await store.putIfAbsent(`${id}/${file}`, 'x')
  await store.putIfAbsent(`${WHOLE}/manifest.json`, '{}')
  await store.putIfAbsent('strange/parts/part-1', 'x')
  return store
}

describe('orphans', () => {
  it('FLT-062 are the parts of runs without a manifest that began a week ago or earlier, and nothing else', async () => {
    const store = await filled()
    const before = [...store.objects.keys()]
    await clearOrphans({ store, log: () => {} }, NOW)
    const gone = before.filter((key) => !store.objects.has(key))
    expect(gone).toEqual([`${OLD}/parts/part-00001-aa`, `${OLD}/parts/part-00002-bb`])
  })

  it('FLT-062 are left alone where their report became whole while somebody looked', async () => {
    const store = await filled()
    const names = (prefix: string) => {
      if (prefix === `${OLD}/parts/`) store.objects.set(`${OLD}/manifest.json`, Buffer.from('{}'))
      return store.names(prefix)
    }
    await clearOrphans({ store: { ...store, names }, log: () => {} }, NOW)
    expect(store.objects.has(`${OLD}/parts/part-00001-aa`)).toBe(true)
  })

  it('FLT-064 that may not be deleted are told in the log, and the others go', async () => {
    const store = await filled()
    const logged: string[] = []
    const remove = async (key: string) => {
      if (key.endsWith('part-00001-aa')) throw new Fault('unavailable', `Cannot remove ${key}: it is locked`)
      await store.remove(key)
    }
    const log = (_: string, message: string, { because }: { because: string }) =>
      void logged.push(`${message}: ${because}`)
    await clearOrphans({ store: { ...store, remove }, log }, NOW)
    expect(logged).toEqual([
      `unfinished work could not be cleared away: Cannot remove ${OLD}/parts/part-00001-aa: it is locked`,
    ])
    expect(store.objects.has(`${OLD}/parts/part-00002-bb`)).toBe(false)
  })
})
