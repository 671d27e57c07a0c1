/** A length of time as people say it, never longer than it is. */
export function lasting(hours: number): string {
  if (hours < 0) return `${hours} h`
  if (hours < 1 / 60) return 'less than a minute'
  if (hours < 1) return `${Math.floor(hours * 60)} min`
  if (hours < 48) return `${Math.floor(hours * 10) / 10} h`
  const days = Math.floor(hours / 24)
  const rest = Math.floor(hours % 24)
  return days >= 14 || rest === 0 ? `${days} d` : `${days} d ${rest} h`
}
