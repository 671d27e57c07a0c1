import { describe, expect, it } from 'vitest'
import { findInLogs } from '../../../lib/huawei/find-in-logs.ts'
import type { Send } from '../../../lib/huawei/http.ts'
import { fromEpochMs } from '../../../lib/time.ts'

const ADDRESS = { origin: 'https://cbr.example.com', projectId: 'project', region: 'cn-north-4' }
const TRACE = { vaultId: 'vault', isOurs: () => false, from: fromEpochMs(0), to: fromEpochMs(1) }

/** Looks for a checkpoint among so many logs that name no backup; the one at `ours`, if any, is it. */
function look(logs: number, ours?: number): Promise<readonly string[]> {
  const rows = Array.from({ length: logs }, (_, index) => ({
    id: `log-${index}`,
    checkpoint_id: `c-${index}`,
  }))
  const send: Send = async ({ query }) => {
    const offset = Number(new Map(query).get('offset') ?? 0)
    const body = Buffer.from(JSON.stringify({ operation_logs: rows.slice(offset) }))
    return { status: 200, headers: { 'content-type': 'application/json' }, body }
  }
  return findInLogs(send, ADDRESS, TRACE, async (id) => id === `c-${ours}`, AbortSignal.timeout(5000))
}

describe('looking for a checkpoint in the logs', () => {
  it('asks for each checkpoint of which the logs name no backup', async () => {
    expect(await look(20, 19)).toEqual(['c-19'])
    expect(await look(20)).toEqual([])
  })

  it('does not call that nothing which it did not ask for', async () => {
    await expect(look(21)).rejects.toThrow('21 checkpoints')
    expect(await look(21, 3)).toEqual(['c-3'])
  })
})
