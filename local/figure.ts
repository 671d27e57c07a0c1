/** A whole number for people: `1,200`. Not by `Intl`, which loads the rules of its languages first: 9 ms of each command. */
export function figure(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
}
