import { describe, expect, it } from 'vitest'
import { fromEpochMs, type Instant } from '../../lib/time.ts'
import { SERVER_ID, uuidOf, VAULT_ID, VOLUME_ID } from '../local/emulator/fleet-of.ts'
import { type Door, type Heard, withDoor } from '../support/door.ts'
import { type FaultServer, startFaultServer } from '../support/fault-server.ts'
import { objectAt } from '../support/json.ts'

const CHECKPOINT_ID = uuidOf(900)

type Parameters = Readonly<Record<string, unknown>>
type Wire = Readonly<Record<string, unknown>>

const vaultOf = (resources: unknown, skipped: unknown = []) => ({
  id: VAULT_ID,
  resources,
  skipped_resources: skipped,
})
const checkpointOf = (vault: unknown, status = 'protecting') => ({
  checkpoint: { id: CHECKPOINT_ID, status, vault },
})
const backupOf = (resourceId: string, status = 'available') => ({
  ...{ id: `b-${resourceId}`, checkpoint_id: CHECKPOINT_ID, resource_id: resourceId, resource_name: null },
  status,
})

/** What the real stack says where a Huawei of our own answers: first to the order, then to whoever follows it. */
interface World {
  readonly now?: () => Instant
  /** A text is sent as it is. */
  readonly answer: unknown
  /** The checkpoint and its backups at each look. */
  readonly looks?: readonly { readonly checkpoint: unknown; readonly backups: readonly Wire[] }[]
}

async function withAnswers(world: World, work: (site: Site) => Promise<void>): Promise<void> {
  let look = 0
  const server = await startAnswering(world, () => look)
  const environment = { HUAWEICLOUD_SDK_REGION_CBR_CN_NORTH_4: server.origin }
  const next = () => {
    look += 1
  }
  try {
    await withDoor({ environment, ...(world.now && { now: world.now }) }, (door) =>
      work({ ...door, posts: () => postsTo(server), next }),
    )
  } finally {
    await server.close()
  }
}

function startAnswering({ answer, looks = [] }: World, look: () => number): Promise<FaultServer> {
  return startFaultServer([
    (response, { method, url }) => {
      const moment = looks[Math.min(look(), looks.length - 1)]
      const isList = /\/backups\?/.test(url)
      const listed = { backups: /offset=[1-9]/.test(url) ? [] : (moment?.backups ?? []) }
      const body = method === 'POST' ? answer : isList ? listed : (moment?.checkpoint ?? answer)
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      response.writeHead(200, { 'content-type': 'application/json' }).end(text)
    },
  ])
}

interface Site extends Pick<Door, 'call' | 'sweep' | 'logged' | 'store'> {
  readonly posts: () => number
  /** Lets the next look see the next moment. */
  readonly next: () => void
}

const postsTo = ({ seen }: FaultServer) => seen.filter(({ method }) => method === 'POST').length

function order({ call }: Site, parameters?: Parameters): Promise<Heard> {
  const checkpoint = { vault_id: VAULT_ID, ...(parameters && { parameters }) }
  return call('POST /checkpoints?region=cn-north-4', {
    body: { checkpoint },
    headers: { 'idempotency-key': 'k' },
  })
}

const ask = ({ call }: Site, { headers }: Heard) => call(`GET ${headers['operation']}`)

/** Keys that nobody knows, in an order of their own, and numbers that JSON of ours would write in another way. */
const wordsOf = (more = '') => `{ "took": 1.0,
 "checkpoint": {"status": "protecting", "n": 12345678901234567890, "vault": {"skipped_resources": [], "name": "v",
 "resources": [{"type": "OS::Nova::Server", "id": "${SERVER_ID}"}], "id": "${VAULT_ID}"}, "id": "${CHECKPOINT_ID}"${more}}}
`

/** The record of an operation in the ledger, without the words that it keeps. */
async function forgetWords({ store }: Site, { headers }: Heard): Promise<void> {
  const key = `ledger${headers['operation']?.replace('s/', '/')}.json`
  const { bytes, version } = (await store.get(key)) ?? expect.unreachable()
  const { answer_text: _, ...record } = JSON.parse(bytes.toString())
  expect(await store.replaceIfUnchanged(key, JSON.stringify(record), version)).toBe(true)
}

const BOTH = { resources: [SERVER_ID, VOLUME_ID] }

