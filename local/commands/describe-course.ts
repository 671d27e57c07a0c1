import { figure } from '../figure.ts'
import type { Chunk } from './list-targets.ts'

/** The line that closes the rows of a target: how many of how many, and what to know of them. */
export function describeCourse({ target, course }: Chunk, isFiltered: boolean): string {
  const { shown, repeated, total, moved, hasMore } = course
  const where = `in ${target.region}:${target.projectId}`
  if (shown === 0 && total)
    return `This page has none of the ${figure(total)} backups that Huawei counts ${where}.`
  if (shown === 0) return `No backups ${where}${isFiltered ? ' with these flags' : ''}.`
  const ofTotal = hasMore && total !== undefined && total > shown ? ` of ${figure(total)}` : ''
  const rows = `${figure(shown)}${ofTotal} ${shown === 1 && ofTotal === '' ? 'backup' : 'backups'} ${where}`
  const more = hasMore ? '; --all lists them all' : ''
  const twice = repeated > 0 ? `; ${figure(repeated)} came twice and stand here once` : ''
  return `${rows}${more}${twice}${moved ? '; their number changed while they were read' : ''}.`
}
