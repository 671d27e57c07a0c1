import type { Service, Target } from '../backup.ts'
import { Fault, type Mistake } from '../errors.ts'
import { cbrSource } from '../huawei/cbr.ts'
import { type DcsOptions, dcsSource } from '../huawei/dcs.ts'
import { listProjects } from '../huawei/iam.ts'
import { endpointOf, iamEndpointOf } from '../huawei/regions.ts'
import { notedSource } from '../noted-source.ts'
import type { Place } from '../parse-place.ts'
import type { Bookmark, Source, TargetReport } from '../scan.ts'
import { requireEndpoints } from './missing-endpoints.ts'
import type { Services } from './services.ts'

/** A place of which not even the projects could be listed, or not every one. */
export interface LostPlace {
  readonly report: TargetReport
  readonly fault: Fault
}

/** What an audit is going to read, and what it cannot or need not. */
export interface Plan {
  readonly sources: readonly Source[]
  /** Services that a region does not have: no failure, but said. */
  readonly skipped: readonly TargetReport[]
  readonly lost: readonly LostPlace[]
}

/** What shapes a plan besides the configuration. */
export interface PlanWish {
  readonly services: readonly Service[]
  readonly readsReplicationPolicies: boolean
}

/** List calls under way at once for one project; at 200 ms latency 16 reach the speed of one core. */
const CALLS_AT_ONCE = 16

const SERVICE_NAMES = { cbr: 'CBR', dcs: 'DCS' } as const satisfies Record<Service, string>

/**
 * Finds out what to read: every project of a region that names none, each service where it exists. Throws one Fault
 * `invalid_configuration` that names every endpoint which is not known.
 */
export async function planSources(services: Services, wish: PlanWish): Promise<Plan> {
  refuseMissingEndpoints(services, wish)
  const { places } = services.config
  const plans = await Promise.all(places.map((place) => planPlace(services, place, wish)))
  const plan = {
    sources: distinct(plans.flatMap(({ sources }) => sources)),
    skipped: plans.flatMap(({ skipped }) => skipped),
    lost: plans.flatMap(({ lost }) => lost),
  }
  if (plan.sources.length === 0 && plan.lost.length === 0) {
    const why = plan.skipped.map(({ note }) => note).join('; ')
    throw new Fault('invalid_configuration', `Cannot audit anything: ${why || 'no service was asked for'}`)
  }
  return plan
}

function refuseMissingEndpoints({ config }: Services, wish: PlanWish): void {
  const mistakes: Mistake[] = []
  requireEndpoints(config, wish.services, mistakes, (only) => `"services": ${JSON.stringify(only)}`)
  if (mistakes.length > 0)
    throw new Fault('invalid_configuration', 'Cannot find all endpoints of these targets', { mistakes })
}

/**
 * The source of a target that was planned before; with a bookmark of an interrupted scan it goes on from there. Throws a Fault
 * `invalid_configuration` where the endpoint that the plan found is there no longer.
 */
export function sourceOf(
  services: Services,
  target: Target,
  readsReplicationPolicies: boolean,
  bookmark?: Bookmark,
): Source {
  const { service, region } = target
  const { endpointOverrides, standIn } = services.config
  const origin = endpointOf(service, region, endpointOverrides)
  if (origin === undefined) throw noLongerThere(target)
  const access = { target, origin, send: services.sendTo(region), concurrency: CALLS_AT_ONCE }
  const source = readerOf(access, readsReplicationPolicies, bookmark)
  return standIn === undefined ? source : notedSource(source, standIn)
}

function readerOf(access: DcsOptions, readsReplicationPolicies: boolean, bookmark?: Bookmark): Source {
  switch (access.target.service) {
    case 'cbr':
      return cbrSource({ ...access, readsReplicationPolicies, bookmark })
    case 'dcs':
      return dcsSource(access)
  }
}

function noLongerThere({ service, region }: Target): Fault {
  return new Fault(
    'invalid_configuration',
    `Cannot read ${SERVICE_NAMES[service]} in ${region}: the plan has it, but by the configuration of today it does not exist there`,
  )
}

async function planPlace(services: Services, place: Place, wish: PlanWish): Promise<Plan> {
  const { endpointOverrides } = services.config
  const present = wish.services.filter(
    (service) => endpointOf(service, place.region, endpointOverrides) !== undefined,
  )
  const skipped = wish.services
    .filter((service) => !present.includes(service))
    .map((service) =>
      emptyReport(service, place, 'skipped', `${SERVICE_NAMES[service]} does not exist in ${place.region}`),
    )
  if (present.length === 0) return { sources: [], skipped, lost: [] }
  const lostTo = (fault: Fault): readonly LostPlace[] =>
    present.map((service) => ({ report: lostReport(service, place, fault.message), fault }))
  try {
    const { projectIds, gap } = await projectsOf(services, place)
    const sources = projectIds.flatMap((projectId) =>
      present.map((service) =>
        sourceOf(services, { service, region: place.region, projectId }, wish.readsReplicationPolicies),
      ),
    )
    return { sources, skipped, lost: gap === undefined ? [] : lostTo(gap) }
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'invalid_configuration') throw error
    return { sources: [], skipped, lost: lostTo(error) }
  }
}

/** The projects that a place means, and why there may be others. */
interface FoundProjects {
  readonly projectIds: readonly string[]
  readonly gap?: Fault
}

async function projectsOf(services: Services, { region, projectId }: Place): Promise<FoundProjects> {
  if (projectId !== undefined) return { projectIds: [projectId] }
  const origin = iamEndpointOf(region, services.config.endpointOverrides)
  const { projects, gap } = await listProjects(services.sendTo(region), origin, region)
  const projectIds = projects.map(({ id }) => id)
  if (gap !== undefined) return { projectIds, gap: partlyFound(region, gap) }
  if (projectIds.length > 0) return { projectIds }
  throw new Fault(
    'not_found',
    `Cannot find an enabled project of ${region} that these credentials may see; name it: ${region}:PROJECT_ID`,
  )
}

function partlyFound(region: string, gap: string): Fault {
  return new Fault(
    'upstream_unavailable',
    `Cannot find every project of ${region}: ${gap}. Name those to audit: ${region}:PROJECT_ID`,
  )
}

/** A project may be named and found: it is read once. */
function distinct(sources: readonly Source[]): readonly Source[] {
  const byTarget = new Map(
    sources.map((source) => [
      `${source.target.service} ${source.target.region} ${source.target.projectId}`,
      source,
    ]),
  )
  return [...byTarget.values()]
}

/** The report on a target of which nothing was read. */
export function lostReport(service: Service, place: Place, note: string): TargetReport {
  return emptyReport(service, place, 'incomplete', note)
}

function emptyReport(
  service: Service,
  { region, projectId }: Place,
  verdict: TargetReport['verdict'],
  note: string,
): TargetReport {
  return {
    region,
    project_id: projectId ?? '',
    service,
    listed: 0,
    distinct: 0,
    duplicates: 0,
    count_before: null,
    count_after: null,
    requests: 0,
    verdict,
    note,
  }
}
