let format: Intl.NumberFormat | undefined

/** A number for people: `1,200`. Made when first wanted: to load the rules of a language takes as long as the start of a short command. */
export function figure(value: number): string {
  format ??= new Intl.NumberFormat('en-US')
  return format.format(value)
}
