import { recoveryPointStale } from '../../audit/controls/recovery-point-stale.ts'
import type { Summary } from '../../audit/record.ts'
import { type Restorability, restorabilityOf } from '../../audit/restorability.ts'
import type { Readiness } from './digest-resources.ts'

/** The answer to the one question of the page, in words that claim no more than was proved. */
export interface Answer {
  readonly tone: 'yes' | 'no' | 'unknown'
  readonly headline: string
  readonly sentence: string
  /** Why we do not know; empty where we do. */
  readonly reasons: readonly string[]
  /** What must be said beside it. */
  readonly also: readonly string[]
}

type Words = Pick<Answer, 'tone' | 'headline' | 'sentence'>

/** Could we restore everything, right now? */
export function answer(summary: Summary, readiness: Readonly<Record<Readiness, number>>): Answer {
  const found = restorabilityOf(summary, readiness)
  const also = caveats(summary, readiness)
  const words = wordsFor(found, summary)
  if (found.kind !== 'incomplete') return { ...words, reasons: [], also }
  return {
    ...words,
    reasons: summary.incomplete_because,
    also: [whatWasRead(found.missing, summary), ...also],
  }
}

function wordsFor(found: Restorability, summary: Summary): Words {
  switch (found.kind) {
    case 'incomplete':
      return unknown('This audit is incomplete, because:')
    case 'lacking':
      return no(lacking(found.missing, summary))
    case 'unknown':
      return unknown(whatWasNotSaid(found.resources, summary))
    case 'empty':
      return { tone: 'unknown', headline: 'There is nothing to restore.', sentence: nothingIn(summary) }
    case 'impossible':
      return no('No resource here can be backed up at all.')
    case 'yes':
      return {
        tone: 'yes',
        headline: found.impossible === 0 ? 'Yes.' : 'Yes, all that can be backed up.',
        sentence: proved(found.able, found.impossible),
      }
  }
}

function unknown(sentence: string): Words {
  return { tone: 'unknown', headline: 'We do not know.', sentence }
}

function no(sentence: string): Words {
  return { tone: 'no', headline: 'No.', sentence }
}

function lacking(missing: number, summary: Summary): string {
  return `${missing} of ${resources(summary.resources)} ${has(missing)} no usable recovery point.`
}

function whatWasRead(missing: number, summary: Summary): string {
  return missing > 0
    ? `What was read suffices to say: ${lacking(missing, summary)}`
    : 'What was read shows no resource without a recovery point, which proves nothing of the rest.'
}

/** What has no row: a vault that does not say what it holds, a backup that does not say what it is of. */
function whatWasNotSaid(ofResources: number, summary: Summary): string {
  return ofResources > 0
    ? `Huawei Cloud did not say enough of ${ofResources} of ${resources(summary.resources)}.`
    : 'Huawei Cloud did not say of every vault what it holds, or of every backup what it is of.'
}

function nothingIn({ scope }: Summary): string {
  return scope === null
    ? 'The targets of this audit hold not one protected resource. If that is a surprise, look at the targets below.'
    : 'What this audit was narrowed to holds not one protected resource.'
}

function proved(able: number, impossible: number): string {
  if (able === 1) return 'The one resource that can be backed up has a usable recovery point.'
  const all =
    impossible === 0 ? `All ${able} resources have` : `All ${able} resources that can be backed up have`
  return `${all} a usable recovery point.`
}

function caveats(summary: Summary, readiness: Readonly<Record<Readiness, number>>): readonly string[] {
  const stale = summary.findings.by_control[recoveryPointStale.id] ?? 0
  const { impossible, unknown } = readiness
  return [
    stale > 0 && `${resources(stale)} could be restored only to a point older than the policy allows.`,
    impossible > 0 &&
      `${resources(impossible)} cannot be backed up at all, and ${has(impossible)} no recovery point.`,
    unknown > 0 && `Of ${resources(unknown)} it is unknown whether there is a recovery point.`,
  ].filter((caveat) => caveat !== false)
}

function resources(count: number): string {
  return count === 1 ? '1 resource' : `${count} resources`
}

function has(count: number): string {
  return count === 1 ? 'has' : 'have'
}
