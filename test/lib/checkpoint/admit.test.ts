import { describe, expect, it } from 'vitest'
import { type Admission, admit, type Limits } from '../../../lib/checkpoint/admit.ts'
import { operationOf } from '../../../lib/checkpoint/names.ts'
import { type LedgerRecord, recordKey, writeRecord } from '../../../lib/checkpoint/record.ts'
import { received } from '../../../lib/checkpoint/transitions.ts'
import { formatTime, fromEpochMs, hours, type Instant } from '../../../lib/time.ts'
import { readJson } from '../../support/json.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

const START_MS = Date.UTC(2026, 10, 28, 6)
const LIMITS: Limits = { perVaultPerDay: 6, minInterval: hours(1) }

const at = (minutes: number): Instant => fromEpochMs(START_MS + minutes * 60_000)

/** A vault, and what its guard says to who comes. */
function createVault(limits = LIMITS) {
  const store = createMemoryStore()
  const come = async (key: string, minutes: number, resources?: readonly string[], receivedAt = minutes) => {
    const body = {
      checkpoint: { vault_id: 'vault', ...(resources === undefined ? {} : { parameters: { resources } }) },
    }
    const place = { region: 'cn-north-4', projectId: 'project', vaultId: 'vault' }
    const operation = operationOf(key, 'cn-north-4', 'project')
    const record = received({ operation, ...place, name: undefined, body, receivedAt: at(receivedAt) }, at(0))
    await store.putIfAbsent(recordKey(operation), writeRecord(record))
    return admit(store, limits, record, at(minutes))
  }
  const put = (key: string, record: Partial<LedgerRecord>) => {
    const path = recordKey(operationOf(key, 'cn-north-4', 'project'))
    const standing = readJson(String(store.objects.get(path)))
    store.objects.set(path, Buffer.from(JSON.stringify({ ...standing, ...record })))
  }
  return { store, come, put }
}

const joined = (key: string): Admission => ({ kind: 'joined', to: operationOf(key, 'cn-north-4', 'project') })

describe('the guard of a vault', () => {
  it('lets one of a hundred through that come at once, and all others join it', async () => {
    const { come } = createVault()
    const all = await Promise.all(Array.from({ length: 100 }, (_, index) => come(`k${index}`, 0)))
    expect(all.filter(({ kind }) => kind === 'granted')).toHaveLength(1)
    const leader = operationOf(`k${all.findIndex(({ kind }) => kind === 'granted')}`, 'cn-north-4', 'project')
    expect(new Set(all.flatMap((one) => (one.kind === 'joined' ? [one.to] : [])))).toEqual(new Set([leader]))
  })

  it('says the same to whoever was let through, however often he asks', async () => {
    const { come } = createVault()
    for (const minutes of [0, 1, 59, 600])
      expect(await come('a', minutes, undefined, 0)).toEqual({ kind: 'granted' })
  })

  it('lets join who asks for no more than what began since, or shortly before he was received', async () => {
    const { come } = createVault()
    await come('a', 0, ['one', 'two'])
    expect(await come('b', 1, ['two'])).toEqual(joined('a'))
    expect(await come('late', 300, ['one'], 59)).toEqual(joined('a'))
    expect(await come('more', 2, ['two', 'three'])).toMatchObject({ kind: 'parked' })
    expect(await come('all', 3)).toMatchObject({ kind: 'parked' })
  })

  it('lets nobody join what was refused or has failed', async () => {
    const { come, put } = createVault()
    await come('a', 0)
    const ended = { name: 'n', sent_at: formatTime(at(0)), settled_at: formatTime(at(0)), attempt: 1 }
    const upstream = { http_status: 409, error_code: null, error_msg: null, request_id: null }
    put('a', { ...ended, state: 'REFUSED', detail: 'busy', upstream })
    expect(await come('b', 5)).toMatchObject({
      kind: 'parked',
      notBefore: at(60),
      because: expect.stringContaining('2026-11-28T07:00:00.000Z'),
    })
    expect(await come('b', 60)).toEqual({ kind: 'granted' })
  })

  it('parks the excess of a day, once for all that ask for the same, and lets it go when its turn has come', async () => {
    const { come } = createVault({ perVaultPerDay: 2, minInterval: hours(0) })
    expect(await come('a', 0)).toEqual({ kind: 'granted' })
    expect(await come('b', 10)).toEqual({ kind: 'granted' })
    expect(await come('c', 20)).toMatchObject({ kind: 'parked', notBefore: at(24 * 60) })
    expect(await come('d', 30)).toEqual(joined('c'))
    expect(await come('c', 24 * 60 - 1, undefined, 20)).toMatchObject({ kind: 'parked' })
    expect(await come('c', 24 * 60, undefined, 20)).toEqual({ kind: 'granted' })
    expect(await come('e', 24 * 60 + 1)).toMatchObject({ kind: 'parked', notBefore: at(24 * 60 + 10) })
  })

  it('keeps an interval that is longer than a day', async () => {
    const { come } = createVault({ perVaultPerDay: 6, minInterval: hours(48) })
    const parked = { kind: 'parked', notBefore: at(48 * 60) }
    expect(await come('a', 0, ['one'])).toEqual({ kind: 'granted' })
    expect(await come('b', 23 * 60, ['two'])).toMatchObject(parked)
    expect(await come('c', 25 * 60, ['three'])).toMatchObject(parked)
    expect(await come('b', 48 * 60, ['two'], 23 * 60)).toEqual({ kind: 'granted' })
  })

  it('lets nobody wait any longer who joins another in the end', async () => {
    const { store, come } = createVault()
    await come('a', 0, ['one'])
    expect(await come('b', 5, ['two'])).toMatchObject({ kind: 'parked' })
    expect(await come('c', 6)).toMatchObject({ kind: 'parked' })
    expect(await come('c', 60, undefined, 6)).toEqual({ kind: 'granted' })
    expect(await come('b', 61, ['two'], 5)).toEqual(joined('c'))
    const key = [...store.objects.keys()].find((name) => name.includes('guard')) ?? ''
    expect(readJson(String(store.objects.get(key)))).toMatchObject({ waiting: [] })
  })

  it('starts nothing where it cannot be read', async () => {
    const { store, come } = createVault()
    await come('a', 0)
    const key = [...store.objects.keys()].find((name) => name.includes('guard')) ?? ''
    store.objects.set(key, Buffer.from('{"grants":'))
    await expect(come('b', 100)).rejects.toMatchObject({ code: 'unavailable' })
  })
})
