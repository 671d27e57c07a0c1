import { expect, it } from 'vitest'
import { parseTime } from '../../../lib/parse-time.ts'
import { whyLatestStays } from '../../../lib/report/latest.ts'
import type { Instant } from '../../../lib/time.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

const OURS = '20261121T064500.000Z-bb'
const NOW = parseTime('2026-11-21T06:45:00Z') as Instant
/** Was ordered later, began sooner, and is there. */
const FASTER = '20261121T074500.000Z-dd'
const AHEAD = '20261121T074501.000Z-ee'
const EARLIER = '20261120T064500.000Z-aa'
const FUTURE = '29991231T000000.000Z-cc'

function storeNaming(auditId: string, completeAuditId: string | null, ...whole: readonly string[]) {
  const store = createMemoryStore()
  const manifest = `${auditId}/manifest.json`
  const as_of = '2026-11-20T00:00:00.000Z'
  const latest = { audit_id: auditId, manifest, as_of, complete_audit_id: completeAuditId }
  store.objects.set('latest.json', Buffer.from(JSON.stringify(latest)))
  for (const id of whole) store.objects.set(`${id}/manifest.json`, Buffer.from('{}'))
  return store
}

it('is said of a latest.json that names a later audit which is not there, with what to do', async () => {
  for (const store of [storeNaming(FUTURE, null), storeNaming(FUTURE, FUTURE)])
    expect(await whyLatestStays(store, OURS, NOW)).toBe(
      `"memory:latest.json" names audit "${FUTURE}", which is later than this one and not in this store; it moves forward only, so it will not name this one. Remove that file, and the next audit writes it anew`,
    )
})

it('is said of one that names an audit of the future, which a clock that was ahead has made', async () => {
  for (const store of [storeNaming(AHEAD, null, AHEAD), storeNaming(EARLIER, AHEAD, AHEAD)])
    expect(await whyLatestStays(store, OURS, NOW)).toBe(
      `"memory:latest.json" names audit "${AHEAD}", which is of the future, for a clock was ahead when it was made, or is behind now; it moves forward only, so it will not name this one. Remove that file, and the next audit writes it anew`,
    )
})

it('is not said of one that moves forward, nor where the later audit is there or the earlier one was taken away', async () => {
  expect(await whyLatestStays(createMemoryStore(), OURS, NOW)).toBeUndefined()
  expect(await whyLatestStays(storeNaming(FASTER, FASTER, FASTER), OURS, NOW)).toBeUndefined()
  expect(await whyLatestStays(storeNaming(EARLIER, EARLIER), OURS, NOW)).toBeUndefined()
})
