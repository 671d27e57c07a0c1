import * as z from 'zod/mini'
import { ask } from './answer.ts'
import { asWire, hasNoReadable, nameOfRecord, text } from './fields.ts'
import type { Request, Send } from './http.ts'
import { isPathId } from './path.ts'

/** A project of an account: the unit that CBR and DCS list by. */
export interface Project {
  readonly id: string
  readonly name: string
}

/** What IAM tells of the projects of a region. */
export interface ProjectList {
  /** Sorted by id, each once. */
  readonly projects: readonly Project[]
  /** Why there may be others; undefined where these are all. */
  readonly gap: string | undefined
}

/** A project of this name appears in every account and belongs to no region. */
const NOT_A_REGION = 'MOS'

const PATH = '/v3/projects'
/** By default all come on one page; of 5000 projects even ten on each would do. */
const MOST_PAGES = 500
const MOST_DESCRIBED = 3

const DOUBLED = 'IAM lists a project twice, in the place of which another may be missing'

const answer = z.object({ projects: z.array(z.unknown()), links: z.optional(z.unknown()) })

/**
 * The enabled projects of a region: the one named like it, and its sub-projects `<region>_<name>`.
 * Only lists; the official Node SDK creates a project where it does not find exactly one.
 */
export async function listProjects(send: Send, origin: string, region: string): Promise<ProjectList> {
  const first = await listRows(send, origin)
  // Nothing, or a project twice and so another never, may be a slip.
  const isOdd = first.rows.length === 0 || first.isDoubled
  const { rows, goesOn, isDoubled } = isOdd ? await listRows(send, origin) : first
  const projects = new Map<string, Project>()
  const unreadable: string[] = []
  for (const row of rows) {
    const project = readProject(row, region)
    if (typeof project === 'string') unreadable.push(project)
    else if (project !== undefined) projects.set(project.id, project)
  }
  const gaps = [...describeUnreadable(unreadable), ...goesOn, ...(isDoubled ? [DOUBLED] : [])]
  return {
    projects: [...projects.values()].sort((left, right) => (left.id < right.id ? -1 : 1)),
    gap: gaps.length === 0 ? undefined : gaps.join('; '),
  }
}

interface Rows {
  readonly rows: readonly unknown[]
  /** Where there are more, to which nothing leads that we would follow. */
  readonly goesOn: readonly string[]
  /** Whether a page holds a project twice. */
  readonly isDoubled: boolean
}

async function listRows(send: Send, origin: string): Promise<Rows> {
  const rows: unknown[] = []
  const followed = new Set<string>()
  let isDoubled = false
  for (let query: Request['query'] = []; ; ) {
    const request = { method: 'GET', origin, path: PATH, query, headers: {} } as const
    const { projects, links } = await ask(send, request, answer)
    for (const row of projects) rows.push(row)
    isDoubled ||= holdsTwice(projects)
    const next = text(asWire(links)?.['next'])
    if (!next) return { rows, goesOn: [], isDoubled }
    const more = followed.has(next) || followed.size === MOST_PAGES ? undefined : queryOfNext(next, origin)
    if (more === undefined) return { rows, goesOn: [describeMore(rows.length)], isDoubled }
    followed.add(next)
    query = more
  }
}

function holdsTwice(projects: readonly unknown[]): boolean {
  const ids = projects.map((row) => text(asWire(row)?.['id'])).filter((id) => id !== undefined)
  return new Set(ids).size < ids.length
}

/** What to ask for next; undefined where that is elsewhere, for a signed request goes to nobody but IAM. */
function queryOfNext(next: string, origin: string): Request['query'] | undefined {
  const url = URL.parse(next, origin)
  return url?.origin === origin && url.pathname === PATH ? [...url.searchParams] : undefined
}

/** A project of the region; undefined where a row is none of it, and words where nobody can tell, or how to ask for it. */
function readProject(row: unknown, region: string): Project | string | undefined {
  const wire = asWire(row)
  const id = text(wire?.['id'])
  const name = text(wire?.['name'])
  // What `enabled` says in another way than with false is left to the services: they answer for a project, or the audit says why not.
  if (wire?.['enabled'] === false || wire?.['is_domain'] === true) return undefined
  if (name && !isOfRegion(name, region)) return undefined
  const hasId = id !== undefined && isPathId(id)
  if (hasId && name) return { id, name }
  const unreadable = [...(hasId ? [] : ['id']), ...(name ? [] : ['name'])]
  return `${nameOfRecord('project', wire, 'id')} ${hasNoReadable(wire, unreadable)}`
}

function isOfRegion(name: string, region: string): boolean {
  return name !== NOT_A_REGION && (name === region || name.startsWith(`${region}_`))
}

function describeUnreadable(unreadable: readonly string[]): readonly string[] {
  const count = unreadable.length
  if (count === 0) return []
  const some = unreadable.slice(0, MOST_DESCRIBED).join('; ')
  const others = count > MOST_DESCRIBED ? `; and ${count - MOST_DESCRIBED} more` : ''
  return [
    `${count} of the projects that IAM lists, which may be of this region, cannot be read: ${some}${others}`,
  ]
}

function describeMore(count: number): string {
  return `the list that IAM sends goes on after ${count} ${count === 1 ? 'row' : 'rows'} at an address that is not one of its own, or was read already`
}
