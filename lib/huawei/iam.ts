import * as z from 'zod/mini'
import { ask } from './answer.ts'
import { asWire, text } from './fields.ts'
import type { Send } from './http.ts'

/** A project of an account: the unit that CBR and DCS list by. */
export interface Project {
  readonly id: string
  readonly name: string
}

/** A project of this name appears in every account and belongs to no region. */
const NOT_A_REGION = 'MOS'

const answer = z.object({ projects: z.array(z.unknown()) })

/**
 * The enabled projects of a region: the one named like it, and its sub-projects `<region>_<name>`, sorted by id.
 * Only lists; the official Node SDK creates a project where it does not find exactly one.
 */
export async function listProjects(send: Send, origin: string, region: string): Promise<readonly Project[]> {
  const { projects } = await ask(
    send,
    { method: 'GET', origin, path: '/v3/projects', query: [], headers: {} },
    answer,
  )
  return projects
    .flatMap((row) => toProject(row, region))
    .sort((left, right) => (left.id < right.id ? -1 : 1))
}

function toProject(row: unknown, region: string): readonly Project[] {
  const wire = asWire(row)
  const id = text(wire?.['id'])
  const name = text(wire?.['name'])
  if (!id || name === undefined || name === NOT_A_REGION) return []
  const isOfRegion = name === region || name.startsWith(`${region}_`)
  return isOfRegion && wire?.['enabled'] !== false && wire?.['is_domain'] !== true ? [{ id, name }] : []
}
