import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Admission, admit, type Limits } from '../../../lib/checkpoint/admit.ts'
import { operationOf } from '../../../lib/checkpoint/names.ts'
import { type LedgerRecord, readStanding, recordKey, writeRecord } from '../../../lib/checkpoint/record.ts'
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
    return admit(store, limits, (await readStanding(store, operation)) ?? record, at(minutes))
  }
  const put = (key: string, record: Partial<LedgerRecord>) => {
    const path = recordKey(operationOf(key, 'cn-north-4', 'project'))
    const standing = readJson(String(store.objects.get(path)))
    store.objects.set(path, Buffer.from(JSON.stringify({ ...standing, ...record })))
  }
  return { store, come, put }
}

const SENT = { name: 'n', sent_at: formatTime(at(0)), settled_at: formatTime(at(0)), attempt: 1 }
const REFUSED: Partial<LedgerRecord> = {
  ...SENT,
  state: 'REFUSED',
  detail: 'busy',
  upstream: { http_status: 409, error_code: null, error_msg: null, request_id: null },
}
const FAILED: Partial<LedgerRecord> = {
  ...SENT,
  ...{ state: 'FAILED', checkpoint_id: 'c', known_by: 'answer', answer: { checkpoint: {} } },
  ...{ ended_at: formatTime(at(1)), is_partial: false, because: 'its status is error' },
}
const STARTED: Partial<LedgerRecord> = {
  ...SENT,
  ...{ state: 'STARTED', checkpoint_id: 'c', known_by: 'answer', answer: { checkpoint: {} } },
}
const JOINED: Partial<LedgerRecord> = { state: 'JOINED', joined_to: 'x', settled_at: formatTime(at(0)) }
const UNSENT: Partial<LedgerRecord> = { state: 'RECEIVED', attempt: 1, last_failure: 'Huawei answered 403' }

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

  it('lets nobody join himself where another process has gone on with what he asks for', async () => {
    const { store, come, put } = createVault()
    await come('a', 0)
    put('a', UNSENT)
    const stale =
      (await readStanding(store, operationOf('a', 'cn-north-4', 'project'))) ?? expect.unreachable()
    put('a', { ...SENT, state: 'INTENT', attempt: 2 })
    expect(await admit(store, LIMITS, stale, at(1))).toMatchObject({ kind: 'parked' })
  })

  it('lets join who asks for no more than what began since, or shortly before he was received', async () => {
    const { come } = createVault()
    await come('a', 0, ['one', 'two'])
    expect(await come('b', 1, ['two'])).toEqual(joined('a'))
    expect(await come('late', 300, ['one'], 59)).toEqual(joined('a'))
    expect(await come('more', 2, ['two', 'three'])).toMatchObject({ kind: 'parked' })
    expect(await come('all', 3)).toMatchObject({ kind: 'parked' })
  })

  it('lets nobody join for a resource that was left out, but whoever asks for all of the vault', async () => {
    const { come, put } = createVault()
    await come('a', 0)
    const vault = { id: 'vault', resources: [{ id: 'r2' }], skipped_resources: [{ id: 'R1' }] }
    put('a', {
      ...STARTED,
      ...{ state: 'PARTIAL', answer: { checkpoint: { vault } } },
    } as Partial<LedgerRecord>)
    expect(await come('b', 1, ['r1'])).toMatchObject({ kind: 'parked' })
    expect(await come('c', 1, ['r2'])).toEqual(joined('a'))
    expect(await come('d', 1)).toEqual(joined('a'))
  })

  it('lets nobody join what has failed, and counts it', async () => {
    const { come, put } = createVault()
    await come('a', 0)
    put('a', FAILED)
    expect(await come('b', 5)).toMatchObject({
      kind: 'parked',
      notBefore: at(60),
      because:
        'alerts asked Huawei for another checkpoint of this vault at 2026-11-28T06:00:00.000Z; its turn comes at 2026-11-28T07:00:00.000Z',
    })
    expect(await come('b', 60)).toEqual({ kind: 'granted' })
  })

  it('neither counts nor lets join what Huawei refused', async () => {
    const { come, put } = createVault({ perVaultPerDay: 2, minInterval: hours(1) })
    await come('a', 0)
    put('a', REFUSED)
    expect(await come('b', 5)).toEqual({ kind: 'granted' })
    put('b', FAILED)
    expect(await come('c', 65)).toEqual({ kind: 'granted' })
    put('c', FAILED)
    expect(await come('d', 125)).toMatchObject({
      kind: 'parked',
      notBefore: at(24 * 60 + 5),
      because: expect.stringMatching(/^alerts may start 2 .* in 24 hours, and asked Huawei for as many; /),
    })
  })

  it('does not count what provably was not sent, and asks anew before that is sent after all', async () => {
    const { come, put } = createVault()
    await come('a', 0, ['one'])
    put('a', UNSENT)
    expect(await come('b', 1, ['two'])).toEqual({ kind: 'granted' })
    expect(await come('a', 2, ['one'])).toMatchObject({ kind: 'parked', notBefore: at(61) })
    expect(await come('a', 61, ['one'])).toEqual({ kind: 'granted' })
    expect(await come('c', 62, ['three'])).toMatchObject({ kind: 'parked', notBefore: at(121) })
  })

  it('lets join what is still to be sent, however long ago it was let through', async () => {
    const { come, put } = createVault()
    await come('a', 0)
    expect(await come('process gone', 120)).toEqual(joined('a'))
    put('a', UNSENT)
    expect(await come('second', 120)).toEqual(joined('a'))
    expect(await come('third', 240, ['one'])).toEqual(joined('a'))
    expect(await come('a', 250)).toEqual({ kind: 'granted' })
    expect(await come('fourth', 309)).toEqual(joined('a'))
  })

  it('counts what is sent once more, for it may have been carried out before', async () => {
    const { come, put } = createVault()
    await come('a', 0, ['one'])
    put('a', { ...UNSENT, is_repeated: true })
    expect(await come('b', 30, ['two'])).toMatchObject({ kind: 'parked' })
    expect(await come('a', 31, ['one'])).toEqual({ kind: 'granted' })
  })

  it('keeps its limits, and forgets nobody, whatever Huawei refuses and however often something is not sent', async () => {
    const alarm = fc.record({
      minute: fc.nat(600),
      resources: fc.constantFrom(undefined, ['one'], ['two'], ['one', 'two']),
      outcomes: fc.array(fc.constantFrom(STARTED, REFUSED, FAILED, UNSENT), { maxLength: 4 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(alarm, { maxLength: 12 }), async (alarms) => {
        const { come, put } = createVault({ perVaultPerDay: 3, minInterval: hours(1) })
        const madeAt: number[] = []
        const open = new Map(alarms.map((one, index) => [`k${index}`, { ...one, attempts: 0 }]))
        const ask = async (key: string, one: (typeof alarms)[number] & { attempts: number }, at: number) => {
          const { kind } = await come(key, at, one.resources, one.minute)
          if (kind === 'parked') return
          const outcome = kind === 'joined' ? JOINED : (one.outcomes[one.attempts] ?? STARTED)
          if (outcome !== JOINED) one.attempts += 1
          put(key, { ...outcome, attempt: one.attempts })
          if (outcome === STARTED || outcome === FAILED) madeAt.push(at)
          if (outcome !== UNSENT) open.delete(key)
        }
        for (let minute = 0; minute < 20_000 && open.size > 0; minute += 20)
          for (const [key, one] of open) if (one.minute <= minute) await ask(key, one, minute)
        expect(open.size).toBe(0)
        for (const [index, minute] of madeAt.entries()) {
          expect(minute - (madeAt[index - 1] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(60)
          expect(minute - (madeAt[index - 3] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(24 * 60)
        }
      }),
    )
  })

  it('parks the excess of a day, once for all that ask for the same, and lets it go when its turn has come', async () => {
    const { come, put } = createVault({ perVaultPerDay: 2, minInterval: hours(0) })
    expect(await come('a', 0)).toEqual({ kind: 'granted' })
    put('a', STARTED)
    expect(await come('b', 10)).toEqual({ kind: 'granted' })
    put('b', STARTED)
    expect(await come('c', 20)).toMatchObject({ kind: 'parked', notBefore: at(24 * 60) })
    expect(await come('d', 30)).toEqual(joined('c'))
    expect(await come('c', 24 * 60 - 1, undefined, 20)).toMatchObject({ kind: 'parked' })
    expect(await come('c', 24 * 60, undefined, 20)).toEqual({ kind: 'granted' })
    put('c', STARTED)
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
