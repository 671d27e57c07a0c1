import * as z from 'zod/mini'
import { auditRequest, checkpointRequest } from '../alert-request.ts'
import { ALERT_SOURCES } from '../alert-source.ts'
import { readAlertTopic, TOPIC_FORMS } from '../alert-topic.ts'
import { strict } from '../strict.ts'
import { DURATION, TEXT } from './policy-values.ts'

const TOPIC = z
  .string({ error: TOPIC_FORMS })
  .check(z.refine((topic) => readAlertTopic(topic) !== undefined, { error: TOPIC_FORMS }))

const RULE = strict({
  source: z.enum(ALERT_SOURCES, { error: `one of ${ALERT_SOURCES.join(', ')}` }),
  match: z.record(z.string(), TEXT, { error: 'an object of fields and the patterns they must match' }),
  checkpoint: z.optional(checkpointRequest),
  audit: z.optional(auditRequest),
}).check(
  z.refine((rule) => (rule.checkpoint === undefined) !== (rule.audit === undefined), {
    error: 'either checkpoint or audit, and not both',
    when: ({ value }) => typeof value === 'object' && value !== null,
  }),
)

const LIMITS = strict({
  per_vault_per_day: z.prefault(
    z.number({ error: 'a whole number from 1 to 1000' }).check(
      z.refine((count) => Number.isInteger(count) && count >= 1 && count <= 1000, {
        error: 'a whole number from 1 to 1000',
      }),
    ),
    6,
  ),
  min_interval: z.prefault(DURATION, '1h'),
})

/** What to do about a checkpoint of which nothing was heard: how long to look for it, and what then. */
const UNKNOWN = strict({
  settle: z.prefault(DURATION, '15m'),
  if_unseen: z.prefault(z.enum(['hold', 'repeat'], { error: 'hold or repeat' }), 'hold'),
})

/** What alerts may start: which SMN and SNS topics are heard, which alert starts what, and how often at most. */
export const ALERT_POLICY = strict({
  topics: z.prefault(z.array(TOPIC, { error: 'a list of topics' }), []),
  rules: z.prefault(z.array(RULE, { error: 'a list of rules' }), []),
  limits: z.prefault(LIMITS, {}),
  unknown: z.prefault(UNKNOWN, {}),
})

/** The part of a policy that governs alerts, in the policy's own spelling. */
export type AlertPolicy = z.infer<typeof ALERT_POLICY>
