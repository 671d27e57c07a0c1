import { expect, it } from 'vitest'
import { closeIfOver, openOperations } from '../../../lib/checkpoint/closed.ts'
import { recordKey, writeRecord } from '../../../lib/checkpoint/record.ts'
import { received } from '../../../lib/checkpoint/transitions.ts'
import { fromEpochMs, hours, type Instant } from '../../../lib/time.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

it('keeps an eye on what was not sent for as long as its caller may come again with his key', async () => {
  const store = createMemoryStore()
  const now = fromEpochMs(Date.UTC(2026, 10, 28, 6))
  const place = { region: 'cn-north-4', projectId: 'project', vaultId: 'vault' }
  const body = { checkpoint: { vault_id: 'vault' } }
  const record = received({ operation: 'one', ...place, name: undefined, body }, now)
  await store.putIfAbsent(recordKey('one'), writeRecord(record))
  await closeIfOver(store, record, (now + hours(89 * 24)) as Instant)
  expect(await openOperations(store)).toEqual(['one'])
  await closeIfOver(store, record, (now + hours(91 * 24)) as Instant)
  expect(await openOperations(store)).toEqual([])
})
