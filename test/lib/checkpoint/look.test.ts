import { describe, expect, it } from 'vitest'
import { look, type Sighting } from '../../../lib/checkpoint/look.ts'
import { recordKey, writeRecord } from '../../../lib/checkpoint/record.ts'
import { type Doubtful, received, toIntent, toResult } from '../../../lib/checkpoint/transitions.ts'
import { Fault } from '../../../lib/errors.ts'
import { fromEpochMs } from '../../../lib/time.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

const NOW_MS = Date.UTC(2026, 10, 30, 6)
const NAME = 'before-upgrade'
const [A, B] = ['0'.repeat(32), '1'.repeat(32)] as const

/** A request of that name whose answer was lost; of all resources of the vault unless some are named. */
function lost(operation: string, resources?: readonly string[], name: string | undefined = NAME): Doubtful {
  const body = { checkpoint: { vault_id: 'vault', ...(resources && { parameters: { resources } }) } }
  const place = { region: 'cn-north-4', projectId: 'project', vaultId: 'vault' }
  const now = fromEpochMs(NOW_MS)
  const intent = toIntent(received({ operation, ...place, name, body }, now), name, now)
  return toResult(intent, { kind: 'doubtful', because: 'reset' }, now) as Doubtful
}

/** What is seen of a record, beside others that are open too, where there are these checkpoints. */
async function seen(
  record: Doubtful,
  checkpoints: Readonly<Record<string, object>>,
  others: readonly Doubtful[] = [],
  torn = false,
): Promise<Sighting> {
  const store = createMemoryStore()
  for (const one of [record, ...others]) await store.putIfAbsent(recordKey(one.operation), writeRecord(one))
  if (torn) await store.putIfAbsent(recordKey('torn'), '{')
  return look(
    {
      store,
      find: async () => Object.keys(checkpoints),
      show: async (_, id) => ({
        checkpointId: id,
        hasSkipped: false,
        body: { checkpoint: { id, ...checkpoints[id] } },
      }),
    },
    record,
  )
}

const of = (...ids: readonly string[]) => ({
  created_at: '2026-11-30T06:00:01.000000',
  vault: { id: 'vault', resources: ids.map((id) => ({ id })), skipped_resources: [] },
})
const found = (id: string) => ({ kind: 'found', checkpoint: { checkpointId: id } })
const unclear = (because: string) => ({ kind: 'unclear', because: expect.stringContaining(because) })

describe('a checkpoint that bears the name a caller gave', () => {
  it('is the one where nothing speaks against it', async () => {
    expect(await seen(lost(A), { one: of('x', 'y') })).toMatchObject(found('one'))
    expect(await seen(lost(A, ['x']), { one: of('x') })).toMatchObject(found('one'))
    expect(await seen(lost(A, ['x']), { one: {} })).toMatchObject(found('one'))
  })

  it('is not for sure where it was made before the request was sent', async () => {
    const early = { ...of('x'), created_at: '2026-11-30T05:59:40.000000' }
    expect(await seen(lost(A), { one: early })).toMatchObject(
      unclear('one bears its name, but was made before'),
    )
    expect(await seen(lost(A), { one: early, two: of('x') })).toMatchObject(found('two'))
  })

  it('is not for sure where it is of other resources, or of more', async () => {
    for (const other of [of('y'), of('x', 'y')])
      expect(await seen(lost(A, ['x']), { one: other })).toMatchObject(unclear('is of other resources'))
  })

  it('belongs to whoever asked for these resources, and not to who asked for all under the same name', async () => {
    const [all, some] = [lost(A), lost(B, ['x'])]
    expect(await seen(all, { one: of('x') }, [some])).toMatchObject(unclear(`fits operation ${B} better`))
    expect(await seen(some, { one: of('x') }, [all])).toMatchObject(found('one'))
    expect(await seen(all, { one: of('x', 'y') }, [some])).toMatchObject(found('one'))
    expect(await seen(all, { one: of('x') }, [lost(B, ['x'], 'another')])).toMatchObject(found('one'))
  })

  it('is looked for once more where it cannot be shown, unless we made its name', async () => {
    const store = createMemoryStore()
    const ports = {
      store,
      find: async () => ['one'],
      show: async () => Promise.reject(new Fault('upstream_unavailable', 'down')),
    }
    expect(await look(ports, lost(A))).toMatchObject({ kind: 'blind' })
    expect(await look(ports, lost(A, undefined, `al-20261130-${A}-1`))).toMatchObject(found('one'))
  })

  it('is found though the record of another request cannot be read', async () => {
    expect(await seen(lost(A), { one: of('x') }, [], true)).toMatchObject(found('one'))
  })

  it('is not for sure where it is of more than was asked for by details', async () => {
    const detailed = lost(A)
    const parameters = { resource_details: [{ id: 'x', type: 'OS::Nova::Server' }] }
    const request = { checkpoint: { vault_id: 'vault', parameters } }
    expect(await seen({ ...detailed, request }, { one: of('a', 'b', 'c') })).toMatchObject(
      unclear('is of other resources'),
    )
    expect(await seen({ ...detailed, request }, { one: of('other') })).toMatchObject(found('one'))
  })

  it('is none where Huawei names another vault, now or in its answer, whoever gave the name', async () => {
    const made = lost(A, undefined, `al-20261130-${A}-1`)
    const strange = { ...of('x'), vault: { ...of('x').vault, id: 'other' } }
    for (const record of [lost(A), made]) {
      expect(await seen(record, { one: strange })).toMatchObject(unclear('is of another vault'))
      expect(await seen(record, { one: strange, two: of('x') })).toMatchObject(found('two'))
      const told = { ...record, not_ours: 'one' } as Doubtful
      expect(await seen(told, { one: {} })).toMatchObject(unclear('is of another vault'))
      expect(await seen(record, { one: { vault: { id: 'VAULT' } } })).toMatchObject(found('one'))
    }
  })

  it('is none of several that fit', async () => {
    expect(await seen(lost(A), { one: of('x'), two: of('x') })).toMatchObject(unclear('one, two'))
  })
})
