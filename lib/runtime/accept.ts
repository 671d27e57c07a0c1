import { Fault, type Mistake } from '../errors.ts'
import type { ParameterTable } from '../huawei/parameter.ts'
import type { HttpRequest } from './http.ts'
import { type ChosenPlace, choosePlace, type PlaceServices, type PlaceWish, placeMistakes } from './place.ts'
import { type Query, readQuery, refuseMistakes } from './query.ts'

/** A request of which everything was checked. */
export interface Accepted<Input> {
  readonly place: ChosenPlace
  readonly query: Query
  readonly input: Input
}

/**
 * Reads the query by its table, whatever else `read` finds in the request, and the target, and throws a Fault with all
 * their mistakes at once. Huawei is asked for nothing before the request has none.
 */
export async function accept<Input>(
  services: PlaceServices,
  request: HttpRequest,
  table: Partial<ParameterTable>,
  read: (mistakes: Mistake[]) => Input,
): Promise<Accepted<Input>> {
  const mistakes: Mistake[] = []
  const query = readQuery(request, table, mistakes)
  const input = read(mistakes)
  const wish = wishOf(query)
  // Where the query cannot be read, nobody knows what it says of the target.
  if (request.query.every(([, value]) => value !== undefined))
    addUnlessNamed(mistakes, placeMistakes(services.config.places, wish))
  refuseMistakes(mistakes)
  const place = await choosePlace(services, wish, request.signal)
  request.note({ target: `${place.region}:${place.projectId}` })
  return { place, query, input }
}

/** What a query says of the target. */
export function wishOf(query: Query): PlaceWish {
  return { region: query.one('region'), projectId: query.one('project_id') }
}

/** A parameter whose value is no such thing is not also missing. */
function addUnlessNamed(mistakes: Mistake[], more: readonly Mistake[]): void {
  const named = new Set(mistakes.map(({ pointer }) => pointer))
  mistakes.push(...more.filter(({ pointer }) => !named.has(pointer)))
}

/** Adds the mistakes of a reading to the list instead of throwing them; undefined where there were any. */
export function gather<T>(mistakes: Mistake[], read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'invalid_request') throw error
    mistakes.push(...error.mistakes)
    return undefined
  }
}
