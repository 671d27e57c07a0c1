import { recoveryPointMissing } from '../../audit/controls/recovery-point-missing.ts'
import { recoveryPointStale } from '../../audit/controls/recovery-point-stale.ts'
import type { Summary } from '../../audit/record.ts'
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

/** Could we restore everything, right now? */
export function answer(summary: Summary, readiness: Readonly<Record<Readiness, number>>): Answer {
  const missing = summary.findings.by_control[recoveryPointMissing.id] ?? 0
  const also = caveats(summary, readiness)
  const lacking = `${missing} of ${resources(summary.resources)} ${has(missing)} no usable recovery point.`
  if (summary.verdict === 'incomplete')
    return {
      tone: 'unknown',
      headline: 'We do not know.',
      sentence: 'This audit is incomplete, because:',
      reasons: summary.incomplete_because,
      also: [
        missing > 0
          ? `What was read suffices to say: ${lacking}`
          : 'What was read shows no resource without a recovery point, which proves nothing of the rest.',
        ...also,
      ],
    }
  if (missing > 0) return { tone: 'no', headline: 'No.', sentence: lacking, reasons: [], also }
  if (readiness.unknown > 0)
    return {
      tone: 'unknown',
      headline: 'We do not know.',
      sentence: `Huawei Cloud did not say enough of ${readiness.unknown} of ${resources(summary.resources)}.`,
      reasons: [],
      also,
    }
  // What has no row: a vault that does not say what it holds, a backup that does not say what it is of.
  if ((summary.unknown.by_control[recoveryPointMissing.id] ?? 0) > 0)
    return {
      tone: 'unknown',
      headline: 'We do not know.',
      sentence: 'Huawei Cloud did not say of every vault what it holds, or of every backup what it is of.',
      reasons: [],
      also,
    }
  if (summary.resources === 0)
    return {
      tone: 'unknown',
      headline: 'There is nothing to restore.',
      sentence:
        summary.scope === null
          ? 'The targets of this audit hold not one protected resource. If that is a surprise, look at the targets below.'
          : 'What this audit was narrowed to holds not one protected resource.',
      reasons: [],
      also,
    }
  if (readiness.impossible === summary.resources)
    return {
      tone: 'no',
      headline: 'No.',
      sentence: 'No resource here can be backed up at all.',
      reasons: [],
      also,
    }
  return {
    tone: 'yes',
    headline: readiness.impossible === 0 ? 'Yes.' : 'Yes, all that can be backed up.',
    sentence: proved(summary.resources - readiness.impossible, readiness.impossible),
    reasons: [],
    also,
  }
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
