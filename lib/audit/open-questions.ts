import type { Target } from '../backup.ts'
import type { IdSet } from '../id-set.ts'
import type { EarlierFinding } from './delta.ts'
import { fingerprint, seedOf } from './fingerprint.ts'
import type { Part } from './part.ts'

/** What is known to have an answer, whatever is open beside it. */
export interface Answered {
  /** Ids of findings of resources that were judged, whether they were made or not. */
  readonly judged: Pick<IdSet, 'has'>
  /** Children that are listed themselves, and judged as such. */
  readonly isListed: (child: Target, id: string) => boolean
}

/**
 * Says of earlier findings whether their control has an open question about what they were about: the backup, the one that holds it, or the
 * vault that should tell of the resource.
 */
export function openQuestions(
  { questions, childQuestions }: Pick<Part, 'questions' | 'childQuestions'>,
  { judged, isListed }: Answered,
): (earlier: EarlierFinding) => boolean {
  return ({ finding_id, control, backup_id, parent_backup_id, vault_id, ...place }) => {
    if (judged.has(finding_id)) return false
    const { service, region, project_id: projectId } = place
    const seed = seedOf({ service, region, projectId })
    const own = questions.filter((question) => question.control === control)
    const isOpen = [backup_id, parent_backup_id, vault_id].some((id) => {
      if (id === null) return false
      const print = fingerprint(seed, id)
      return own.some(({ prints }) => isAmong(prints, print))
    })
    return (
      isOpen ||
      childQuestions.some(
        (child) =>
          child.control === control &&
          child.backupId === backup_id &&
          child.region === region &&
          child.projectId === projectId &&
          !isListed(child, child.backupId),
      )
    )
  }
}

/** Whether a number is among others that are sorted. */
function isAmong(sorted: readonly number[], number: number): boolean {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((sorted[middle] ?? number) < number) from = middle + 1
    else to = middle
  }
  return sorted[from] === number
}