describe('the body of Huawei', () => {
  const ended = { checkpoint: checkpointOf(undefined, 'available'), backups: [backupOf(SERVER_ID)] }
  const inOrder = (text: string) => JSON.stringify(JSON.parse(text))

  it.each([
    ['protecting', wordsOf()],
    ['none', wordsOf().replace('"status": "protecting", ', '')],
    [
      'protecting, and a resource was left out',
      wordsOf().replace('"skipped_resources": []', '"skipped_resources": [{"id": "left-out", "n": 1.0}]'),
    ],
  ])(
    'is passed on to the letter, and again as long as nothing newer is known; its status is %s',
    (_, words) =>
      withAnswers({ answer: words, looks: [{ checkpoint: words, backups: [] }] }, async (site) => {
        const heard = await order(site)
        expect(heard).toMatchObject({ status: words.includes('left-out') ? 207 : 200, text: words })
        await ask(site, heard)
        expect((await order(site)).text).toBe(words)
        expect(site.posts()).toBe(1)
      }),
  )

  it('keeps the order of its keys where a newer status is told in it', () =>
    withAnswers({ answer: wordsOf(), looks: [ended] }, async (site) => {
      const heard = await order(site)
      const told = inOrder(wordsOf()).replace('protecting', 'available')
      expect(JSON.stringify(objectAt((await ask(site, heard)).body, 'checkpoint'))).toBe(
        JSON.stringify(JSON.parse(told).checkpoint),
      )
      expect((await order(site)).text).toBe(told)
    }))

  it('keeps the order of its keys where resources were left out later', () => {
    const late = { id: SERVER_ID, code: 'BackupService.6215' }
    const looks = [{ checkpoint: checkpointOf(vaultOf([], [late])), backups: [] }]
    return withAnswers({ answer: wordsOf(), looks }, async (site) => {
      await ask(site, await order(site))
      const { checkpoint, ...rest } = JSON.parse(wordsOf())
      const vault = { ...checkpoint.vault, skipped_resources: [late], resources: [] }
      const text = JSON.stringify({ ...rest, checkpoint: { ...checkpoint, vault } })
      expect(await order(site)).toMatchObject({ status: 207, text })
    })
  })

  it.each([
    ['a record of before has none of its words', '', forgetWords],
    ['it is too long to be kept', `, "long": "${'x'.repeat(2 ** 20)}"`, async () => {}],
  ])('is written anew, in the order of its keys, where %s', (_, more, forget) =>
    withAnswers({ answer: wordsOf(more) }, async (site) => {
      await forget(site, await order(site))
      expect((await order(site)).text).toBe(inOrder(wordsOf(more)))
    }),
  )
})

