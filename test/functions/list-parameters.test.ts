import { describe, expect, it } from 'vitest'
import { Fault } from '../../lib/errors.ts'
import { readBackupsWish } from '../../local/commands/backups-flags.ts'
import { flagNamed } from '../../local/flag-of-pointer.ts'
import { fleetOf, INSTANCE_ID } from '../local/emulator/fleet-of.ts'
import { withDoor } from '../support/door.ts'
import { rowsAt } from '../support/json.ts'
import { CBR_SAMPLES, DCS_SAMPLES, type Samples } from '../support/parameter-samples.ts'

const fleet = fleetOf([], { instances: [{ instance_id: INSTANCE_ID, cache_mode: 'ha' }], records: {} })

const rowsOf = (path: string, flags: readonly string[], samples: Readonly<Record<string, Samples>>) =>
  Object.entries(samples).map(([name, one]) => ({ path, flags, name, ...one }))
const rows = [
  ...rowsOf('/backups', [], CBR_SAMPLES),
  ...rowsOf(`/instances/${INSTANCE_ID}/backups`, ['--instance-id', INSTANCE_ID], DCS_SAMPLES),
]

/** Half a character cannot be sent over HTTP. */
const isSendable = (value: string) => value.isWellFormed()

function mistakesOf(argv: readonly string[]): readonly string[] {
  try {
    readBackupsWish(argv, {})
    return []
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return error.mistakes.map(({ pointer }) => pointer)
  }
}

describe.each(rows)('$name of $path', ({ path, flags, name, allowed, refused }) => {
  it('is taken over HTTP at its edges, and passed on', () =>
    withDoor({ fleet }, async ({ call, emulator }) => {
      for (const value of allowed) {
        const before = emulator.requests.length
        const { status } = await call(`GET ${path}?${name}=${encodeURIComponent(value)}`)
        // A marker must be that of a backup, which no sample is.
        expect(status, value).toBe(name === 'marker' ? 404 : 200)
        const [sent] = emulator.requests.slice(before).filter(({ path: at }) => at.endsWith('/backups'))
        const [[key, passed] = []] = new URLSearchParams(sent?.query)
        expect(key).toBe(name)
        if (name.endsWith('_time') && path !== '/backups') expect(passed).toMatch(/^\d{14}$/)
        else expect(passed).toBe(value)
      }
    }))

  it('is refused over HTTP beyond them, by its name, and Huawei is not asked', () =>
    withDoor({ fleet }, async ({ call, emulator }) => {
      for (const value of refused.filter(isSendable)) {
        const heard = await call(`GET ${path}?${name}=${encodeURIComponent(value)}`)
        expect(heard.status, value).toBe(400)
        expect(heard.body.errors).toEqual([
          { pointer: `/query/${name}`, detail: expect.stringMatching(/^found ".*, allowed is /s) },
        ])
      }
      expect(emulator.requests).toEqual([])
    }))

  it('is the same as a flag', () => {
    const flag = `--${flagNamed(name)}`
    for (const value of allowed) {
      const wish = readBackupsWish([...flags, `${flag}=${value}`], {})
      expect(wish?.query).toEqual([[name, value]])
    }
    for (const value of refused) expect(mistakesOf([...flags, `${flag}=${value}`]), value).toEqual([flag])
  })
})

it('names the mistakes of all parameters at once, over HTTP and as flags', () =>
  withDoor({ fleet }, async ({ call }) => {
    const worst = Object.entries(CBR_SAMPLES).map(
      ([name, { refused }]) =>
        [name, refused.find((value) => value !== '' && isSendable(value)) ?? ''] as const,
    )
    const { body } = await call(
      `GET /backups?${worst.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`,
    )
    const pointers = rowsAt(body, 'errors').map(({ pointer }) => pointer)
    expect(pointers).toEqual(Object.keys(CBR_SAMPLES).map((name) => `/query/${name}`))
    const flags = worst.map(([name, value]) => `--${flagNamed(name)}=${value}`)
    expect(mistakesOf(flags)).toEqual(Object.keys(CBR_SAMPLES).map((name) => `--${flagNamed(name)}`))
  }))
