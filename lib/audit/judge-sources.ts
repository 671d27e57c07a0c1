import type { ScanOutcome, ScanProgress, Source } from '../scan.ts'
import { type AuditTerms, createAudit } from './audit.ts'
import { mergeParts, type Part } from './part.ts'

/** What is told while sources are read. */
export interface JudgeHooks {
  readonly onProgress: (progress: ScanProgress) => void
  readonly onScanned: (outcome: ScanOutcome) => void
}

/** What all sources together came to; outcomes in the order of the sources. */
export interface Judged {
  readonly part: Part
  readonly outcomes: readonly ScanOutcome[]
}

/** Targets read at the same time; each has calls of its own under way. */
const TARGETS_AT_ONCE = 4

/** Reads every source to its end and judges each observation as it passes by. */
export async function judgeSources(
  sources: readonly Source[],
  terms: AuditTerms,
  hooks: JudgeHooks,
): Promise<Judged> {
  const results: { part: Part; outcome: ScanOutcome }[] = []
  const queue = sources.entries()
  const work = async () => {
    for (const [index, source] of queue) results[index] = await judgeSource(source, terms, hooks)
  }
  await Promise.all(Array.from({ length: TARGETS_AT_ONCE }, work))
  return {
    part: mergeParts(results.map(({ part }) => part)),
    outcomes: results.map(({ outcome }) => outcome),
  }
}

async function judgeSource(source: Source, terms: AuditTerms, { onProgress, onScanned }: JudgeHooks) {
  const audit = createAudit(terms)
  const scan = source.scan(terms.asOf, onProgress)
  for await (const observations of scan) audit.observe(observations)
  const outcome = scan.outcome()
  onScanned(outcome)
  return { part: audit.part(), outcome }
}
