import { type Html, html } from './html.ts'

/** One stretch of a bar. */
export interface Stretch {
  readonly kind: string
  readonly count: number
}

const WIDTH = 1000
const GAP = 3
// Three of a hundred thousand must still be seen.
const MIN_WIDTH = 8

/** A bar of stretches in proportion to their counts; `label` says the same in words. */
export function bar(stretches: readonly Stretch[], label: string): Html {
  const present = stretches.filter(({ count }) => count > 0)
  const total = present.reduce((sum, { count }) => sum + count, 0)
  const free = WIDTH - GAP * (present.length - 1) - MIN_WIDTH * present.length
  let x = 0
  const rects = present.map(({ kind, count }) => {
    const width = MIN_WIDTH + (free * count) / total
    const rect = html`<rect class="${kind}" x="${x.toFixed(1)}" width="${width.toFixed(1)}" height="10"/>`
    x += width + GAP
    return rect
  })
  return html`<svg class="bar" role="img" aria-label="${label}" viewBox="0 0 ${WIDTH} 10" preserveAspectRatio="none">${rects}</svg>`
}
