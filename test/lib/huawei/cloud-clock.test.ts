import { describe, expect, it } from 'vitest'
import { createCloudClock } from '../../../lib/huawei/cloud-clock.ts'
import { fromEpochMs, hours, minutes, shifted } from '../../../lib/time.ts'

const NOON = fromEpochMs(Date.UTC(2026, 0, 1, 12))
const LATER = shifted(NOON, hours(1))
const [ONE, TWO, THREE] = ['https://one.example', 'https://two.example', 'https://three.example']

describe('the clock of the cloud', () => {
  it('is ours until Huawei says that it is off, and then theirs', () => {
    const clock = createCloudClock(() => NOON)
    expect([clock.now(), clock.lastCorrection()]).toEqual([NOON, undefined])
    clock.correct(ONE, LATER)
    expect([clock.now(), clock.timeAt(ONE), clock.timeAt(TWO)]).toEqual([LATER, LATER, LATER])
    expect(clock.lastCorrection()).toEqual({ ours: NOON, theirs: LATER })
  })

  it('is not corrected again by answers of the same moment', () => {
    const clock = createCloudClock(() => NOON)
    clock.correct(ONE, LATER)
    const first = clock.lastCorrection()
    clock.correct(ONE, shifted(LATER, minutes(1)))
    expect(clock.lastCorrection()).toBe(first)
  })

  it('is ours again where another host has our time, and the first one is signed for with its own', () => {
    const clock = createCloudClock(() => NOON)
    clock.correct(ONE, LATER)
    clock.correct(TWO, NOON)
    expect([clock.now(), clock.timeAt(ONE), clock.timeAt(TWO)]).toEqual([NOON, LATER, NOON])
    expect(clock.lastCorrection()).toEqual({ ours: NOON, theirs: NOON })
  })

  it('stays theirs where they agree, and ours where ours lies between two of them', () => {
    const agreed = createCloudClock(() => NOON)
    agreed.correct(ONE, LATER)
    agreed.correct(TWO, shifted(LATER, minutes(5)))
    expect(agreed.now()).toBe(LATER)
    const between = createCloudClock(() => NOON)
    between.correct(ONE, LATER)
    between.correct(THREE, shifted(NOON, -hours(1)))
    expect(between.now()).toBe(NOON)
  })
})
