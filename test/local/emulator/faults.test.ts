import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '../../../local/emulator/actions.ts'
import { FaultSpecError, parseFault } from '../../../local/emulator/fault-spec.ts'
import { rowsAt } from '../../support/json.ts'
import { type Answer, ask, NOW, withEmulator } from './client.ts'
import { backupOf, fleetOf, PROJECT_ID, uuidOf, VAULT_ID } from './fleet-of.ts'

const PATH = `/v3/${PROJECT_ID}/backups`
const backups = Array.from({ length: 30 }, (_, index) =>
  backupOf(index, `2026-11-${String(10 + (index % 3)).padStart(2, '0')}T00:00:00.000000`),
)
const fleet = fleetOf(backups)

describe('parseFault', () => {
  it.each([
    'cbr.nothing:reset',
    'reset',
    '',
    'cbr.backups',
    'cbr.backups:explode',
    'cbr.backups:status',
    'cbr.backups:status=999',
    'cbr.backups:reset=1',
    'cbr.backups:count=3',
    'cbr.backups:limit=0',
    'cbr.backups:reset:sometimes',
    'cbr.backups:reset:times=x',
    'cbr.backups:reset:rate=2',
  ])('refuses %j and lists what is allowed', (spec) => {
    expect(() => parseFault(spec, OPERATIONS)).toThrow(FaultSpecError)
    expect(() => parseFault(spec, OPERATIONS)).toThrow(/Cannot plant .*cbr\.backups.*truncate.*times=N/s)
  })
})

