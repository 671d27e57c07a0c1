import { isPlainId } from './plain-id.ts'

/** A region, and a project of it; without one every enabled project of the region that IAM lists is meant. */
export interface Place {
  readonly region: string
  readonly projectId: string | undefined
}

/** A target as people write it, `REGION` or `REGION:PROJECT_ID`; undefined where it is none. */
export function parsePlace(text: string): Place | undefined {
  const [, region, projectId] = /^([a-z]{2,}(?:-[a-z0-9]+)+)(?::(.*))?$/s.exec(text) ?? []
  const isPlace = region !== undefined && (projectId === undefined || isPlainId(projectId))
  return isPlace ? { region, projectId } : undefined
}
