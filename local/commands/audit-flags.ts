import { SEVERITIES, type Severity } from '../../lib/audit/control.ts'
import { SERVICES, type Service } from '../../lib/backup.ts'
import { Fault, type Mistake } from '../../lib/errors.ts'
import { parseTime } from '../../lib/parse-time.ts'
import { isAuditId } from '../../lib/report/audit-id.ts'
import { type Config, type ConfigFlags, gatherConfig, policyPointer } from '../../lib/runtime/config.ts'
import type { Environment } from '../../lib/runtime/environment.ts'
import { requireEndpoints } from '../../lib/runtime/missing-endpoints.ts'
import { formatTime, type Instant } from '../../lib/time.ts'
import { mistakeInZonedTime } from '../../lib/zoned-time.ts'
import { type Flags, type FlagValues, readFlags } from '../flags.ts'
import { checkPolicy } from './check-policy.ts'
import { checkPrevious } from './check-previous.ts'

export const AUDIT_FLAGS = {
  target: {
    takes: 'values',
    value: 'REGION[:PROJECT]',
    says: 'What to audit, such as cn-north-4 (every project of it) or cn-north-4:PROJECT_ID; may be repeated; replaces AUDIT_TARGETS.',
  },
  service: { takes: 'value', value: 'cbr,dcs', says: 'Which services to audit; both unless told.' },
  store: {
    takes: 'value',
    value: 'URL',
    says: 'Where the report goes: file:reports (the default) or s3://bucket/prefix.',
  },
  policy: {
    takes: 'value',
    value: 'FILE',
    says: 'The policy: thresholds and mutes, as JSON; a path or a store URL.',
  },
  'as-of': {
    takes: 'value',
    value: 'TIME',
    says: 'Judge as of that moment, such as 2026-11-20T06:00:00Z; now unless told.',
  },
  previous: {
    takes: 'value',
    value: 'AUDIT_ID|none',
    says: 'Compare with that audit; the newest complete one before unless told.',
  },
  'fail-on': {
    takes: 'value',
    value: SEVERITIES.join('|'),
    says: 'Exit with 3 where an unmuted finding is that severe or worse.',
  },
  json: { takes: 'nothing', says: 'Print the summary as one JSON object on stdout, and nothing else.' },
  quiet: { takes: 'nothing', says: 'Nothing on stderr but errors.' },
  help: { takes: 'nothing', says: 'This text.' },
} as const satisfies Flags

/** What a command line and an environment ask of an audit. */
export interface AuditWish {
  readonly config: Config
  /** What of the configuration the command line said. */
  readonly configFlags: ConfigFlags
  readonly services: readonly Service[]
  readonly asOf: Instant | undefined
  readonly previous: string | undefined
  readonly failOn: Severity | undefined
  readonly json: boolean
  readonly quiet: boolean
  readonly help: boolean
}

/** Reads flags, environment, policy and store together, so that all mistakes of them are named at once in one Fault. */
export async function readAuditWish(
  argv: readonly string[],
  environment: Environment,
  now: Instant,
): Promise<AuditWish> {
  const { values, mistakes: flagMistakes } = readFlags(argv, AUDIT_FLAGS, environment)
  const mistakes: Mistake[] = [...flagMistakes]
  const help = values.has('help')
  const configFlags = toConfigFlags(values)
  const wish = {
    services: readServices(values, mistakes),
    asOf: readAsOf(values, now, mistakes),
    previous: readPrevious(values, mistakes),
    failOn: readFailOn(values, mistakes),
    json: values.has('json'),
    quiet: values.has('quiet'),
    help,
    config: gatherConfig(environment, configFlags, mistakes),
    configFlags,
  }
  // Whoever asks for help gets it, whatever else is wrong.
  if (help) return wish
  requireEndpoints(wish.config, wish.services, mistakes, (only) => `--service ${only.join(',')}`)
  await checkPolicy(wish.config.policyAddress, policyPointer(configFlags), mistakes)
  await checkPrevious(wish.config, wish.previous, mistakes)
  if (mistakes.length > 0) throw new Fault('invalid_configuration', 'Cannot start the audit', { mistakes })
  return wish
}

function toConfigFlags(values: FlagValues): ConfigFlags {
  const [store, policy] = [values.one('store'), values.one('policy')]
  return {
    targets: values.all('target'),
    ...(store === undefined ? {} : { store }),
    ...(policy === undefined ? {} : { policy }),
  }
}

function readPrevious(values: FlagValues, mistakes: Mistake[]): string | undefined {
  const text = values.one('previous')
  if (text === undefined || isAuditId(text)) return text
  mistakes.push({
    pointer: '--previous',
    detail: `has ${JSON.stringify(text)}, which is no name of an audit; write one such as 20261121T064500.123Z-3f9a1c2b, or none`,
  })
  return undefined
}

function readServices(values: FlagValues, mistakes: Mistake[]): readonly Service[] {
  const words = values.one('service')?.split(',') ?? SERVICES
  for (const word of words.filter((word) => !isOneOf(SERVICES, word))) {
    mistakes.push({
      pointer: '--service',
      detail: `has ${JSON.stringify(word)}; allowed are ${SERVICES.join(' and ')}`,
    })
  }
  return SERVICES.filter((service) => words.includes(service))
}

function readAsOf(values: FlagValues, now: Instant, mistakes: Mistake[]): Instant | undefined {
  const text = values.one('as-of')
  if (text === undefined) return undefined
  const asOf = parseTime(text)
  const found = `has ${JSON.stringify(text)}`
  const mistake = mistakeInZonedTime(text)
  if (mistake !== undefined) {
    mistakes.push({
      pointer: '--as-of',
      detail: `${found}, and ${mistake}; write one such as ${formatTime(now)}`,
    })
  } else if (asOf !== undefined && asOf > now) {
    mistakes.push({
      pointer: '--as-of',
      detail: `${found}, which is in the future; now is ${formatTime(now)}`,
    })
  }
  return asOf
}

function readFailOn(values: FlagValues, mistakes: Mistake[]): Severity | undefined {
  const word = values.one('fail-on')
  if (word === undefined || isOneOf(SEVERITIES, word)) return word
  mistakes.push({
    pointer: '--fail-on',
    detail: `has ${JSON.stringify(word)}; allowed are ${SEVERITIES.join(', ')}`,
  })
  return undefined
}

function isOneOf<const Word extends string>(words: readonly Word[], word: string): word is Word {
  return words.some((allowed) => allowed === word)
}
