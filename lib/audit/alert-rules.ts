import type { AlertSource } from '../alert-source.ts'
import { fitsGlob } from '../glob.ts'
import type { AlertPolicy } from './alert-policy.ts'

/** What an alert starts, in the policy's own spelling. */
export type AlertAction =
  | {
      readonly kind: 'checkpoint'
      readonly request: NonNullable<AlertPolicy['rules'][number]['checkpoint']>
    }
  | { readonly kind: 'audit'; readonly request: NonNullable<AlertPolicy['rules'][number]['audit']> }

/** What a policy lets an alarm of this source start: one action for each rule whose patterns all fit, none twice. */
export function actionsFor(
  { rules }: Pick<AlertPolicy, 'rules'>,
  source: AlertSource,
  fields: Readonly<Record<string, string>>,
): readonly AlertAction[] {
  const actions = rules
    .filter((rule) => rule.source === source && fits(rule.match, fields))
    .flatMap(toActions)
  return [...new Map(actions.map((action) => [JSON.stringify(action), action])).values()]
}

function fits(match: Readonly<Record<string, string>>, fields: Readonly<Record<string, string>>): boolean {
  return Object.entries(match).every(([name, pattern]) => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined
    return value !== undefined && fitsGlob(value, pattern)
  })
}

function toActions({ checkpoint, audit }: AlertPolicy['rules'][number]): readonly AlertAction[] {
  return [
    ...(checkpoint === undefined ? [] : [{ kind: 'checkpoint', request: checkpoint } as const]),
    ...(audit === undefined ? [] : [{ kind: 'audit', request: audit } as const]),
  ]
}
