import * as z from 'zod/mini'
import { SERVICES } from '../backup.ts'
import { Fault, type Mistake } from '../errors.ts'
import { nearest } from '../nearest.ts'
import { strict, toMistakes } from '../strict.ts'
import type { Duration, Instant } from '../time.ts'
import { ALERT_POLICY, type AlertPolicy } from './alert-policy.ts'
import { DURATION, TEXT, TIME } from './policy-values.ts'

const REQUIRED = ['all', 'auto', 'none'] as const

/** What a policy needs to know of a control; all of it would be an import circle. */
type Named = { readonly id: string }

/** The columns of a finding that a mute may name. */
const muteColumns = (controls: readonly Named[]) => ({
  finding_id: z.optional(TEXT),
  control: z.optional(oneOfControls(controls.map(({ id }) => id))),
  service: z.optional(z.enum(SERVICES, { error: `one of ${SERVICES.join(', ')}` })),
  region: z.optional(TEXT),
  project_id: z.optional(TEXT),
  vault_id: z.optional(TEXT),
  resource_id: z.optional(TEXT),
  backup_id: z.optional(TEXT),
})

/** A mute of a control that does not exist would silence nothing, and nobody would know. */
function oneOfControls(ids: readonly string[]) {
  const allowed = `one of ${ids.join(', ')}`
  return z.string({ error: allowed }).check(
    z.refine((id) => ids.includes(id), {
      error: ({ input }) => {
        const meant = nearest(String(input), ids)
        return meant === undefined ? allowed : `${allowed}; did you mean ${meant}?`
      },
    }),
  )
}

function muteSchema(controls: readonly Named[]) {
  const columns = muteColumns(controls)
  const names = Object.keys(columns)
  return strict({ ...columns, owner: TEXT, reason: TEXT, until: TIME }).check(
    z.refine((mute) => Object.keys(mute).some((key) => names.includes(key)), {
      error: `a mute that names at least one of ${names.join(', ')}`,
      when: ({ value }) => typeof value === 'object' && value !== null,
    }),
  )
}

const documentSchema = (controls: readonly Named[]) =>
  strict({
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
    mutes: z.prefault(z.array(muteSchema(controls), { error: 'a list of mutes' }), []),
    alerts: z.optional(ALERT_POLICY),
  })

/** Which findings somebody has taken responsibility for, why, and until when. All the columns of `match` must agree. */
export interface Mute {
  readonly match: { readonly [Column in keyof ReturnType<typeof muteColumns>]?: string | undefined }
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

/**
 * Reads a policy document and fills in the defaults; throws one `invalid_configuration` that names every mistake, those
 * that were found before in how it is written among them.
 */
export function readPolicy(
  document: unknown,
  controls: readonly Named[],
  written: readonly Mistake[] = [],
): Policy {
  const reading = z.safeParse(documentSchema(controls), document)
  if (!reading.success) throw unusable([...written, ...toMistakes(reading.error, document)])
  if (written.length > 0) throw unusable(written)
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

function unusable(mistakes: readonly Mistake[]): Fault {
  return new Fault('invalid_configuration', 'Cannot use the policy', { mistakes })
}

/** What holds where nobody said otherwise. */
export const defaultPolicy: Policy = readPolicy({}, [])
