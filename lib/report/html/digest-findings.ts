import { recoveryPointMissing } from '../../audit/controls/recovery-point-missing.ts'
import { recoveryPointStale } from '../../audit/controls/recovery-point-stale.ts'
import type { Finding } from '../../audit/record.ts'
import { getOrCreate } from '../../get-or-create.ts'
import { IdSet } from '../../id-set.ts'
import type { ReadAgain } from '../format.ts'
import { type GroupsDigest, groupFindings } from './group-findings.ts'
import { compareTallies, compareTexts, emptyTally, type Tally, tallyUp } from './tally.ts'

/** What one control found. */
export interface ControlTally {
  readonly control: string
  readonly tally: Tally
  /** What to do, one sentence per service. */
  readonly remedies: ReadonlySet<string>
}

/** The findings as far as the page shows them, with the counts of all. */
export interface FindingsDigest extends GroupsDigest {
  /** Worst first. */
  readonly controls: readonly ControlTally[]
}

/** The findings while they pass by. */
export interface FindingsCount {
  readonly add: (finding: Finding) => void
  /** Whether a resource has a finding that says that its recovery point is missing, or stale. */
  readonly isMissing: (resourceKey: string) => boolean
  readonly isStale: (resourceKey: string) => boolean
  readonly digest: (again: ReadAgain) => Promise<FindingsDigest>
}

type CountedControls = Map<string, ControlTally & { readonly remedies: Set<string> }>

/** Begins to count findings by vault or instance, by control, and by resource. */
export function countFindings(): FindingsCount {
  const groups = groupFindings()
  const controls: CountedControls = new Map()
  const [missing, stale] = [new IdSet(), new IdSet()]
  return {
    add: (finding) => {
      groups.add(finding)
      countControl(controls, finding)
      const { control, service, resource_id } = finding
      if (resource_id === null) return
      if (control === recoveryPointMissing.id) missing.add(resourceKey(service, resource_id))
      if (control === recoveryPointStale.id) stale.add(resourceKey(service, resource_id))
    },
    isMissing: (key) => missing.has(key),
    isStale: (key) => stale.has(key),
    digest: async (again) => ({ ...(await groups.digest(again)), controls: worstFirst(controls) }),
  }
}

/** One resource over all targets of an audit. */
export function resourceKey(service: string, resourceId: string): string {
  return `${service}/${resourceId}`
}

function countControl(controls: CountedControls, finding: Finding): void {
  const { control, remedy } = finding
  const counted = getOrCreate(controls, control, () => ({
    control,
    tally: emptyTally(),
    remedies: new Set<string>(),
  }))
  tallyUp(counted.tally, finding)
  counted.remedies.add(remedy)
}

function worstFirst(controls: CountedControls): readonly ControlTally[] {
  return [...controls.values()].sort(
    (one, other) => compareTallies(one.tally, other.tally) || compareTexts(one.control, other.control),
  )
}
