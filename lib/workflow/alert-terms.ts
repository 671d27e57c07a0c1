import * as z from 'zod/mini'
import { ALERT_POLICY } from '../audit/alert-policy.ts'
import { CONTROLS } from '../audit/controls/index.ts'
import { readPolicy } from '../audit/policy.ts'
import type { AlertTerms } from '../runtime/checkpoint-inbox.ts'
import { readDocument } from '../runtime/document.ts'
import type { Services } from '../runtime/services.ts'

/** What the policy says of checkpoints that alerts ask for; throws where it cannot be read, for then nothing may be started. */
export async function readAlertTerms(services: Pick<Services, 'config' | 'openStore'>): Promise<AlertTerms> {
  const { policyAddress } = services.config
  const policy =
    policyAddress === undefined
      ? undefined
      : readPolicy(await readDocument(services, policyAddress), CONTROLS)
  const { limits, unknown } = policy?.alerts ?? z.parse(ALERT_POLICY, {})
  return {
    limits: { perVaultPerDay: limits.per_vault_per_day, minInterval: limits.min_interval },
    settling: { after: unknown.settle, ifUnseen: unknown.if_unseen },
  }
}
