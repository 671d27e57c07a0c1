import { describe, expect, it } from 'vitest'
import { killCommands, killDurable } from '../../support/kills.ts'

// A hundred of each: npm run bench -- kills.
describe('SIGKILL', () => {
  it('of the command leaves whole reports only, and the next run finishes', async () => {
    expect(await killCommands(3, 1)).toMatchObject({ kills: 3 })
  }, 120_000)

  it('of a durable audit, whose turns are too short for a target, leaves one report for each, with the same findings', async () => {
    expect(await killDurable(3, 2, 3)).toMatchObject({ kills: 3 })
  }, 120_000)
})
