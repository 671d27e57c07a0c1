import type { Place } from '../parse-place.ts'

/** The places that are not configured, nor lie within one that is. */
export function strangePlaces(configured: readonly Place[], places: readonly Place[]): readonly Place[] {
  return places.filter((place) => !configured.some((whole) => isWithin(place, whole)))
}

/** A target as a place. That of a rule may be written anyhow: it is taken apart all the same, so that a warning can name it. */
export function toPlace(target: string): Place {
  const [region = '', projectId] = target.split(':')
  return { region, projectId }
}

/** Places as people write them. */
export function describePlaces(places: readonly Place[]): string {
  return places
    .map(({ region, projectId }) => (projectId === undefined ? region : `${region}:${projectId}`))
    .join(', ')
}

function isWithin(place: Place, whole: Place): boolean {
  return (
    place.region === whole.region && (whole.projectId === undefined || whole.projectId === place.projectId)
  )
}
