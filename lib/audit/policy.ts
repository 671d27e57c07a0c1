import * as z from 'zod/mini'
import { SERVICES } from '../backup.ts'
import { Fault } from '../errors.ts'
import { strict, toMistakes } from '../strict.ts'
import type { Duration, Instant } from '../time.ts'
import { ALERT_POLICY, type AlertPolicy } from './alert-policy.ts'
import { DURATION, TEXT, TIME } from './policy-values.ts'

const REQUIRED = ['all', 'auto', 'none'] as const

/** The columns of a finding that a mute may name. */
const MUTE_COLUMNS = {
  finding_id: z.optional(TEXT),
  control: z.optional(TEXT),
  service: z.optional(z.enum(SERVICES, { error: `one of ${SERVICES.join(', ')}` })),
  region: z.optional(TEXT),
  project_id: z.optional(TEXT),
  vault_id: z.optional(TEXT),
  resource_id: z.optional(TEXT),
  backup_id: z.optional(TEXT),
}
const COLUMNS = Object.keys(MUTE_COLUMNS)

const MUTE = strict({ ...MUTE_COLUMNS, owner: TEXT, reason: TEXT, until: TIME }).check(
  z.refine((mute) => Object.keys(mute).some((key) => COLUMNS.includes(key)), {
    error: `a mute that names at least one of ${COLUMNS.join(', ')}`,
    when: ({ value }) => typeof value === 'object' && value !== null,
  }),
)

const DOCUMENT = strict({
  expired: z.prefault(strict({ grace: z.prefault(DURATION, '0h') }), {}),
  replication: z.prefault(
    strict({
      grace: z.prefault(DURATION, '24h'),
      required: z.prefault(z.enum(REQUIRED, { error: `one of ${REQUIRED.join(', ')}` }), 'all'),
    }),
    {},
  ),
  stuck: z.prefault(strict({ after: z.prefault(DURATION, '6h') }), {}),
  recovery_point: z.prefault(strict({ max_age: z.prefault(DURATION, '26h') }), {}),
  mutes: z.prefault(z.array(MUTE, { error: 'a list of mutes' }), []),
  alerts: z.optional(ALERT_POLICY),
})

/** Which findings somebody has taken responsibility for, why, and until when. All the columns of `match` must agree. */
export interface Mute {
  readonly match: { readonly [Column in keyof typeof MUTE_COLUMNS]?: string | undefined }
  readonly owner: string
  readonly reason: string
  readonly until: Instant
}

/** The thresholds of an audit, every default filled in. */
export interface Policy {
  readonly expired: { readonly grace: Duration }
  readonly replication: { readonly grace: Duration; readonly required: (typeof REQUIRED)[number] }
  readonly stuck: { readonly after: Duration }
  readonly recoveryPoint: { readonly maxAge: Duration }
  readonly mutes: readonly Mute[]
  readonly alerts: AlertPolicy | undefined
}

/** Reads a policy document and fills in the defaults; throws one `invalid_configuration` that names every mistake. */
export function readPolicy(document: unknown): Policy {
  const reading = z.safeParse(DOCUMENT, document)
  if (!reading.success) throw faultOf(reading.error, document)
  const { expired, replication, stuck, recovery_point, mutes, alerts } = reading.data
  return {
    expired,
    replication,
    stuck,
    recoveryPoint: { maxAge: recovery_point.max_age },
    mutes: mutes.map(({ owner, reason, until, ...match }) => ({ match, owner, reason, until })),
    alerts,
  }
}

/** What holds where nobody said otherwise. */
export const defaultPolicy: Policy = readPolicy({})

function faultOf(error: z.core.$ZodError, document: unknown): Fault {
  const mistakes = toMistakes(error, document)
  const list = mistakes.map(({ pointer, detail }) => `${pointer || 'the document'}: ${detail}`)
  return new Fault('invalid_configuration', `Cannot use the policy: ${list.join('; ')}`, { mistakes })
}