describe('POST /checkpoints, where Huawei answers 200', () => {
  it.each([
    ['takes in nothing and leaves out nothing', vaultOf([]), undefined, 'which resources'],
    ['says nothing of one that was asked for', vaultOf([{ id: SERVER_ID }]), BOTH, VOLUME_ID],
    ['takes in others than asked for', vaultOf([{ id: uuidOf(7) }]), { resources: [SERVER_ID] }, SERVER_ID],
    [
      'speaks of fewer than asked for with their details',
      vaultOf([{ id: SERVER_ID }]),
      detailsOf(SERVER_ID, VOLUME_ID),
      '1 of the 2 resources',
    ],
    [
      'speaks of one of them twice',
      vaultOf([{ id: SERVER_ID }, { id: SERVER_ID.toUpperCase() }]),
      detailsOf(SERVER_ID, VOLUME_ID),
      '1 of the 2 resources',
    ],
  ])('answers 202 and says what is open where it %s, and sends nothing again', (_, vault, parameters, what) =>
    withAnswers({ answer: checkpointOf(vault) }, async (site) => {
      const heard = await order(site, parameters)
      expect(heard).toMatchObject({
        status: 202,
        body: { state: 'started', because: expect.stringContaining(what), checkpoint_id: CHECKPOINT_ID },
      })
      expect(await order(site, parameters)).toMatchObject({ status: 202 })
      expect(site.posts()).toBe(1)
    }),
  )

  it.each([
    ['in other letters', vaultOf([{ id: SERVER_ID.toUpperCase() }], null), { resources: [SERVER_ID] }],
    ['and names no vault at all', undefined, { resources: [SERVER_ID] }],
    ['under another id', vaultOf([{ id: uuidOf(7) }]), detailsOf(SERVER_ID)],
  ])('answers 200 where it takes in what was asked for %s', (_, vault, parameters) =>
    withAnswers({ answer: checkpointOf(vault) }, async (site) => {
      expect(await order(site, parameters)).toMatchObject({ status: 200 })
    }),
  )

  it('answers 502 where it says in the same breath that the checkpoint has failed, which is written down', () =>
    withAnswers({ answer: checkpointOf(vaultOf([{ id: SERVER_ID }]), 'error') }, async (site) => {
      for (const heard of [await order(site), await order(site)])
        expect(heard).toMatchObject({ status: 502, body: { code: 'upstream_refused' } })
      expect(await ask(site, await order(site))).toMatchObject({
        status: 200,
        body: { state: 'failed', because: 'its status is error', checkpoint_id: CHECKPOINT_ID },
      })
      expect(site.posts()).toBe(1)
    }))

  it('answers 202 where it names another vault, and takes that checkpoint for its own at no later look', () => {
    const row = { ...backupOf(SERVER_ID), name: 'nightly_0001' }
    const looks = [{ checkpoint: checkpointOf(undefined, 'available'), backups: [row] }]
    return withAnswers({ answer: checkpointOf({ ...vaultOf([]), id: uuidOf(8) }), looks }, async (site) => {
      const heard = await order(site, { name: 'nightly' })
      expect(await ask(site, heard)).toMatchObject({
        status: 202,
        body: { state: 'unknown', checkpoint_id: null },
      })
    })
  })

  it('answers 202 where it names another vault, and looks for what was asked for', () =>
    withAnswers({ answer: checkpointOf({ ...vaultOf([]), id: uuidOf(8) }) }, async (site) => {
      expect(await order(site)).toMatchObject({
        status: 202,
        body: { state: 'unknown', because: expect.stringContaining(uuidOf(8)), checkpoint_id: null },
      })
      expect(site.posts()).toBe(1)
    }))
})

