import { summariseOperations, unreadableOperations } from '../audit/operations.ts'
import type { Summary } from '../audit/record.ts'
import { Fault } from '../errors.ts'
import { listOpenOperations } from '../runtime/open-operations.ts'
import type { Services } from '../runtime/services.ts'

/** What the ledger knows of checkpoints that are not over or did not succeed; an audit tells that it could not be read, and goes on. */
export async function operationsFor({ store, now }: Services): Promise<Summary['operations']> {
  try {
    return summariseOperations(await listOpenOperations(store, now()))
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return unreadableOperations(error.message)
  }
}
