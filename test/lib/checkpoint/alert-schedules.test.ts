import { describe, expect, it } from 'vitest'
import { type Played, playSchedule, type ScheduleOptions } from '../../support/alert-schedule.ts'

/** `npm run bench -- alert-schedules` plays ten thousand. */
const SEEDS = 250

async function playMany(
  options: Omit<ScheduleOptions, 'seed'>,
  seeds = SEEDS,
): Promise<readonly (Played & { readonly seed: number })[]> {
  const played = []
  for (let seed = 1; seed <= seeds; seed += 1)
    played.push({ seed, ...(await playSchedule({ ...options, seed })) })
  return played
}

function brokenIn(played: readonly (Played & { readonly seed: number })[]): readonly string[] {
  return played.flatMap(({ seed, broken }) => broken.map((what) => `seed ${seed}: ${what}`))
}

describe('alerts in any order, with duplicates, kills, lost answers and slow lists', () => {
  it('are each one checkpoint at most, and none is lost, while Huawei shows what it started within the settle time (FLT-042, FLT-043, FLT-049, FLT-050, FLT-053)', async () => {
    const played = await playMany({ visible: 'within', ifUnseen: 'hold' })
    expect(brokenIn(played)).toEqual([])
    // The weather was as bad as it is meant to be.
    expect(played.reduce((sum, { kills }) => sum + kills, 0)).toBeGreaterThan(SEEDS)
    const ends = new Set(played.flatMap((one) => one.ends))
    expect([...ends].sort()).toEqual(['DONE', 'FAILED', 'HUMAN', 'JOINED', 'REFUSED'])
  })

  it('are held for a person, and told, where Huawei hides longer; even then none is sent twice', async () => {
    const played = await playMany({ visible: 'beyond', ifUnseen: 'hold' })
    expect(brokenIn(played)).toEqual([])
    expect(played.some(({ logged }) => logged.has('operation held'))).toBe(true)
    expect(played.some(({ logged }) => logged.has('operation unknown'))).toBe(true)
  })

  it('may be sent once more after the settle time where the policy says so, and are still one', async () => {
    expect(brokenIn(await playMany({ visible: 'within', ifUnseen: 'repeat' }))).toEqual([])
  })

  it('would be doubled by sending once more where Huawei hides longer: the settle time is what counts', async () => {
    const played = await playMany({ visible: 'beyond', ifUnseen: 'repeat' }, 40)
    expect(played.reduce((sum, { doubles }) => sum + doubles, 0)).toBeGreaterThan(0)
  })

  it.each([
    ['intent', /without its intent/],
    ['doubt', /checkpoints too many/],
    ['looking', /was started and ended as HUMAN/],
  ] as const)('would not be without the guard: %s', async (without, expected) => {
    const played = await playMany({ visible: 'within', ifUnseen: 'hold', without }, 15)
    expect(brokenIn(played).join('\n')).toMatch(expected)
  })
})
