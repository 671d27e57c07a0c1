import { CONTROLS } from '../audit/controls/index.ts'
import { defaultPolicy, type Policy, readPolicy } from '../audit/policy.ts'
import { readDocument } from '../runtime/document.ts'
import type { Services } from '../runtime/services.ts'

type PolicyServices = Pick<Services, 'config' | 'openStore' | 'nowMs'>

interface Reading {
  readonly atMs: number
  readonly asked: Promise<Policy>
}

/** A minute after it was changed a policy holds everywhere. */
const KEPT_MS = 60_000

const readings = new WeakMap<PolicyServices['config'], Reading>()

/** The policy of the configuration, read once a minute however many ask; a reading that failed is tried again by the next. */
export function policyOf(services: PolicyServices): Promise<Policy> {
  const { config, nowMs } = services
  const known = readings.get(config)
  if (known !== undefined && nowMs() - known.atMs < KEPT_MS) return known.asked
  const asked = readPolicyNow(services)
  readings.set(config, { atMs: nowMs(), asked })
  asked.catch(() => {
    if (readings.get(config)?.asked === asked) readings.delete(config)
  })
  return asked
}

/** The policy of the configuration as it is now; throws a Fault `invalid_configuration` that names every mistake in it. */
export async function readPolicyNow(services: Pick<Services, 'config' | 'openStore'>): Promise<Policy> {
  const { policyAddress } = services.config
  if (policyAddress === undefined) return defaultPolicy
  const { value, mistakes } = await readDocument(services, policyAddress)
  return readPolicy(value, CONTROLS, mistakes)
}
