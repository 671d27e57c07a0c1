import type { Mistake } from '../errors.ts'
import { type Place, parsePlace } from '../parse-place.ts'
import { isPlainId } from '../plain-id.ts'
import { type Environment, readVariable } from './environment.ts'
import { redactedText } from './redacted-input.ts'

const DEFAULT_PROJECT = 'HUAWEICLOUD_SDK_PROJECT_ID'
const EXAMPLE_PROJECT = '0605767b5780d5762fc5c0118072a564'

/** Reads the targets of the command line, else of the environment, each once; says what is wrong in `mistakes`. */
export function readPlaces(
  environment: Environment,
  flags: { readonly targets?: readonly string[] },
  mistakes: Mistake[],
): readonly Place[] {
  const pointer = targetsPointer(flags)
  const texts = flags.targets?.length
    ? flags.targets
    : (readVariable(environment, 'AUDIT_TARGETS')?.split(',') ?? [])
  const places = texts.flatMap((text) => readPlace(text.trim(), pointer, mistakes))
  const distinct = places.filter(
    (place, index) =>
      places.findIndex((other) => other.region === place.region && other.projectId === place.projectId) ===
      index,
  )
  return withDefaultProject(distinct, readDefaultProject(environment, mistakes), mistakes)
}

/** What named the targets, for mistakes in them. */
export function targetsPointer(flags: { readonly targets?: readonly string[] }): string {
  return flags.targets?.length ? '--target' : 'AUDIT_TARGETS'
}

function readDefaultProject(environment: Environment, mistakes: Mistake[]): string | undefined {
  const projectId = readVariable(environment, DEFAULT_PROJECT)
  if (projectId === undefined || isPlainId(projectId)) return projectId
  mistakes.push({
    pointer: DEFAULT_PROJECT,
    detail: `has ${redactedText(projectId)}, which is no project id; write one such as ${EXAMPLE_PROJECT}, or unset it to audit every project`,
  })
  return undefined
}

function readPlace(text: string, pointer: string, mistakes: Mistake[]): readonly Place[] {
  const place = parsePlace(text)
  if (place !== undefined) return [place]
  mistakes.push({
    pointer,
    detail: `has ${JSON.stringify(text)}, which is no target; write REGION or REGION:PROJECT_ID, such as cn-north-4:${EXAMPLE_PROJECT}`,
  })
  return []
}

function withDefaultProject(
  places: readonly Place[],
  projectId: string | undefined,
  mistakes: Mistake[],
): readonly Place[] {
  if (projectId === undefined || places.every((place) => place.projectId !== undefined)) return places
  const [only, ...others] = places
  if (only !== undefined && others.length === 0) return [{ region: only.region, projectId }]
  mistakes.push({
    pointer: DEFAULT_PROJECT,
    detail: `fits one target only, but there are ${places.length}; write REGION:PROJECT_ID for each, or unset it to audit every project`,
  })
  return places
}
