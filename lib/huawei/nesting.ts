import { Fault } from '../errors.ts'

/** Far more than any answer of Huawei has; writing JSON takes stack for every level, and ends the process where there is none left. */
const MOST_LEVELS = 64

/** Throws a Fault where a value of a peer lies too deep to be written down; asked only of what is going to be. */
export function refuseDeep(value: unknown): void {
  if (isTooDeep(value))
    throw new Fault(
      'upstream_unavailable',
      `Cannot use what Huawei answered: it is nested more than ${MOST_LEVELS} levels deep. Check the endpoint and any proxy in between`,
    )
}

/** Whether a value of a peer lies too deep to be written down. */
export function isTooDeep(value: unknown): boolean {
  return isDeeper(value, MOST_LEVELS)
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1))
}
