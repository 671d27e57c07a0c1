import { expect, it } from 'vitest'
import { describeFlight } from './in-flight.ts'

it('tells for how long how many calls were under way, and what lay outside', () => {
  const call = (atMs: number, endMs: number) => ({ url: '/', status: 200, atMs, endMs })
  const calls = [call(1000, 2000), call(2500, 4000), call(3000, 4500), ...Array(9).fill(call(5000, 5500))]
  const flight = describeFlight({ calls, cpuSeconds: 0, peakMb: 0, wallSeconds: 6 })
  expect(flight).toBe(
    'none for 1.0 s, one for 2.0 s, 2 to 4 for 1.0 s, 5 to 8 for 0.0 s, more for 0.5 s; 1.5 s before the first and behind the last',
  )
})
