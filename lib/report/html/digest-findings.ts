import type { Finding } from '../../audit/record.ts'
import { IdSet } from '../../id-set.ts'
import type { ReadAgain } from '../format.ts'
import { compareSeverities, compareTallies, compareTexts, emptyTally, type Tally, tallyUp } from './tally.ts'
import { Worst } from './worst.ts'

/** The findings of one vault, or of one DCS instance. */
export interface Group {
  readonly service: string
  readonly region: string
  readonly projectId: string
  /** Null where Huawei named no vault. */
  readonly id: string | null
  readonly name: string | null
  readonly tally: Tally
  /** The worst of them, worst first. */
  readonly shown: readonly Finding[]
}

/** What one control found. */
export interface ControlTally {
  readonly control: string
  readonly tally: Tally
  /** What to do, one sentence per service. */
  readonly remedies: ReadonlySet<string>
}

/** The findings as far as the page shows them, with the counts of all. */
export interface FindingsDigest {
  /** The worst groups, worst first. */
  readonly groups: readonly Group[]
  /** What is in no group of the page. */
  readonly elsewhere: { readonly groups: number; readonly findings: number }
  /** Worst first. */
  readonly controls: readonly ControlTally[]
}

/** The findings while they pass by: they are counted, and those that are shown looked at once more when it is known which groups are the worst. */
export interface FindingsCount {
  readonly add: (finding: Finding) => void
  /** Whether a resource has a finding that says that its recovery point is missing, or stale. */
  readonly isMissing: (resourceKey: string) => boolean
  readonly isStale: (resourceKey: string) => boolean
  readonly digest: (again: ReadAgain) => Promise<FindingsDigest>
}

type Rank = Pick<Finding, 'muted' | 'severity' | 'control' | 'first_seen'>

/** Which finding it was, and how bad it is. */
interface Sighting extends Rank {
  readonly ordinal: number
}

interface CountedGroup extends Omit<Group, 'shown'> {
  readonly worst: Worst<Sighting>
}

interface Counted {
  total: number
  /** Each text once, however many findings have one of their own that is equal. */
  readonly texts: Map<string, string>
  readonly groups: Map<string, CountedGroup>
  readonly controls: Map<string, ControlTally & { readonly remedies: Set<string> }>
  readonly missing: IdSet
  readonly stale: IdSet
}

const MAX_GROUPS = 100
const MAX_FINDINGS_PER_GROUP = 20

/** Begins to count findings, in some 60 bytes for each of the worst of a group. */
export function countFindings(): FindingsCount {
  const counted: Counted = {
    total: 0,
    texts: new Map(),
    groups: new Map(),
    controls: new Map(),
    missing: new IdSet(),
    stale: new IdSet(),
  }
  return {
    add: (finding) => count(counted, finding),
    isMissing: (key) => counted.missing.has(key),
    isStale: (key) => counted.stale.has(key),
    digest: (again) => digest(counted, again),
  }
}

async function digest({ groups, controls }: Counted, again: ReadAgain): Promise<FindingsDigest> {
  const ranked = [...groups].sort(([, one], [, other]) => compareGroups(one, other))
  const rest = ranked.slice(MAX_GROUPS)
  return {
    groups: await withWorst(again, ranked.slice(0, MAX_GROUPS)),
    elsewhere: { groups: rest.length, findings: rest.reduce((sum, [, { tally }]) => sum + tally.total, 0) },
    controls: [...controls.values()].sort(
      (one, other) => compareTallies(one.tally, other.tally) || compareTexts(one.control, other.control),
    ),
  }
}

/** One resource over all targets of an audit. */
export function resourceKey(service: string, resourceId: string): string {
  return `${service}/${resourceId}`
}

function count(counted: Counted, finding: Finding): void {
  const { groups, controls, missing, stale, texts } = counted
  const { control, service, resource_id, remedy, muted, severity, first_seen } = finding
  const group = entry(groups, groupKey(finding), () => groupOf(finding))
  tallyUp(group.tally, finding)
  const shared = (text: string) => entry(texts, text, () => text)
  group.worst.add({
    ordinal: counted.total,
    muted,
    severity,
    control: shared(control),
    first_seen: shared(first_seen),
  })
  counted.total += 1
  const ofControl = entry(controls, control, () => ({
    control,
    tally: emptyTally(),
    remedies: new Set<string>(),
  }))
  tallyUp(ofControl.tally, finding)
  ofControl.remedies.add(remedy)
  if (resource_id === null) return
  if (control === 'recovery-point-missing') missing.add(resourceKey(service, resource_id))
  if (control === 'recovery-point-stale') stale.add(resourceKey(service, resource_id))
}

async function withWorst(
  again: ReadAgain,
  chosen: readonly (readonly [string, CountedGroup])[],
): Promise<readonly Group[]> {
  const wanted = new Set(chosen.flatMap(([, { worst }]) => worst.list().map(({ ordinal }) => ordinal)))
  const shown = new Map<string, Finding[]>(chosen.map(([key]) => [key, []]))
  if (wanted.size > 0) for await (const finding of again(wanted)) shown.get(groupKey(finding))?.push(finding)
  return chosen.map(([key, { worst, ...group }]) => ({
    ...group,
    shown: (shown.get(key) ?? []).sort(compareRanks),
  }))
}

function groupOf(finding: Finding): CountedGroup {
  const { service, region, project_id, vault_id, vault_name, resource_id, resource_name } = finding
  const holder =
    service === 'dcs' ? { id: resource_id, name: resource_name } : { id: vault_id, name: vault_name }
  return {
    service,
    region,
    projectId: project_id,
    ...holder,
    tally: emptyTally(),
    worst: new Worst<Sighting>(MAX_FINDINGS_PER_GROUP, compareRanks),
  }
}

function groupKey({ service, region, project_id, vault_id, resource_id }: Finding): string {
  return JSON.stringify([service, region, project_id, service === 'dcs' ? resource_id : vault_id])
}

function compareGroups(one: Omit<Group, 'shown'>, other: Omit<Group, 'shown'>): number {
  return (
    compareTallies(one.tally, other.tally) ||
    compareTexts(one.service, other.service) ||
    compareTexts(one.region, other.region) ||
    compareTexts(one.id ?? '', other.id ?? '')
  )
}

function compareRanks(one: Rank, other: Rank): number {
  return (
    Number(one.muted) - Number(other.muted) ||
    compareSeverities(one.severity, other.severity) ||
    compareTexts(one.control, other.control) ||
    compareTexts(one.first_seen, other.first_seen)
  )
}

function entry<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const created = create()
  map.set(key, created)
  return created
}
