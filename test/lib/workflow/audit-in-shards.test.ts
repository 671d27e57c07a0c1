import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Finding, Summary } from '../../../lib/audit/record.ts'
import { goOn } from '../../../lib/runtime/durable-execution.ts'
import type { LogFields } from '../../../lib/runtime/log.ts'
import type { Services } from '../../../lib/runtime/services.ts'
import type { AuditOrder } from '../../../lib/workflow/audit-order.ts'
import { auditOrdered } from '../../../lib/workflow/audit-ordered.ts'
import type { EmulatorOptions } from '../../../local/emulator/server.ts'
import { createStory } from '../../../local/emulator/story.ts'
import { type AuditWorld, openAuditWorld } from '../../support/audit-world.ts'
import { createMemoryStore, type MemoryStore } from '../../support/memory-store.ts'
import { dice } from '../../support/moving-collection.ts'
import { bytesOf, expectWhole, foldersOf } from '../../support/report-laws.ts'
import { inShortTurn } from '../../support/short-turn.ts'

const NAME = '20261120T120000.000Z-aa'
const STORY = createStory({ backups: 14_000, now: Date.parse('2026-11-20T12:00:00Z') })
/** One project, of whose vaults one is not listed: of its backups alone it is known that it is there. */
const FLEET = {
  projects: STORY.projects.slice(0, 1).map((project) => ({ ...project, vaults: project.vaults.slice(1) })),
}
const PROJECT = FLEET.projects[0]?.id ?? ''
const TARGET = `cbr:cn-north-4:${PROJECT}`

let folder: string
let world: AuditWorld
let services: Services
let order: AuditOrder

beforeAll(async () => {
  await LocalDurableTestRunner.setupTestEnvironment({ skipTime: true })
  folder = await mkdtemp(join(tmpdir(), 'shards-'))
  await writeFile(join(folder, 'policy.json'), '{"replication":{"required":"auto"}}')
})
afterEach(() => world.close())
afterAll(async () => {
  await LocalDurableTestRunner.teardownTestEnvironment()
  await rm(folder, { recursive: true })
})

async function open(options: Partial<EmulatorOptions> = {}): Promise<void> {
  world = await openAuditWorld({ fleet: FLEET, ...options })
  const config = { ...world.services.config, policyAddress: join(folder, 'policy.json') }
  services = { ...world.services, config }
  // Of one service alone: waits are skipped here, and whoever waits beside others would go on in the same turn.
  order = { ...world.order, services: ['cbr'] }
}

/** Audits in turns whose time runs out for the backups of CBR after so many calls. */
async function auditInTurns(callsOf: () => number) {
  const logged: Partial<LogFields>[] = []
  const log = (_: string, message: string, fields: Partial<LogFields>) => {
    if (message === 'target scanned') logged.push(fields)
  }
  const runner = new LocalDurableTestRunner<{ verdict: string }>({
    handlerFunction: (turn, context) =>
      goOn(turn, context, log, (_, steps) =>
        auditOrdered({ ...inShortTurn(services, callsOf), log }, order, { auditId: NAME, steps }),
      ),
  })
  const execution = await runner.run({ payload: {} })
  expect(execution.getStatus()).toBe('SUCCEEDED')
  const steps = execution.getOperations().flatMap((operation) => operation.getName() ?? [])
  return { steps, logged, ...(await reportIn(world.store)) }
}

async function auditInOneGo() {
  const store = createMemoryStore()
  await auditOrdered({ ...services, store }, order, { auditId: NAME })
  return await reportIn(store)
}

async function reportIn(store: MemoryStore) {
  expect(await foldersOf(store)).toEqual([NAME])
  await expectWhole(store, NAME)
  const textOf = async (file: string) => (await bytesOf(store, `${NAME}/${file}`)).toString()
  const summary: Summary = JSON.parse(await textOf('summary.json'))
  const findings = (await textOf('findings.ndjson')).split('\n').filter(Boolean)
  return {
    summary,
    target: summary.targets[0],
    findings: findings.map((line): Finding => JSON.parse(line)),
    files: await Promise.all(['findings.ndjson', 'resources.ndjson', 'findings.csv'].map(textOf)),
  }
}

