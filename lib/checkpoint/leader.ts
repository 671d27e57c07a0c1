import type { LedgerRecord } from './record.ts'

/**
 * The record of what is done for an operation: its own, or that of the one it joined, which may have joined another
 * since; undefined where the ledger does not hold it.
 */
export async function leaderOf(
  record: LedgerRecord,
  recordOf: (operation: string) => Promise<LedgerRecord | undefined>,
): Promise<LedgerRecord | undefined> {
  const seen = new Set<string>()
  let leader: LedgerRecord | undefined = record
  while (leader?.state === 'JOINED') {
    if (seen.has(leader.operation)) return undefined
    seen.add(leader.operation)
    leader = await recordOf(leader.joined_to)
  }
  return leader
}
