import type { Finding } from '../../audit/record.ts'
import { Worst } from '../../audit/worst.ts'
import { getOrCreate } from '../../get-or-create.ts'
import type { ReadAgain } from '../format.ts'
import { compareSeverities, compareTallies, compareTexts, emptyTally, type Tally, tallyUp } from './tally.ts'

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

/** The groups as far as the page shows them. */
export interface GroupsDigest {
  /** The worst groups, worst first. */
  readonly groups: readonly Group[]
  /** What is in no group of the page. */
  readonly elsewhere: { readonly groups: number; readonly findings: number }
}

/** The groups while findings pass by; those that are shown are read once more when it is known which groups are the worst. */
export interface GroupsCount {
  readonly add: (finding: Finding) => void
  readonly digest: (again: ReadAgain) => Promise<GroupsDigest>
}

type Rank = Pick<Finding, 'muted' | 'severity' | 'control' | 'first_seen'>

/** The place of a finding among all that passed by, and how bad it is. */
interface RankedOrdinal extends Rank {
  readonly ordinal: number
}

interface CountedGroup extends Omit<Group, 'shown'> {
  readonly worst: Worst<RankedOrdinal>
}

const MAX_GROUPS = 100
const MAX_FINDINGS_PER_GROUP = 20

/** Begins to group findings, in some 60 bytes for each of the worst of a group. */
export function groupFindings(): GroupsCount {
  const groups = new Map<string, CountedGroup>()
  // Each text once, however many findings have one of their own that is equal.
  const texts = new Map<string, string>()
  const shared = (text: string) => getOrCreate(texts, text, () => text)
  let total = 0
  return {
    add: (finding) => {
      const { muted, severity, control, first_seen } = finding
      const group = getOrCreate(groups, groupKey(finding), () => groupOf(finding))
      tallyUp(group.tally, finding)
      group.worst.add({
        ordinal: total,
        muted,
        severity,
        control: shared(control),
        first_seen: shared(first_seen),
      })
      total += 1
    },
    digest: async (again) => {
      const ranked = [...groups].sort(([, one], [, other]) => compareGroups(one, other))
      const rest = ranked.slice(MAX_GROUPS)
      return {
        groups: await withShown(again, ranked.slice(0, MAX_GROUPS)),
        elsewhere: {
          groups: rest.length,
          findings: rest.reduce((sum, [, { tally }]) => sum + tally.total, 0),
        },
      }
    },
  }
}

async function withShown(
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
    worst: new Worst<RankedOrdinal>(MAX_FINDINGS_PER_GROUP, compareRanks),
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