describe('a planted fault', () => {
  const statuses = async (spec: string, times: number) => {
    const seen: (number | string)[] = []
    await withEmulator({ fleet, faults: [spec] }, async (emulator) => {
      for (let round = 0; round < times; round++)
        seen.push(
          await ask(emulator, PATH).then(
            ({ status }) => status,
            () => 'broken',
          ),
        )
    })
    return seen
  }

  it.each([
    ['cbr.backups:status=500:times=2', [500, 500, 200]],
    ['cbr.backups:status=503:after=1', [200, 503, 503]],
    ['cbr.*:status=502:times=1:after=1', [200, 502, 200]],
    ['*:throttled:times=1', [429, 200, 200]],
    ['cbr.backups:reset:times=1', ['broken', 200, 200]],
    ['cbr.backups:truncate:times=1', ['broken', 200, 200]],
    ['cbr.backups:empty:times=1', [204, 200, 200]],
    ['cbr.backups:redirect:times=1', [302, 200, 200]],
    ['cbr.backups:unauthorized:times=1', [401, 200, 200]],
    ['cbr.vaults:reset', [200, 200, 200]],
    ['dcs.*:reset', [200, 200, 200]],
    ['cbr.backups:reset:path=nowhere', [200, 200, 200]],
    ['cbr.backups:status=500:project=cn-north-4', [500, 500, 500]],
    ['cbr.backups:status=500:project=elsewhere', [200, 200, 200]],
    ['cbr.backups:status=500:rate=0', [200, 200, 200]],
  ])('%s answers %j', async (spec, expected) => {
    expect(await statuses(spec, 3)).toEqual(expected)
  })

  it('strikes at its rate, the same requests for the same seed', async () => {
    const first = await statuses('cbr.backups:status=500:rate=0.5', 40)
    const struck = first.filter((status) => status === 500).length
    expect(struck).toBeGreaterThan(8)
    expect(struck).toBeLessThan(32)
    expect(await statuses('cbr.backups:status=500:rate=0.5', 40)).toEqual(first)
  })

  const bodyUnder = async (faults: readonly string[], query: Record<string, string> = {}, rounds = 1) => {
    const answers: Answer[] = []
    await withEmulator({ fleet, faults }, async (emulator) => {
      for (let round = 0; round < rounds; round++)
        answers.push(
          await ask(emulator, PATH, {
            query: { ...query, ...(rounds > 1 && { offset: String(round * 5) }) },
          }),
        )
    })
    return answers
  }
  const idsOf = (answer: Answer | undefined) => rowsAt(answer?.body, 'backups').map(({ id }) => id)

  it('spoils bodies: HTML, an error as 200, JSON that ends in the middle', async () => {
    const [html] = await bodyUnder(['cbr.backups:html'])
    expect(html?.headers.get('content-type')).toMatch(/^text\/html/)
    const [error] = await bodyUnder(['cbr.backups:error-200'])
    expect(error).toMatchObject({ status: 200, body: { error_code: 'BackupService.9900' } })
    const [cut] = await bodyUnder(['cbr.backups:cut-json'])
    expect(cut?.status).toBe(200)
    expect(cut?.text.startsWith('{"backups":[')).toBe(true)
    expect(() => JSON.parse(cut?.text ?? '{}')).toThrow(SyntaxError)
    const [late] = await bodyUnder(['cbr.backups:expired-signature'])
    expect(late?.body.error_msg).toMatch(/signature expired, signature time:20261120T093000Z,server time:/)
    const [wait] = await bodyUnder(['cbr.backups:status=503:code=APIGW.0201:retry-after=7'])
    expect(wait?.headers.get('retry-after')).toBe('7')
    expect(wait?.body.error_code).toBe('APIGW.0201')
  })

  it('bends lists: a hidden cap, a lie about the count, rows that come again', async () => {
    const [capped] = await bodyUnder(['cbr.backups:limit=7'])
    expect(capped?.body).toMatchObject({ limit: 1000, count: 30 })
    expect(capped?.body.backups).toHaveLength(7)
    expect((await bodyUnder(['cbr.backups:limit=7:echo']))[0]?.body.limit).toBe(7)
    expect((await bodyUnder(['cbr.backups:count=+3']))[0]?.body.count).toBe(33)
    expect((await bodyUnder(['cbr.backups:count=-3']))[0]?.body.count).toBe(27)
    const [first, second] = await bodyUnder(['cbr.backups:duplicate-page'], { limit: '5' }, 2)
    expect(idsOf(second)).toEqual([...idsOf(first), ...idsOf(second).slice(5)])
    const [one, again] = await bodyUnder(['cbr.backups:stale-page'], { limit: '5' }, 2)
    expect(idsOf(again)).toEqual(idsOf(one))
  })

  it('bends order and filters: unsorted, unfiltered, unstable, unseen', async () => {
    const ascending = { sort: 'created_at:asc' }
    expect(idsOf((await bodyUnder(['cbr.backups:ignore-sort'], ascending))[0])).toEqual(
      idsOf((await bodyUnder([]))[0]),
    )
    const nothing = { vault_id: uuidOf(99), start_time: '2027-01-01T00:00:00Z' }
    expect((await bodyUnder(['cbr.backups:ignore-filter'], nothing))[0]?.body.count).toBe(30)
    const vault = { vault_id: VAULT_ID, start_time: '2027-01-01T00:00:00Z' }
    expect((await bodyUnder(['cbr.backups:ignore-filter=start_time'], vault))[0]?.body.count).toBe(30)
    expect((await bodyUnder(['cbr.backups:ignore-filter=start_time'], nothing))[0]?.body.count).toBe(0)
    const loose: unknown[][] = []
    await withEmulator({ fleet, faults: ['cbr.backups:unstable-ties'] }, async (emulator) => {
      for (let round = 0; round < 2; round++)
        loose.push(idsOf(await ask(emulator, PATH, { query: ascending })))
    })
    expect(loose[0]).not.toEqual(loose[1])
    expect(loose[0]?.toSorted()).toEqual(loose[1]?.toSorted())
    const since = Math.ceil((NOW - Date.parse('2026-11-12T00:00:00Z')) / 1000)
    expect((await bodyUnder([`cbr.backups:invisible=${since}`]))[0]?.body.count).toBe(20)
  })

  it('carries a request out before it fails, where asked to', () =>
    withEmulator(
      { fleet: fleetOf([]), faults: ['cbr.checkpoints:reset:executed:times=1'] },
      async (emulator) => {
        const body = { checkpoint: { vault_id: VAULT_ID } }
        await expect(
          ask(emulator, `/v3/${PROJECT_ID}/checkpoints`, { method: 'POST', body }),
        ).rejects.toThrow()
        expect((await ask(emulator, PATH)).body.count).toBe(2)
      },
    ))

  it('refuses to start with a fault it does not understand', async () => {
    await expect(withEmulator({ faults: ['nonsense'] }, async () => {})).rejects.toThrow(FaultSpecError)
  })
})
