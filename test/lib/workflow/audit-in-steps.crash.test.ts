import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DurableExecutionClient } from '@aws/durable-execution-sdk-js'
import type { Context } from 'aws-lambda'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readLatest } from '../../../lib/report/latest.ts'
import { goOn } from '../../../lib/runtime/durable-execution.ts'
import { openStore } from '../../../lib/store/address.ts'
import { createDirectoryStore } from '../../../lib/store/directory.ts'
import type { Store, Writer } from '../../../lib/store/store.ts'
import { auditOrdered } from '../../../lib/workflow/audit-ordered.ts'
import { type AuditWorld, openAuditWorld } from '../../support/audit-world.ts'
import { storeOfSteps } from '../../support/breaking-store.ts'
import { clientOf, newMemory, nextTurn } from '../../support/durable-service.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { createMortal, type Mortal } from '../../support/mortal.ts'
import { dice } from '../../support/moving-collection.ts'
import { bytesOf, expectWhole, foldersOf } from '../../support/report-laws.ts'
import { type S3ForTests, startS3ForTests } from '../../support/s3.ts'
import { inShortTurn } from '../../support/short-turn.ts'

const NAME = '20261120T120000.000Z-aa'
const CONTEXT = { getRemainingTimeInMillis: () => 600_000 } as Context

vi.stubEnv('AWS_ACCESS_KEY_ID', 'test-access-key')
vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test-secret-key')

let world: AuditWorld
let reference: Buffer
let s3: S3ForTests
let folder: string
let opened = 0

beforeAll(async () => {
  ;[world, s3, folder] = await Promise.all([
    openAuditWorld({ remembersAnswers: true }),
    startS3ForTests(),
    mkdtemp(join(tmpdir(), 'crash-')),
  ])
  await auditOrdered(world.services, world.order, { auditId: NAME })
  reference = await bytesOf(world.store, `${NAME}/findings.ndjson`)
})

afterAll(async () => {
  await Promise.all([world.close(), s3.server.stop(), rm(folder, { recursive: true })])
})

const STORES = {
  memory: (): Store => createMemoryStore(),
  directory: (): Store => createDirectoryStore(join(folder, String(++opened))),
  S3: (): Store =>
    openStore(`${s3.address}/${++opened}`, {
      endpoint: s3.server.url,
      newId: () => crypto.randomUUID(),
    }),
} as const

/** One life of the process: from its start to the end of the turn, or to its death; `calls` for backups end the time of a turn. */
async function live(store: Store, memory: ReturnType<typeof newMemory>, mortal: Mortal, calls: number) {
  const aws = clientOf(memory)
  const client: DurableExecutionClient = {
    getExecutionState: (request) => mortal.step(() => aws.getExecutionState(request)),
    checkpoint: (request) => mortal.step(() => aws.checkpoint(request)),
  }
  const held: Writer[] = []
  const services = {
    ...inShortTurn(world.services, () => calls),
    store: storeOfSteps(store, mortal.step, (writer) => held.push(writer)),
  }
  const turn = goOn(nextTurn(memory, client), CONTEXT, services.log, (_, steps) =>
    auditOrdered(services, world.order, { auditId: NAME, steps }),
  )
  const end = await Promise.race([turn, mortal.killed])
  // What a dead process held open its system closes.
  for (const writer of held) await writer.abort()
  return end
}

/** Lives until the audit is done, dying once at each of these steps, counted from each life's beginning. */
async function surviving(
  store: Store,
  deaths: readonly (readonly [at: number, when: 'before' | 'after'])[],
  calls = Number.POSITIVE_INFINITY,
) {
  const memory = newMemory({})
  let kills = 0
  for (const [at, when] of [...deaths, [Number.POSITIVE_INFINITY, 'after'] as const]) {
    const mortal = createMortal(at, when)
    for (;;) {
      const end = await live(store, memory, mortal, calls)
      if (end === 'killed') {
        kills += 1
        break
      }
      if (end.Status === 'PENDING') continue
      expect(end).toMatchObject({ Status: 'SUCCEEDED' })
      const names = [...memory.operations.values()].map(({ Name = '' }) => Name)
      return { kills, steps: mortal.steps(), names }
    }
  }
  throw new Error('The audit never ended')
}

async function expectOneAudit(store: Store): Promise<void> {
  const names = await foldersOf(store)
  expect(names).toEqual([NAME])
  await expectWhole(store, NAME)
  expect((await bytesOf(store, `${NAME}/findings.ndjson`)).toString()).toBe(reference.toString())
  expect(await readLatest(store)).toMatchObject({ audit_id: NAME, complete_audit_id: NAME })
}

describe('a durable audit whose process is killed', () => {
  it('at any step, in a store in memory, goes on to the same report under the same name', async () => {
    const { steps } = await surviving(createMemoryStore(), [])
    expect(steps).toBeGreaterThan(60)
    for (const when of ['before', 'after'] as const)
      for (let at = 1; at <= steps; at += 1) {
        const store = createMemoryStore()
        const { kills } = await surviving(store, [[at, when]])
        expect({ at, when, kills }).toEqual({ at, when, kills: 1 })
        await expectOneAudit(store)
      }
  }, 120_000)

  it('at any step of one whose turns are too short for a target goes on in the middle of that target', async () => {
    const calls = 3
    const { steps, names } = await surviving(createMemoryStore(), [], calls)
    expect(names).toContain('cbr:cn-north-4:0605767b5780d5762fc5c0118072a564 (2)')
    for (const when of ['before', 'after'] as const)
      for (let at = 1; at <= steps; at += 1) {
        const store = createMemoryStore()
        await surviving(store, [[at, when]], calls)
        await expectOneAudit(store)
      }
  }, 120_000)

  it.each(['memory', 'directory', 'S3'] as const)(
    'twice, at steps of chance, in a %s store, goes on all the same',
    async (name) => {
      const random = dice(name.length)
      const chance = (): readonly [number, 'before' | 'after'] => [
        1 + Math.floor(random() * 80),
        random() < 0.5 ? 'before' : 'after',
      ]
      for (let run = 0; run < { memory: 30, directory: 8, S3: 3 }[name]; run += 1) {
        const store = STORES[name]()
        await surviving(store, [chance(), chance()], run % 2 === 0 ? 3 : Number.POSITIVE_INFINITY)
        await expectOneAudit(store)
      }
    },
    120_000,
  )
})
