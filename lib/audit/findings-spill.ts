import type { Audit } from './audit.ts'

/** Writes a run of findings that are too many to be held: the JSON of each, sorted. `mergeFindings` joins the runs again. */
export type WriteRun = (lines: Iterable<string>) => Promise<void>

/** Findings held before any are spilled, some 8 MB: most audits have fewer, and write none twice. */
const MANY = 8000
/** Held once some were spilled, as the rest will be too. What is found while others are written comes on top. */
const FEW = 4000
/** So many times as many are held that whoever finds more waits. */
const TOO_MANY = 1.5

/** Writes findings to the store where too many are held, as an external merge sort does, while others are found: pages that wait take more memory. */
export class FindingsSpill {
  readonly #audit: Audit
  readonly #writeRun: WriteRun
  #wasNeeded = false
  #isUnderWay = false
  #underWay: Promise<void> = Promise.resolve()

  constructor(audit: Audit, writeRun: WriteRun) {
    this.#audit = audit
    this.#writeRun = writeRun
  }

  /** Whether more is held than should be. */
  get isNeeded(): boolean {
    return this.#audit.findings() > this.#most
  }

  get #most(): number {
    return this.#wasNeeded ? FEW : MANY
  }

  /** Begins to write what is held, once the run before is written; throws where that failed. Waits for it only where too many are held. */
  async begin(): Promise<void> {
    if (this.#isUnderWay && this.#audit.findings() <= TOO_MANY * this.#most) return
    await this.#underWay
    // Another worker may have begun meanwhile.
    if (!this.isNeeded) return
    this.#wasNeeded = true
    this.#underWay = this.#run()
    // Told to whoever waits for it next.
    this.#underWay.catch(() => {})
  }

  /** Spills the rest too where anything was: nothing is to be gained from holding it while the report is written. */
  async end(): Promise<void> {
    await this.#underWay
    if (this.#wasNeeded && this.#audit.findings() > 0) await this.#run()
  }

  /** Resolves when no run is being written any more, whatever came of it. */
  async settled(): Promise<void> {
    await this.#underWay.catch(() => {})
  }

  async #run(): Promise<void> {
    const { lines, release } = this.#audit.takeFindings()
    this.#isUnderWay = true
    try {
      await this.#writeRun(lines)
    } finally {
      this.#isUnderWay = false
    }
    release()
  }
}
