import { describe, expect, it } from 'vitest'
import { fromEpochMs, type Instant } from '../../../lib/time.ts'
import { readAuditOrder } from '../../../lib/workflow/audit-order.ts'
import { type Admitted, takeTurn, turnNameOf } from '../../../lib/workflow/audit-turn.ts'
import { holdTurn } from '../../../lib/workflow/hold-turn.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

const START_MS = Date.UTC(2026, 10, 28, 6)
const at = (minutes: number): Instant => fromEpochMs(START_MS + minutes * 60_000)

function createQuestion() {
  const store = createMemoryStore()
  let minutes = 0
  const now = () => at(minutes)
  const come = (operation: string, atMinutes: number, receivedAt: number) => {
    minutes = atMinutes
    return takeTurn(store, { operation, name: 'question', requestedAt: at(receivedAt) }, now)
  }
  const wait = (atMinutes: number) => {
    minutes = atMinutes
  }
  const mine = async (answer: Promise<Admitted>) => {
    const admitted = await answer
    if (admitted.kind !== 'yours') throw new Error(`told to ${admitted.kind}`)
    return holdTurn(store, admitted.turn, now)
  }
  return { come, wait, mine }
}

describe('the turn of an audit', () => {
  it('is one for all that were received before it began, running or published', async () => {
    const { come, mine } = createQuestion()
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, index) => come(`o${index}`, 5, index / 100)),
    )
    const kinds = all.map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'yours')).toHaveLength(1)
    expect(kinds.filter((kind) => kind === 'joined')).toHaveLength(99)
    for (const one of all) if (one.kind === 'yours') await (await mine(Promise.resolve(one))).end('published')
    expect(await come('later', 60, 4)).toMatchObject({ kind: 'joined' })
  })

  it('lets those wait who came while it was under way, and the next is one for all of them', async () => {
    const { come, mine } = createQuestion()
    const turn = await mine(come('a', 0, 0))
    expect(await come('b', 2, 1)).toEqual({ kind: 'wait', for: 'a' })
    expect(await come('a', 2, 0)).toEqual({ kind: 'wait', for: 'a' })
    await turn.end('published')
    await mine(come('b', 5, 1))
    expect(await come('c', 5, 3)).toEqual({ kind: 'joined', to: 'b' })
  })

  it('passes on from who failed, and from who was not heard of for longer than a run can be silent', async () => {
    const { come, wait, mine } = createQuestion()
    const failed = await mine(come('a', 0, 0))
    await failed.end('failed')
    const killed = await mine(come('b', 1, 0))
    expect(await come('c', 16, 2)).toEqual({ kind: 'wait', for: 'b' })
    wait(16)
    killed.beat()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await come('c', 18, 2)).toEqual({ kind: 'wait', for: 'b' })
    const next = await mine(come('c', 33, 2))
    // Who comes back from the dead takes nothing from who has the turn now.
    await killed.end('published')
    expect(await come('d', 34, 34)).toEqual({ kind: 'wait', for: 'c' })
    await next.end('published')
    expect(await come('b', 35, 0)).toEqual({ kind: 'joined', to: 'c' })
  })

  it('is given up after an hour and three runs', async () => {
    const { come, mine } = createQuestion()
    for (const minutes of [0, 17, 34, 51]) await mine(come('a', minutes, 0))
    expect(await come('a', 68, 0)).toMatchObject({
      kind: 'given up',
      because: 'it was begun 4 times since 2026-11-28T06:00:00.000Z and never ended',
    })
  })

  it('is shared by alerts that ask for the same, in whatever order and however often, and by nobody else', () => {
    const terms = { now: at(0), places: [{ region: 'cn-north-4', projectId: undefined }] }
    const name = (operation: string, alertId: string | undefined, document: object) =>
      turnNameOf(operation, alertId, readAuditOrder(document, terms))
    const wanted = { targets: ['cn-north-4:b', 'cn-north-4:a'], vault_id: 'v' }
    const same = { vault_id: 'v', targets: ['cn-north-4:a', 'cn-north-4:b', 'cn-north-4:a'] }
    expect(name('one', 'x', wanted)).toBe(name('two', 'y', same))
    expect(name('one', 'x', wanted)).not.toBe(name('one', 'x', { ...same, vault_id: 'w' }))
    expect(name('one', undefined, wanted)).toBe('one')
  })
})
