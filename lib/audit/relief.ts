import type { Audit } from './audit.ts'

/** Where findings go that are too many to be held; each call brings the JSON of sorted ones, to be joined by `mergeFindings`. */
export type SetAside = (lines: Iterable<string>) => Promise<void>

/** Findings held before any are set aside, some 8 MB: most audits have fewer, and write none twice. */
const MANY = 8000
/** Held once some were set aside, as the rest will be too. What is found while others are being set aside comes on top. */
const FEW = 4000
/** So many times as many are held that whoever finds more waits. */
const TOO_MANY = 1.5

/** Sets findings aside where they are too many, while others are found: the pages that would wait for that take more memory than findings do. */
export class Relief {
  readonly #audit: Audit
  readonly #setAside: SetAside
  #wasNeeded = false
  #isUnderWay = false
  #underWay: Promise<void> = Promise.resolve()

  constructor(audit: Audit, setAside: SetAside) {
    this.#audit = audit
    this.#setAside = setAside
  }

  /** Whether more is held than should be. */
  get isNeeded(): boolean {
    return this.#audit.findings() > this.#most
  }

  get #most(): number {
    return this.#wasNeeded ? FEW : MANY
  }

  /** Begins to set aside what is held, once what was held before has been; throws where that failed. Waits for it only where too many are held. */
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

  /** Sets the rest aside too where anything was: nothing is to be gained from holding it while the report is written. */
  async end(): Promise<void> {
    await this.#underWay
    if (this.#wasNeeded && this.#audit.findings() > 0) await this.#run()
  }

  /** Resolves when nothing is being set aside any more, whatever came of it. */
  async settled(): Promise<void> {
    await this.#underWay.catch(() => {})
  }

  async #run(): Promise<void> {
    const { lines, release } = this.#audit.takeFindings()
    this.#isUnderWay = true
    try {
      await this.#setAside(lines)
    } finally {
      this.#isUnderWay = false
    }
    release()
  }
}
