import { keyOf } from '../key-of.ts'
import { formatSecond, type Instant } from '../time.ts'
import { text } from './fields.ts'

/** What a checkpoint that we may have started can be known by. */
export interface CheckpointTrace {
  readonly vaultId: string
  /** When its backups were created. */
  readonly from: Instant
  readonly to: Instant | undefined
  /** Whether a backup of this name comes from it. */
  readonly isOurs: (backupName: string) => boolean
}

/** The vault and the time of what is looked for, as parameters of a list. */
export function filterBy({
  vaultId,
  from,
  to,
}: CheckpointTrace): readonly (readonly [name: string, value: string])[] {
  const times = to === undefined ? [] : ([['end_time', formatSecond(to)]] as const)
  return [['vault_id', vaultId], ['start_time', formatSecond(from)], ...times]
}

/** Whether what names this vault may be ours, whatever Huawei makes of the filter; what names none may be. */
export function mayBeIn({ vaultId }: CheckpointTrace, named: unknown): boolean {
  const id = text(named)
  return !id || keyOf(id) === keyOf(vaultId)
}
