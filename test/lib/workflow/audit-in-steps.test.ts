import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Fault } from '../../../lib/errors.ts'
import { readManifest, readSummary } from '../../../lib/report/read-record.ts'
import { goOn } from '../../../lib/runtime/durable-execution.ts'
import type { LogFields } from '../../../lib/runtime/log.ts'
import type { Services } from '../../../lib/runtime/services.ts'
import { hours, type Instant } from '../../../lib/time.ts'
import { auditOrdered } from '../../../lib/workflow/audit-ordered.ts'
import { type AuditWorld, openAuditWorld } from '../../support/audit-world.ts'
import { eventFleet } from '../../support/event-fleet.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { bytesOf, expectWhole, foldersOf } from '../../support/report-laws.ts'

const NAME = '20261120T120000.000Z-aa'

let world: AuditWorld

beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }))
afterAll(() => LocalDurableTestRunner.teardownTestEnvironment())
beforeEach(async () => {
  world = await openAuditWorld()
})
afterEach(() => world.close())

interface Turns {
  readonly change?: Partial<Services>
  /** The time that is left in each turn, the last one for all that follow; plenty unless told. */
  readonly remainingMs?: readonly number[]
}

/** Audits as a durable execution, turn by turn, all waits skipped. */
async function auditInTurns({ change = {}, remainingMs = [899_123] }: Turns = {}) {
  const logged: string[] = []
  const log = (_: string, message: string, { because = '' }: Partial<LogFields>) =>
    void logged.push(because === '' ? message : `${message}: ${because}`)
  const services = { ...world.services, ...change, log }
  let turns = 0
  const runner = new LocalDurableTestRunner<{ audit_id: string; verdict: string }>({
    handlerFunction: (turn, context) => {
      const left = remainingMs[turns] ?? remainingMs.at(-1) ?? 0
      turns += 1
      const limited = { ...context, getRemainingTimeInMillis: () => left }
      return goOn(turn, limited, log, (_, steps) =>
        auditOrdered(services, world.order, { auditId: NAME, steps }),
      )
    },
  })
  const execution = await runner.run({ payload: {} })
  return {
    status: execution.getStatus(),
    result: execution.getStatus() === 'SUCCEEDED' ? execution.getResult() : undefined,
    error: execution.getStatus() === 'FAILED' ? execution.getError() : undefined,
    steps: execution.getOperations().flatMap((operation) => operation.getName() ?? []),
    logged,
  }
}

/** Fails so many times as if the store could not be reached, and works then. */
function failing(times: number): Pick<Services, 'store'> {
  let left = times
  return {
    store: {
      ...world.store,
      probe: async () => {
        left -= 1
        if (left >= 0) throw new Fault('unavailable', 'Cannot reach the store')
      },
    },
  }
}