describe('an audit of a target that takes longer than one turn', () => {
  it('publishes, byte for byte, what an audit in one go publishes, wherever the turns end', async () => {
    await open()
    const whole = await auditInOneGo()
    expect(whole.summary).toMatchObject({ verdict: 'complete', incomplete_because: [] })
    for (const seed of [1, 2]) {
      world.store.objects.clear()
      const random = dice(seed)
      const { steps, logged, ...report } = await auditInTurns(() => 4 + Math.floor(random() * 4))
      for (const step of [TARGET, `${TARGET} (2)`, `${TARGET} (3)`]) expect(steps).toContain(step)
      expect(report.files).toEqual(whole.files)
      const { listed, duplicates, requests, ...rest } = { ...report.target }
      expect(whole.target).toMatchObject(rest)
      expect(listed).toBe((report.target?.distinct ?? 0) + (duplicates ?? 0))
      expect(requests).toBeGreaterThan(whole.target?.requests ?? 0)
      expect(report.summary.unknown).toEqual(whole.summary.unknown)
      // Pieces are nobody's business.
      expect(logged.filter(({ target }) => target === TARGET)).toHaveLength(1)
      expect([...world.store.objects.keys()].filter((key) => key.includes('/parts/'))).toEqual([])
    }
  }, 60_000)

  it('finds all that is wrong with backups that live through it, while others come and go', async () => {
    const random = dice(5)
    let isMoving = false
    await open({
      onRequest: ({ project }, { path }) => {
        const backups = project(PROJECT)?.backups
        if (!isMoving || backups === undefined || !path.endsWith('/backups')) return
        for (let count = 0; count < 20; count += 1)
          backups.remove(backups.rows[Math.floor(random() * backups.rows.length)]?.id ?? '')
      },
    })
    isMoving = true
    let turns = 0
    // Counts of what moves must be taken several times, in one turn.
    const moved = await auditInTurns(() => {
      turns += 1
      return turns < 4 ? 5 : 30
    })
    isMoving = false
    const still = await auditInOneGo()
    expect(moved.summary).toMatchObject({ verdict: 'complete', incomplete_because: [] })
    expect(moved.target?.count_after).toBeLessThan((moved.target?.count_before ?? 0) - 100)
    const ofBackups = ({ control }: Finding) => !control.startsWith('recovery-point')
    const found = new Map(moved.findings.map((finding) => [finding.finding_id, finding]))
    const expected = still.findings.filter(ofBackups)
    expect(expected.length).toBeGreaterThan(50)
    for (const finding of expected) expect(found.get(finding.finding_id)).toEqual(finding)
    expect(found.size).toBe(moved.findings.length)
  }, 60_000)

  it('tells what it read, and that it is not all, where turns get no further', async () => {
    await open()
    const whole = await auditInOneGo()
    // The counts at the end take three calls in one turn.
    const { summary, target, findings } = await auditInTurns(() => 2)
    expect(summary.verdict).toBe('incomplete')
    expect(summary.incomplete_because).toEqual([
      `CBR of cn-north-4/${PROJECT}: The list of backups was not read to its end.`,
    ])
    expect(target?.distinct).toBe(whole.target?.distinct)
    expect(findings.length).toBeGreaterThan(50)
  }, 60_000)

  it('names the windows that were not read', async () => {
    await open()
    let turns = 0
    const calls = () => {
      turns += 1
      return turns < 3 ? 5 : 0
    }
    const { summary, target } = await auditInTurns(calls)
    expect(summary.verdict).toBe('incomplete')
    expect(summary.incomplete_because.join('\n')).toMatch(
      /Backups created from 20.*Z to 20.*Z could not all be read in the time that there was\./,
    )
    expect(target?.distinct).toBeGreaterThan(1000)
  }, 60_000)
})
