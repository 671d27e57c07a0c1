import * as z from 'zod/mini'
import { keyOf } from '../key-of.ts'
import { unseenResources } from '../unseen-resources.ts'
import type { Existing, Seen } from './record.ts'

/** A resource that was asked for, taken in or left out. */
export interface Resource {
  readonly id: string | null
  readonly name: string | null
}

/** What was asked for, and what Huawei says of it; undefined where it does not say so, or not in a form that can be read. */
export interface Coverage {
  /** Asked for by id alone. Where neither this nor `detailed` has anything, all of the vault is asked for. */
  readonly asked: readonly Resource[]
  /** Asked for with `resource_details`, whose ids Huawei need not repeat. */
  readonly detailed: readonly Resource[]
  readonly accepted: readonly Resource[] | undefined
  readonly skipped: readonly Resource[] | undefined
  /** Whether it says nothing of a vault at all: then its 200 stands for what was asked for. */
  readonly isSilent: boolean
}

const text = z.catch(z.nullable(z.string()), null)
const resource = z.catch(z.object({ id: text, name: z._default(text, null) }), { id: null, name: null })
const ids = z.catch(z._default(z.array(z.string()), []), [])
const requested = z.object({
  checkpoint: z.object({
    vault_id: text,
    parameters: z.optional(
      z.object({ resources: ids, resource_details: z.catch(z._default(z.array(resource), []), []) }),
    ),
  }),
})
const told = z.object({
  id: text,
  resources: z.catch(z.optional(z.array(resource)), undefined),
  /** Absent and null mean that nothing was left out. */
  skipped_resources: z.catch(z.optional(z._default(z.nullable(z.array(resource)), [])), undefined),
})

/** Reads what a checkpoint was to cover, and what Huawei says that it does. */
export function coverageOf({ request, answer }: Pick<Existing, 'request' | 'answer'>): Coverage {
  const wanted = z.safeParse(requested, request).data?.checkpoint
  const named = z.safeParse(told, answer.checkpoint['vault']).data
  // What is said of another vault says nothing.
  const isOther = named !== undefined && named.id !== null && keyOf(named.id) !== keyOf(wanted?.vault_id)
  const vault = isOther ? undefined : named
  const parameters = wanted?.parameters
  const skipped = vault?.skipped_resources
  return {
    asked: parameters?.resources.map((id) => ({ id, name: null })) ?? [],
    detailed: parameters?.resource_details ?? [],
    accepted: vault?.resources,
    skipped: skipped === null ? [] : skipped,
    isSilent: answer.checkpoint['vault'] === undefined,
  }
}

/** How many resources were asked for, those that both lists name once; 0 where all of the vault was. */
export function wantedIn({ asked, detailed }: Coverage): number {
  return new Set([...asked, ...detailed].map(({ id }) => keyOf(id))).size
}

/** Of how many resources Huawei speaks: one that it lists twice counts once, and each that it gives no id is one. */
export function mentionedIn({ accepted = [], skipped = [] }: Coverage): number {
  const ids = [...accepted, ...skipped].map(({ id }) => id)
  const named = ids.filter((id) => id !== null)
  return new Set(named.map(keyOf)).size + ids.length - named.length
}

/** What was asked for by id, and is neither taken in nor left out. */
export function unmentionedIn({ asked, accepted = [], skipped = [] }: Coverage): readonly Resource[] {
  return without(asked, [...accepted, ...skipped])
}

/**
 * The resources of which a backup must still be seen. Backups of what was asked for with its details may have the ids
 * of the request or, where it speaks of as many, those of the answer: the reading that leaves fewer open holds.
 */
export function unseenIn(coverage: Coverage, backups: Seen['backups']): readonly Resource[] {
  const { asked, detailed, accepted = [], skipped = [] } = coverage
  const byAnswer = unseenResources(accepted, backups)
  if (detailed.length === 0 && asked.length === 0) return byAnswer
  const due = without([...asked, ...detailed], skipped)
  const byRequest = unseenResources(due, backups)
  if (detailed.length === 0) return byRequest
  const isCounted = mentionedIn(coverage) >= wantedIn(coverage)
  return isCounted && byAnswer.length <= byRequest.length ? byAnswer : byRequest
}

function without(resources: readonly Resource[], others: readonly Resource[]): readonly Resource[] {
  const known = new Set(others.map(({ id }) => keyOf(id)))
  return resources.filter(({ id }) => !known.has(keyOf(id)))
}
