import type { ScanOutcome, ScanProgress, Source } from '../scan.ts'
import { type AuditTerms, createAudit } from './audit.ts'
import { FindingsSpill, type WriteRun } from './findings-spill.ts'
import type { Part } from './part.ts'

/** What is told while sources are read. */
export interface JudgeHooks {
  readonly onProgress: (progress: ScanProgress) => void
  readonly onScanned: (outcome: ScanOutcome) => void
}

/** What all sources together came to; outcomes in the order of the sources. */
export interface Gathered {
  /** Without findings where any were spilled. */
  readonly part: Part
  readonly outcomes: readonly ScanOutcome[]
}

/** Targets read at the same time; each has calls of its own under way. */
const TARGETS_AT_ONCE = 4

/** Reads every source to its end and judges each observation as it passes by. */
export async function judgeSources(
  sources: readonly Source[],
  terms: AuditTerms,
  { onProgress, onScanned }: JudgeHooks,
  writeRun: WriteRun,
): Promise<Gathered> {
  // One audit for all: parts of single targets would have to be held, and merged, beside each other.
  const audit = createAudit(terms)
  const spill = new FindingsSpill(audit, writeRun)
  const outcomes: ScanOutcome[] = []
  const queue = sources.entries()
  let isGivenUp = false
  const work = async () => {
    for (const [index, source] of queue) {
      const scan = source.scan(terms.asOf, onProgress)
      for await (const observations of scan) {
        if (isGivenUp) return
        audit.observe(observations)
        if (spill.isNeeded) await spill.begin()
      }
      outcomes[index] = scan.outcome()
      onScanned(scan.outcome())
    }
  }
  const workers = Array.from({ length: TARGETS_AT_ONCE }, () =>
    work().catch((error: unknown) => {
      isGivenUp = true
      throw error
    }),
  )
  // Whoever comes next must not meet a worker that is still reading or writing.
  await Promise.allSettled(workers)
  await spill.settled()
  await Promise.all(workers)
  await spill.end()
  return { part: audit.part(), outcomes }
}
