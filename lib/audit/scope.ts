import type { Service } from '../backup.ts'
import { keyOf } from '../key-of.ts'

/** What an audit was narrowed to, as `summary.json` says it: what belongs to any one of these; at least one is named. */
export interface Scope {
  readonly vault_id: string | null
  readonly resource_id: string | null
  /** A DCS instance. */
  readonly instance_id: string | null
}

/** By what a scope may name something. */
export const SCOPE_KEYS = ['vault_id', 'resource_id', 'instance_id'] as const satisfies (keyof Scope)[]
export type ScopeKey = (typeof SCOPE_KEYS)[number]

/** Where something belongs, as far as a scope can ask. */
export interface Belonging {
  readonly service: Service
  readonly vaultId: string | null | undefined
  readonly resourceId: string | null | undefined
}

const BELONGS = {
  vault_id: ({ vaultId }, id) => isSame(vaultId, id),
  resource_id: ({ resourceId }, id) => isSame(resourceId, id),
  instance_id: ({ service, resourceId }, id) => service === 'dcs' && isSame(resourceId, id),
} as const satisfies Record<ScopeKey, (thing: Belonging, id: string) => boolean>

/** Huawei writes ids in lower case, and people as they like. */
function isSame(known: string | null | undefined, asked: string): boolean {
  return known === asked || (known != null && keyOf(known) === keyOf(asked))
}

const NOUNS = { vault_id: 'vault', resource_id: 'resource', instance_id: 'DCS instance' } as const

/** What it is in a scope that something belongs to; nothing where it lies outside. */
export function keysCovering(scope: Scope, thing: Belonging): readonly ScopeKey[] {
  return SCOPE_KEYS.filter((key) => {
    const id = scope[key]
    return id !== null && BELONGS[key](thing, id)
  })
}

/** Whether something is to be reported; without a scope everything is. */
export function covers(scope: Scope | null | undefined, thing: Belonging): boolean {
  return scope === null || scope === undefined || keysCovering(scope, thing).length > 0
}

/** Whether a finding lies in a scope. */
export function coversFinding(
  scope: Scope | null | undefined,
  finding: {
    readonly service: Service
    readonly vault_id: string | null
    readonly resource_id: string | null
  },
): boolean {
  const { service, vault_id: vaultId, resource_id: resourceId } = finding
  return covers(scope, { service, vaultId, resourceId })
}

/** The services in which what a scope names can be: vaults and what they hold are CBR's, instances DCS's. */
export function servicesOf({ vault_id, resource_id, instance_id }: Scope): readonly Service[] {
  const isOfCbr = vault_id !== null || resource_id !== null
  return [...(isOfCbr ? (['cbr'] as const) : []), ...(instance_id === null ? [] : (['dcs'] as const))]
}

/** What a scope names, for people, one text for each: "vault 3b58…". */
export function namesIn(scope: Scope, keys: readonly ScopeKey[] = SCOPE_KEYS): readonly string[] {
  return keys.filter((key) => scope[key] !== null).map((key) => `${NOUNS[key]} ${scope[key]}`)
}
