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

  it('is settled by the first host that agrees with ours: no other host changes it then, and each is signed for with its own', () => {
    const clock = createCloudClock(() => NOON)
    clock.agree(ONE, NOON)
    for (const origin of [TWO, THREE]) clock.correct(origin, LATER)
    expect([clock.now(), clock.lastCorrection()]).toEqual([NOON, undefined])
    expect([ONE, TWO, THREE].map(clock.timeAt)).toEqual([NOON, LATER, LATER])
  })

  it('is ours again where a host agrees with what was signed before the correction', () => {
    const clock = createCloudClock(() => NOON)
    clock.correct(ONE, LATER)
    clock.agree(TWO, NOON)
    clock.correct(THREE, LATER)
    expect([clock.now(), clock.timeAt(ONE), clock.timeAt(TWO), clock.timeAt(THREE)]).toEqual([
      NOON,
      LATER,
      NOON,
      LATER,
    ])
  })

  it('stays theirs where a second host says so, or agrees with it', () => {
    const told = createCloudClock(() => NOON)
    told.correct(ONE, LATER)
    told.correct(TWO, shifted(LATER, minutes(5)))
    told.correct(THREE, NOON)
    expect([told.now(), told.timeAt(TWO), told.timeAt(THREE)]).toEqual([
      LATER,
      shifted(LATER, minutes(5)),
      NOON,
    ])
    const agreed = createCloudClock(() => NOON)
    agreed.correct(ONE, LATER)
    agreed.agree(TWO, LATER)
    agreed.correct(THREE, NOON)
    expect(agreed.now()).toBe(LATER)
  })

  it('learns nothing of others from a host that agrees with its own time', () => {
    const clock = createCloudClock(() => NOON)
    clock.correct(ONE, LATER)
    clock.agree(ONE, LATER)
    clock.correct(TWO, NOON)
    expect(clock.now()).toBe(NOON)
  })
})
