import { Fault, type Mistake } from '../errors.ts'
import { listProjects, type ProjectList } from '../huawei/iam.ts'
import { iamEndpointOf } from '../huawei/regions.ts'
import type { Place } from '../parse-place.ts'
import { redactedText } from './redacted-input.ts'
import type { Services } from './services.ts'

/** A project of a region: what one request is about. Targets are never merged. */
export interface ChosenPlace {
  readonly region: string
  readonly projectId: string
}

/** What a caller said of the target. */
export interface PlaceWish {
  readonly region: string | undefined
  readonly projectId: string | undefined
}

/** What choosing needs of the world. */
export type PlaceServices = Pick<Services, 'config' | 'sendTo'>

/**
 * The one configured target that fits. Throws `forbidden` where none does, and `invalid_request` with the choices where
 * several do, or may. Huawei is asked only where the configuration leaves the project open.
 */
export async function choosePlace(
  services: PlaceServices,
  wish: PlaceWish,
  signal: AbortSignal,
): Promise<ChosenPlace> {
  const fitting = services.config.places.filter((place) => mayFit(place, wish))
  const exact = fitting.find(({ projectId }) => projectId !== undefined && projectId === wish.projectId)
  const found = exact === undefined ? await expand(services, fitting, wish, signal) : [exact]
  const chosen = distinct(found.filter((place) => mayFit(place, wish)))
  const [only, ...others] = chosen.flatMap(settled)
  if (only === undefined)
    throw fitting.length > 0 && found.length === 0 ? withoutProject(fitting) : forbidden(wish)
  if (others.length > 0) {
    const mistakes = [ambiguity(chosen)]
    throw new Fault('invalid_request', 'Cannot choose the target of this request', { mistakes })
  }
  return only
}

/** Throws `forbidden` where what a caller said of the target is not configured; who says nothing may mean any. */
export async function requirePlace(
  services: PlaceServices,
  wish: PlaceWish,
  signal: AbortSignal,
): Promise<void> {
  const { places } = services.config
  if (wish.projectId !== undefined) await choosePlace(services, wish, signal)
  else if (wish.region !== undefined && !places.some((place) => mayFit(place, wish))) throw forbidden(wish)
}

/** What is wrong with a wish that several targets fit, as far as the configuration alone can tell. */
export function placeMistakes(places: readonly Place[], wish: PlaceWish): readonly Mistake[] {
  const fitting = places.filter((place) => mayFit(place, wish))
  const isCertain =
    new Set(fitting.map(({ region }) => region)).size > 1 ||
    (fitting.length > 1 && fitting.every(({ projectId }) => projectId !== undefined))
  return wish.projectId === undefined && isCertain ? [ambiguity(fitting)] : []
}

/** A configured place without a project stands for every enabled project of its region. */
function mayFit(place: Place, wish: PlaceWish): boolean {
  return (
    (wish.region === undefined || wish.region === place.region) &&
    (wish.projectId === undefined || place.projectId === undefined || wish.projectId === place.projectId)
  )
}

async function expand(
  services: PlaceServices,
  places: readonly Place[],
  wish: PlaceWish,
  signal: AbortSignal,
): Promise<readonly Place[]> {
  const expanded = await Promise.all(
    places.map(async (place) => {
      if (place.projectId !== undefined) return [place]
      const { projects, gap } = await projectsOf(services, place.region, signal)
      // Whoever names no project must not get the one that happens to be readable.
      if (gap !== undefined && wish.projectId === undefined) throw inDoubt(place.region, gap)
      return projects.map(({ id }) => ({ region: place.region, projectId: id }))
    }),
  )
  return expanded.flat()
}

const known = new WeakMap<PlaceServices['config'], Map<string, Promise<ProjectList>>>()

/** Projects come and go rarely: each process asks IAM once for each region, and again only where that did not tell all, or of none. */
function projectsOf(services: PlaceServices, region: string, signal: AbortSignal): Promise<ProjectList> {
  const byRegion = known.get(services.config) ?? new Map<string, Promise<ProjectList>>()
  known.set(services.config, byRegion)
  const remembered = byRegion.get(region)
  if (remembered !== undefined) return remembered
  const origin = iamEndpointOf(region, services.config.endpointOverrides)
  const send = services.sendTo(region)
  const asked = listProjects((request) => send(request, signal), origin, region)
  byRegion.set(region, asked)
  const forget = () => byRegion.delete(region)
  asked.then(({ gap, projects }) => (gap !== undefined || projects.length === 0) && forget(), forget)
  return asked
}

function settled({ region, projectId }: Place): readonly ChosenPlace[] {
  return projectId === undefined ? [] : [{ region, projectId }]
}

function withoutProject(places: readonly Place[]): Fault {
  const regions = [...new Set(places.map(({ region }) => region))].join(', ')
  return new Fault(
    'not_found',
    `Cannot find an enabled project of ${regions} that these credentials may see; name it in AUDIT_TARGETS: REGION:PROJECT_ID`,
  )
}

function forbidden(wish: PlaceWish): Fault {
  return new Fault(
    'forbidden',
    `Cannot use this target: ${describeWish(wish)}, allowed is what is configured here. AUDIT_TARGETS of the function says what that is`,
  )
}

function describeWish({ region, projectId }: PlaceWish): string {
  const parts = [
    ...(region === undefined ? [] : [`region ${redactedText(region)}`]),
    ...(projectId === undefined ? [] : [`project_id ${redactedText(projectId)}`]),
  ]
  return `found ${parts.join(' and ') || 'no region'}`
}

function inDoubt(region: string, gap: string): Fault {
  const detail = `found nothing, and nobody can tell how many projects ${region} has: ${gap}; allowed is the id of one`
  const mistakes = [{ pointer: '/query/project_id', detail }]
  return new Fault('invalid_request', 'Cannot choose the target of this request', { mistakes })
}

function ambiguity(places: readonly Place[]): Mistake {
  const isOneRegion = new Set(places.map(({ region }) => region)).size === 1
  const name = isOneRegion ? 'project_id' : 'region'
  const choices = places.map((place) => [place.region, place.projectId].filter((part) => part).join(':'))
  const detail = `found nothing, and several targets fit; allowed is that of one of ${choices.join(', ')}`
  return { pointer: `/query/${name}`, detail }
}

/** A project may be named and found: it is one. */
function distinct(places: readonly Place[]): readonly Place[] {
  return [...new Map(places.map((place) => [`${place.region} ${place.projectId}`, place])).values()]
}
