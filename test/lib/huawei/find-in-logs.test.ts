import { describe, expect, it } from 'vitest'
import { findCheckpoints } from '../../../lib/huawei/find-checkpoint.ts'
import type { Send } from '../../../lib/huawei/http.ts'
import { fromEpochMs } from '../../../lib/time.ts'
import { respond } from '../../support/responses.ts'

const ADDRESS = { origin: 'https://cbr.example.com', projectId: 'project', region: 'cn-north-4' }
const TRACE = {
  vaultId: 'vault',
  isOurs: (name: string) => name === 'ours',
  from: fromEpochMs(0),
  to: fromEpochMs(1),
}

/** Looks for it where the backups and the logs have this one row each, and the checkpoint names this vault. */
function find(
  vaultOfBackup: unknown,
  vaultOfLog: unknown,
  vaultShown?: string,
  { ignoresOffset = false } = {},
): Promise<readonly string[]> {
  const row = { id: 'b', checkpoint_id: 'in-backups', name: 'ours', vault_id: vaultOfBackup }
  const log = { id: 'l', checkpoint_id: 'in-logs', vault_id: vaultOfLog }
  const named = vaultShown === undefined ? log : { ...log, checkpoint_id: 'shown' }
  const shown = { id: 'shown', extra_info: { name: 'ours' }, vault: { id: vaultShown } }
  const logged = { ...named, ...(vaultShown ? {} : { extra_info: { backup: { backup_name: 'ours' } } }) }
  const send: Send = async ({ query }) => {
    const isEnd = !ignoresOffset && Number(new Map(query).get('offset') ?? 0) > 0
    const lists = isEnd ? { backups: [], operation_logs: [] } : { backups: [row], operation_logs: [logged] }
    return respond(200, { ...lists, checkpoint: shown })
  }
  return findCheckpoints(send, ADDRESS, TRACE, AbortSignal.timeout(5000))
}

/** Looks for a checkpoint among so many logs that name no backup; the one at `ours`, if any, is it. */
function look(logs: number, ours?: number): Promise<readonly string[]> {
  const rows = Array.from({ length: logs }, (_, index) => ({
    id: `log-${index}`,
    checkpoint_id: `c-${index}`,
  }))
  const send: Send = async ({ path, query }) => {
    const offset = Number(new Map(query).get('offset') ?? 0)
    const name = path.endsWith(`/c-${ours}`) ? 'ours' : 'other'
    const checkpoint = { id: 'c', extra_info: { name } }
    return respond(200, { backups: [], operation_logs: rows.slice(offset), checkpoint })
  }
  return findCheckpoints(send, ADDRESS, TRACE, AbortSignal.timeout(5000))
}

describe('looking for a checkpoint in the logs', () => {
  it('asks for each checkpoint of which the logs name no backup', async () => {
    expect(await look(20, 19)).toEqual(['c-19'])
    expect(await look(20)).toEqual([])
  })

  it('passes over what names another vault, and over nothing that names none', async () => {
    expect(await find('other', 'other')).toEqual([])
    expect(await find('other', 'VAULT')).toEqual(['in-logs'])
    expect(await find(undefined, null)).toEqual(['in-backups', 'in-logs'])
    expect(await find('other', 'vault', 'other')).toEqual([])
    expect(await find('other', 'vault', 'vault')).toEqual(['shown'])
  })

  it('takes what lists show that begin again, and calls nothing else of them nothing', async () => {
    const again = { ignoresOffset: true }
    expect(await find('vault', 'vault', undefined, again)).toEqual(['in-backups', 'in-logs'])
    expect(await find('other', 'vault', undefined, again)).toEqual(['in-logs'])
    await expect(find('other', 'other', undefined, again)).rejects.toThrow('at 1 it begins again')
  })

  it('does not call that nothing which it did not ask for', async () => {
    await expect(look(21)).rejects.toThrow('21 checkpoints')
    expect(await look(21, 3)).toEqual(['c-3'])
  })
})
