import * as z from 'zod/mini'
import { ALERT_POLICY } from '../audit/alert-policy.ts'
import type { AlertTerms } from '../runtime/checkpoint-inbox.ts'
import type { Services } from '../runtime/services.ts'
import { policyOf } from './held-policy.ts'

/** What the policy says of checkpoints that alerts ask for; throws where it cannot be read, for then nothing may be started. */
export async function readAlertTerms(
  services: Pick<Services, 'config' | 'openStore' | 'nowMs'>,
): Promise<AlertTerms> {
  const { alerts } = await policyOf(services)
  const { limits, unknown } = alerts ?? z.parse(ALERT_POLICY, {})
  return {
    limits: { perVaultPerDay: limits.per_vault_per_day, minInterval: limits.min_interval },
    settling: { after: unknown.settle, ifUnseen: unknown.if_unseen },
  }
}
