import { figure } from './figure.ts'

/** A number and its noun: `1 backup`, `1,200 backups`. */
export function plural(times: number, one: string, many = `${one}s`): string {
  return `${figure(times)} ${times === 1 ? one : many}`
}