describe('GET /checkpoints/{operation}', () => {
  const answer = checkpointOf(vaultOf([{ id: SERVER_ID, name: 'web' }, { id: VOLUME_ID }]))
  const available = { checkpoint: checkpointOf(undefined, 'available') }

  it('goes on while no backup of a resource is in sight, says of which, and remembers what was there', () => {
    const looks = [
      { ...available, backups: [] },
      { ...available, backups: [backupOf(SERVER_ID)] },
      { ...available, backups: [backupOf(VOLUME_ID)] },
    ]
    return withAnswers({ answer, looks }, async (site) => {
      const heard = await order(site)
      expect(heard.status).toBe(200)
      const because = (names: string) =>
        `No backup of ${names} is in sight, though Huawei calls the checkpoint available`
      for (const names of [`web (${SERVER_ID}), ${VOLUME_ID}`, VOLUME_ID]) {
        expect(await ask(site, heard)).toMatchObject({
          status: 202,
          body: { state: 'started', because: because(names) },
        })
        site.next()
      }
      expect(await ask(site, heard)).toMatchObject({ status: 200, body: { state: 'done', because: null } })
    })
  })

  it('rings after 15 minutes, and has failed where there is no trace of a backup for a day', () => {
    let nowMs = Date.UTC(2026, 10, 29)
    const now = () => fromEpochMs(nowMs)
    return withAnswers({ answer, looks: [{ ...available, backups: [] }], now }, async (site) => {
      const heard = await order(site)
      const rings = async (minutes: number) => {
        nowMs += minutes * 60_000
        await site.sweep()
        return site.logged.filter((line) => 'message' in line && line.message === 'operation unknown').length
      }
      expect(await rings(14)).toBe(0)
      expect(await rings(1)).toBe(1)
      expect(await rings(24 * 60)).toBe(1)
      expect(await ask(site, heard)).toMatchObject({
        status: 200,
        body: { state: 'failed', because: expect.stringContaining('never made, or deleted') },
      })
    })
  })

  it('takes from what Huawei says later which resources it is about', () => {
    const later = vaultOf([{ id: SERVER_ID }], [{ id: VOLUME_ID, code: 'BackupService.6215' }])
    const looks = [
      { checkpoint: checkpointOf(later, 'available'), backups: [] },
      { checkpoint: checkpointOf(later, 'available'), backups: [backupOf(SERVER_ID)] },
    ]
    return withAnswers({ answer: checkpointOf(vaultOf([])), looks }, async (site) => {
      const heard = await order(site)
      expect(await ask(site, heard)).toMatchObject({
        status: 202,
        body: { state: 'partial', because: expect.stringContaining(SERVER_ID) },
      })
      site.next()
      expect(await ask(site, heard)).toMatchObject({ status: 207, body: { state: 'done' } })
    })
  })

  const leftOut = [{ id: VOLUME_ID, code: 'BackupService.6215' }]

  it.each([
    ['takes in the others', vaultOf([{ id: SERVER_ID, name: 'web' }], leftOut)],
    [
      'still lists them all as taken in',
      vaultOf([{ id: SERVER_ID, name: 'web' }, { id: VOLUME_ID }], leftOut),
    ],
    ['lists nothing else', { id: VAULT_ID, skipped_resources: leftOut }],
  ])('counts what Huawei says only later that it left out, where it then %s', (_, later) => {
    const checkpoint = checkpointOf(later, 'available')
    const looks = [
      { checkpoint, backups: [] },
      { checkpoint, backups: [backupOf(SERVER_ID)] },
    ]
    return withAnswers({ answer, looks }, async (site) => {
      const heard = await order(site)
      expect(heard.status).toBe(200)
      const because = `No backup of web (${SERVER_ID}) is in sight, though Huawei calls the checkpoint available`
      expect(await ask(site, heard)).toMatchObject({ status: 202, body: { state: 'partial', because } })
      site.next()
      expect(await ask(site, heard)).toMatchObject({
        status: 207,
        body: {
          state: 'done',
          checkpoint: { vault: { resources: [{ id: SERVER_ID }], skipped_resources: leftOut } },
        },
      })
      expect((await order(site)).status).toBe(207)
    })
  })

  it('counts one more that Huawei left out than it had said, and forgets none', () => {
    const other = { id: uuidOf(7), code: 'BackupService.6215' }
    const first = vaultOf([{ id: SERVER_ID }, { id: uuidOf(7) }], leftOut)
    const looks = [
      { checkpoint: checkpointOf(vaultOf([], [other]), 'available'), backups: [backupOf(SERVER_ID)] },
    ]
    return withAnswers({ answer: checkpointOf(first), looks }, async (site) => {
      const heard = await order(site)
      expect(heard.status).toBe(207)
      expect(await ask(site, heard)).toMatchObject({
        status: 207,
        body: { state: 'done', checkpoint: { vault: { skipped_resources: [...leftOut, other] } } },
      })
    })
  })

  it('counts nothing that Huawei says of another vault', () => {
    const checkpoint = checkpointOf({ ...vaultOf([], leftOut), id: uuidOf(8) }, 'available')
    const looks = [{ checkpoint, backups: [backupOf(SERVER_ID), backupOf(VOLUME_ID)] }]
    return withAnswers({ answer, looks }, async (site) =>
      expect(await ask(site, await order(site))).toMatchObject({ status: 200, body: { state: 'done' } }),
    )
  })

  it('is done by the backups of what was asked for with its details, whatever ids the answer has', () => {
    const looks = [{ ...available, backups: [backupOf(SERVER_ID)] }]
    return withAnswers({ answer: checkpointOf(vaultOf([{ id: uuidOf(7) }])), looks }, async (site) => {
      const heard = await order(site, detailsOf(SERVER_ID))
      expect(await ask(site, heard)).toMatchObject({ status: 200, body: { state: 'done' } })
    })
  })

  it('goes on where the answer speaks of fewer than were asked for with their details', () => {
    const looks = [{ ...available, backups: [backupOf(SERVER_ID)] }]
    return withAnswers({ answer: checkpointOf(vaultOf([{ id: SERVER_ID }])), looks }, async (site) => {
      const heard = await order(site, detailsOf(SERVER_ID, VOLUME_ID))
      expect(await ask(site, heard)).toMatchObject({ status: 202, body: { state: 'started' } })
    })
  })
})

function detailsOf(...ids: readonly string[]): Parameters {
  return { resource_details: ids.map((id) => ({ id, type: 'OS::Nova::Server' })) }
}
