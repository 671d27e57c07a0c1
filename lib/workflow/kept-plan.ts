import type { Target } from '../backup.ts'
import type { ManifestFile } from '../report/manifest.ts'
import { writePartFile } from '../report/part-file.ts'
import { findEarlierAudits } from '../report/previous.ts'
import { readOwnRows } from '../report/read-file.ts'
import type { TargetReport } from '../scan.ts'
import { deserializeFault, type SerializedFault, serializeFault } from '../serialized-fault.ts'
import type { Store } from '../store/store.ts'
import type { AuditPlan } from './plan-audit.ts'
import type { ReadPlan } from './publish-audit.ts'

/** A plan as plain data, for whoever goes on with the audit. */
export interface KeptPlan extends Omit<AuditPlan, 'sources' | 'earlier' | 'lost'> {
  readonly targets: readonly Target[]
  /** The audit that this one is compared with, or `none`. */
  readonly previous: string
  readonly lost: readonly { readonly report: TargetReport; readonly fault: SerializedFault }[]
}

/** Leaves a plan in the store, under its audit. */
export async function keepPlan(store: Store, plan: AuditPlan): Promise<ManifestFile> {
  const { sources, earlier, lost, policy, ...rest } = plan
  const kept: KeptPlan = {
    ...rest,
    // What alerts start is none of an audit's business.
    policy: { ...policy, alerts: undefined },
    targets: sources.map(({ target }) => target),
    previous: earlier[0]?.auditId ?? 'none',
    lost: lost.map(({ report, fault }) => ({ report, fault: serializeFault(fault) })),
  }
  return await writePartFile(store, plan.auditId, 0, [JSON.stringify(kept)])
}

/** The plan that was kept. */
export async function readPlan(store: Store, auditId: string, file: ManifestFile): Promise<KeptPlan> {
  for await (const plan of readOwnRows<KeptPlan>(store, auditId, file)) return plan
  throw new TypeError('A kept plan has no row')
}

/** What publishing needs of it; the audits to compare with are those of its beginning, whatever was published since. */
export async function reopen(store: Store, plan: KeptPlan): Promise<ReadPlan> {
  return {
    ...plan,
    lost: plan.lost.map(({ report, fault }) => ({ report, fault: deserializeFault(fault) })),
    earlier: await findEarlierAudits(store, plan),
  }
}
