import type { Completeness } from './completeness.ts'
import { coversFinding, namesIn, SCOPE_KEYS, type Scope, type ScopeKey } from './scope.ts'

/**
 * What targets that were read whole prove of a scope: nothing of findings outside it, and where a name in it was met
 * nowhere the audit is incomplete, because a wrong id must not look like a healthy vault.
 */
export function narrow(
  completeness: Completeness,
  scope: Scope | undefined,
  sighted: readonly ScopeKey[],
): Completeness {
  if (scope === undefined) return completeness
  const unseen = namesIn(
    scope,
    SCOPE_KEYS.filter((key) => !sighted.includes(key)),
  ).map((name) => `Nothing was found of ${name} in the targets of this audit; check the id and the targets`)
  return {
    ...completeness,
    verdict: unseen.length === 0 ? completeness.verdict : 'incomplete',
    incompleteBecause: [...completeness.incompleteBecause, ...unseen],
    scanned: (finding) => completeness.scanned(finding) && coversFinding(scope, finding),
  }
}
