export const PROJECT_ID = '0123456789abcdef0123456789abcdef'
export const DAY_US = 86_400_000_000

/** The id of the thing of a kind that has this number. */
export function uuidOf(kind: string, index: number): string {
  const digits = ((index * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0')
  return `${digits}-5a${kind}-4${kind}9-8f${kind}-${index.toString(16).padStart(12, '0')}`
}

/** As CBR writes it: microseconds, no zone. */
export function stampOf(us: number): string {
  return `${new Date(Math.floor(us / 1000)).toISOString().slice(0, -1)}${String(us % 1000).padStart(3, '0')}`
}
