const count = new Intl.NumberFormat('en-US')

/** A number and its noun: `1 backup`, `1,200 backups`. */
export function plural(times: number, one: string, many = `${one}s`): string {
  return `${count.format(times)} ${times === 1 ? one : many}`
}
