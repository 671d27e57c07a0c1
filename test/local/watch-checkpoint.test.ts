import { describe, expect, it } from 'vitest'
import { Fault } from '../../lib/errors.ts'
import { httpFunction } from '../../lib/runtime/http.ts'
import type { Standing } from '../../local/commands/checkpoint-standing.ts'
import { type Sight, watchCheckpoint } from '../../local/commands/watch-checkpoint.ts'

const SURROUNDINGS = { log: () => {}, nowMs: () => 0, randomHex: () => 'c0ffee' }

const PATH = '/checkpoints/op'

interface Told {
  readonly state?: string
  readonly because?: string
  /** Whether the function says that something is not known. */
  readonly isOpen?: boolean
  readonly status?: string
  readonly accepted?: number
  readonly skipped?: number
  readonly backups?: readonly string[] | Fault
}

const resources = (times: number) => Array.from({ length: times }, (_, index) => ({ id: `${index}` }))

/** The real stack over a checkpoint that is told; looks once for each moment, and waits in between as it would. */
async function watch(...moments: readonly (Told | Fault)[]): Promise<Sight> {
  const rest = [...moments]
  let told: Told = {}
  const create = httpFunction(SURROUNDINGS, {
    'GET /checkpoints/{operation}': async () => {
      const moment = rest.shift()
      if (moment === undefined || moment instanceof Fault) throw moment
      told = moment
      const {
        state = 'started',
        status: huawei = 'protecting',
        accepted = 2,
        skipped = 0,
        because = null,
      } = told
      const vault = { resources: resources(accepted), skipped_resources: resources(skipped) }
      const checkpoint = state === 'started' ? { id: 'c1', status: huawei, vault } : null
      const status = told.isOpen ? 202 : 200
      return { status, body: JSON.stringify({ state, because, checkpoint }) }
    },
  })
  const list = httpFunction(SURROUNDINGS, {
    'GET /backups': async () => {
      const { backups = [] } = told
      if (backups instanceof Fault) throw backups
      const rows = backups.map((status, index) => ({ id: `b${index}`, status, resource_id: `${index}` }))
      return { status: 200, body: JSON.stringify({ backups: [...rows, ...rows] }) }
    },
  })
  const first: Standing = {
    path: PATH,
    key: 'k',
    state: 'started',
    because: null,
    isOpen: false,
    checkpoint: {},
  }
  const nowMs = () => moments.length - rest.length
  return watchCheckpoint({ create, list, place: [], waitMs: moments.length, nowMs, onSight: () => {} }, first)
}

const endOf = async (told: Told) => (await watch(told)).end
const unseen = new Fault('upstream_refused', 'Cannot list')

describe('watchCheckpoint', () => {
  it('is over when every backup is, whatever the checkpoint still says', async () => {
    expect(await endOf({ backups: ['available', 'available'] })).toBe('available')
    expect(await endOf({ backups: ['available', 'error'] })).toBe('error')
    expect(await endOf({ backups: ['available', 'protecting'] })).toBeUndefined()
    expect(await endOf({ backups: ['available'] })).toBeUndefined()
    expect(await endOf({ backups: ['available', 'a status of tomorrow'] })).toBeUndefined()
  })

  it('shows once what is listed twice', async () => {
    expect((await watch({ backups: ['error', 'error'] })).backups).toHaveLength(2)
  })

  it('takes the word of its operation where its backups cannot be seen, but not that of Huawei alone', async () => {
    expect(await endOf({ state: 'done', backups: unseen })).toBe('available')
    expect(await endOf({ status: 'available', backups: unseen })).toBeUndefined()
    expect(await endOf({ status: 'available', backups: [] })).toBeUndefined()
    expect(await endOf({ status: 'available', backups: ['available'] })).toBeUndefined()
    const open: Told = { because: 'Huawei says nothing of 3', isOpen: true }
    expect(await endOf({ ...open, backups: ['available', 'available'] })).toBeUndefined()
    expect(await endOf({ status: 'available', backups: ['available', 'error'] })).toBe('error')
    expect(await endOf({ status: 'available', backups: ['available', 'protecting'] })).toBeUndefined()
    expect(await endOf({ status: 'error', backups: ['available', 'protecting'] })).toBe('error')
    expect(await endOf({ status: 'deleted', backups: [] })).toBe('error')
  })

  it('takes the word of its backups where the function cannot look at it, which leaves nothing open', async () => {
    const blind = 'How it stands cannot be seen just now: Huawei answered 403'
    expect(await endOf({ because: blind, backups: ['available', 'available'] })).toBe('available')
  })

  it('waits for nothing where everything was skipped, and for all where the outcome is unknown', async () => {
    expect(await endOf({ accepted: 0, skipped: 2 })).toBe('available')
    expect(await endOf({ state: 'unknown' })).toBeUndefined()
    expect(await endOf({ state: 'refused' })).toBe('error')
  })

  it('looks again after trouble that passes, and gives up at once where looking is forbidden', async () => {
    const done: Told = { backups: ['available', 'available'] }
    expect((await watch(new Fault('upstream_timeout', 'Late'), done)).end).toBe('available')
    expect(await watch(new Fault('unavailable', 'The store is read-only'))).toMatchObject({
      blind: undefined,
      standing: { state: 'started', because: 'The store is read-only' },
    })
    expect(await watch(new Fault('not_found', 'Cannot find it'), done)).toMatchObject({
      end: undefined,
      blind: 'Cannot find it',
    })
  })
})
