import { Fault, type Mistake } from '../lib/errors.ts'
import { type Config, type ConfigFlags, readConfig } from '../lib/runtime/config.ts'
import type { Environment } from '../lib/runtime/environment.ts'

/** Reads the configuration and adds its mistakes to those of the flags instead of throwing them; undefined where there were any. */
export function gatherConfig(
  mistakes: Mistake[],
  environment: Environment,
  flags: ConfigFlags,
): Config | undefined {
  try {
    return readConfig(environment, flags)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    mistakes.push(...error.mistakes)
    return undefined
  }
}
