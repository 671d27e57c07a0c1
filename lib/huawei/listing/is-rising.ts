/** Whether no time, or no id, comes before the one in front of it. */
export function isRising<Value extends number | string>(values: readonly Value[]): boolean {
  return values.every((value, index) => value >= (values[index - 1] ?? value))
}
