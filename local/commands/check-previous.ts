import { Fault, type Mistake } from '../../lib/errors.ts'
import { readManifest } from '../../lib/report/read-record.ts'
import type { Config } from '../../lib/runtime/config.ts'
import { isInStore } from '../../lib/runtime/document-address.ts'
import { openStoreAt } from '../../lib/runtime/services.ts'

/** Adds the audit to compare with where the store has none of that name; one in S3 is looked for later. */
export async function checkPrevious(
  config: Config,
  previous: string | undefined,
  mistakes: Mistake[],
): Promise<void> {
  if (previous === undefined || previous === 'none' || isInStore(config.storeAddress)) return
  try {
    const store = openStoreAt(config, config.storeAddress)
    if ((await readManifest(store, previous)) !== undefined) return
    const detail = `has "${previous}", which is no audit of "${store.url}"; write the audit_id of one, or none`
    mistakes.push({ pointer: '--previous', detail })
  } catch (error) {
    // No store, or a report that is damaged: named already, or by the audit itself.
    if (!(error instanceof Fault)) throw error
  }
}
