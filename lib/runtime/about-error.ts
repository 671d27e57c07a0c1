import { Fault } from '../errors.ts'
import type { LogFields } from './log.ts'

const MOST_PLACES = 8

/**
 * What the log says of an error. Of a fault: its code, Huawei's, and what to mend in the configuration, which no answer tells. Of a
 * defect: where it happened, but not its words, which may hold anything.
 */
export function aboutError(error: unknown): Partial<LogFields> {
  if (!(error instanceof Fault)) return { code: 'internal', defect: whereabouts(error) }
  const { errorCode, requestId } = error.upstream ?? {}
  const isOurs = error.code === 'invalid_configuration'
  return {
    code: error.code,
    ...(errorCode !== undefined && { huawei_error_code: errorCode }),
    ...(requestId !== undefined && { huawei_request_id: requestId }),
    ...(isOurs && { because: error.message, mistakes: error.mistakes.map(({ pointer }) => pointer) }),
  }
}

/** The class of a defect, and the places in our code that it came through. */
function whereabouts(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const places = error.stack?.match(/^\s+at .+$/gm) ?? []
  return [error.constructor.name, ...places.slice(0, MOST_PLACES).map((place) => place.trim())].join(' | ')
}