describe('an audit in remembered steps', () => {
  it('publishes what an audit in one go publishes, and leaves no parts behind', async () => {
    const { status, result, steps } = await auditInTurns()
    expect({ status, result }).toMatchObject({ status: 'SUCCEEDED', result: { audit_id: NAME } })
    const target = (service: string) => `${service}:cn-north-4:0605767b5780d5762fc5c0118072a564`
    for (const step of ['plan', target('cbr'), target('dcs'), 'publish', 'clear away'])
      expect(steps).toContain(step)
    await expectWhole(world.store, NAME)
    expect([...world.store.objects.keys()].filter((key) => key.includes('/parts/'))).toEqual([])

    const store = createMemoryStore()
    await auditOrdered({ ...world.services, store }, world.order, { auditId: NAME })
    for (const file of ['findings.ndjson', 'resources.ndjson', 'findings.csv', 'findings.ocsf.ndjson']) {
      const [one, other] = [
        await bytesOf(world.store, `${NAME}/${file}`),
        await bytesOf(store, `${NAME}/${file}`),
      ]
      expect(one.equals(other), file).toBe(true)
    }
  })

  it('doubts what may lie in a target that was not read, as an audit in one go does', async () => {
    await world.close()
    const [home] = eventFleet().projects
    if (home === undefined) throw new Error('There is no project')
    const vault = { id: 'vault-1', name: 'gold', resources: [{ id: 'server-9', name: 'web-9' }] }
    const replicating = {
      id: 'policy-1',
      operation_type: 'replication',
      enabled: true,
      associated_vaults: [{ vault_id: 'vault-1' }],
    }
    const far = { ...home, id: `${home.id.slice(0, -3)}fff`, name: 'eu-west-101', region: 'eu-west-101' }
    const fleet = {
      projects: [
        { ...home, vaults: [vault], policies: [replicating] },
        { ...far, backups: [], instances: [] },
      ],
    }
    const policy = { replication: { required: 'auto' } }
    world = await openAuditWorld({ fleet, policy, faults: [`cbr.backups:status=403:project=${far.id}`] })
    expect(await auditInTurns()).toMatchObject({ result: { verdict: 'incomplete' } })
    const store = createMemoryStore()
    await auditOrdered({ ...world.services, store }, world.order, { auditId: NAME })
    const unknownIn = async (from: Services['store']) =>
      JSON.parse((await bytesOf(from, `${NAME}/summary.json`)).toString()).unknown
    expect(await unknownIn(world.store)).toEqual(await unknownIn(store))
    expect((await unknownIn(store)).because).toContainEqual({
      control: 'recovery-point-missing',
      because: `A copy of it may lie where not all backups could be read: CBR of eu-west-101/${far.id}`,
      count: expect.any(Number),
    })
  })

  it('tries a step again after a minute and after two while the store is in trouble', async () => {
    const { status, logged } = await auditInTurns({ change: failing(2) })
    expect(status).toBe('SUCCEEDED')
    expect(logged.filter((line) => line === 'invocation failed: Cannot reach the store')).toHaveLength(2)
  })

  it('fails with the code and the words of the fault where trying again did not help', async () => {
    const { error } = await auditInTurns({ change: failing(3) })
    expect(error).toMatchObject({ errorType: 'unavailable', errorMessage: 'Cannot reach the store' })
    expect(await foldersOf(world.store)).toEqual([])
  })

  it('tells nobody the words of a defect', async () => {
    const { store } = world
    const defective = { ...store, get: () => Promise.reject(new TypeError('the key is s3cret')) }
    const { error, logged } = await auditInTurns({ change: { store: defective } })
    expect(error?.errorType).toBe('internal')
    expect(JSON.stringify({ error, logged })).not.toContain('s3cret')
  })

  it('starts no call where no time is left, and goes on in the next turn; 0 ms is no time', async () => {
    const before = world.emulator.requests.length
    let asked: number | undefined
    const { services } = world
    const { status, result } = await auditInTurns({
      remainingMs: [0, 600_000],
      change: {
        now: () => {
          asked ??= world.emulator.requests.length - before
          return services.now()
        },
      },
    })
    expect(asked).toBe(0)
    expect({ status, result }).toMatchObject({ status: 'SUCCEEDED', result: { verdict: 'complete' } })
  })

  it('says which targets could not be read where no turn is long enough, instead of trying for ever', async () => {
    const { status, error } = await auditInTurns({ remainingMs: [1500] })
    expect(status).toBe('FAILED')
    expect(error).toMatchObject({ errorType: 'upstream_timeout' })
    expect(world.emulator.requests.filter(({ path }) => path.endsWith('/backups'))).toEqual([])
  })

  it('starts again, under another name, where its state is older than a day', async () => {
    const { services } = world
    let looks = 0
    const now = (): Instant => {
      looks += 1
      return (services.now() + (looks > 2 ? hours(25) : 0)) as Instant
    }
    const { status, result, logged } = await auditInTurns({ change: { now } })
    expect(status).toBe('SUCCEEDED')
    expect(logged.join()).toContain('audit starts again')
    expect(await foldersOf(world.store)).toEqual([result?.audit_id])
    expect(result?.audit_id).not.toBe(NAME)
  })

  it('waits and starts again where nothing at all could be read', async () => {
    const { services } = world
    let isDown = true
    const now = () => {
      // Somebody asks for the time after the first plan was kept: Huawei is back before the second one.
      if (isDown && world.store.objects.size > 0) isDown = false
      return services.now()
    }
    const sendTo: Services['sendTo'] = (region) => (request, signal) => {
      if (isDown) throw new Fault('upstream_unavailable', 'Huawei did not answer')
      return services.sendTo(region)(request, signal)
    }
    const { status, result } = await auditInTurns({ change: { sendTo, now } })
    expect(status).toBe('SUCCEEDED')
    expect(await foldersOf(world.store)).toEqual([result?.audit_id])
    expect(result).toMatchObject({ verdict: 'complete' })
  })

  it('goes on with the other targets where one fails for good, and says which', async () => {
    const { services } = world
    const sendTo: Services['sendTo'] = (region) => (request, signal) => {
      if (request.path.includes('/v2/')) throw new Fault('upstream_unavailable', 'Huawei did not answer')
      return services.sendTo(region)(request, signal)
    }
    const { result } = await auditInTurns({ change: { sendTo } })
    expect(result).toMatchObject({ audit_id: NAME, verdict: 'incomplete' })
    const manifest = await readManifest(world.store, NAME)
    if (manifest === undefined) throw new Error('There is no manifest')
    const { incomplete_because } = await readSummary(world.store, manifest)
    expect(incomplete_because.join()).toMatch(/DCS of cn-north-4.*did not answer/)
  })
})
