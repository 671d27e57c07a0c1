import type { Flags } from '../../local/flags.ts'
import type { FlagReader } from './flag-reader.ts'

/** A part of the bench that can be run by itself. */
export interface Section {
  readonly name: string
  /** What it measures, for the help. */
  readonly says: string
  /** How long it takes on a quiet machine as it comes, and with `--all` where that differs. */
  readonly minutes: number
  readonly minutesOfAll?: number
  readonly flags: Flags
  /** Reads its flags, so that all mistakes are known before anything runs; returns the run, which prints Markdown. */
  readonly prepare: (flags: FlagReader) => () => Promise<void>
}
