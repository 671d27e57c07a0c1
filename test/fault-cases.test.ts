import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRecord } from '../lib/report/read-record.ts'
import { hours, type Instant } from '../lib/time.ts'
import { auditOrdered } from '../lib/workflow/audit-ordered.ts'
import { backupOf, fleetOf, uuidOf } from './local/emulator/fleet-of.ts'
import { auditFleet } from './support/audit-fleet.ts'
import { openAuditWorld } from './support/audit-world.ts'
import { allOf } from './support/sample-record.ts'
import { testHeads } from './support/test-heads.ts'

const HERE = 'test/fault-cases.test.ts'
const CASES = join(import.meta.dirname, '../../shared/cases/fault-cases.json')
const LAST_CASE = 66

/** What proves each fault case: a test file, and a piece of the title of a test in it, or of a row that the test is given. */
const PROOFS: Readonly<Record<number, readonly (readonly [file: string, name: string])[]>> = {
  1: [
    ['test/lib/huawei/retry.test.ts', 'FLT-001'],
    ['test/lib/huawei/send.test.ts', 'FLT-001'],
  ],
  2: [['test/lib/huawei/send.test.ts', 'FLT-002']],
  3: [
    ['test/functions/create-checkpoint.test.ts', "'reset:executed'"],
    ['test/lib/huawei/retry.test.ts', 'FLT-003'],
  ],
  4: [['test/lib/huawei/send.test.ts', 'FLT-004']],
  5: [['test/lib/huawei/send.test.ts', 'FLT-005']],
  6: [['test/lib/huawei/send.test.ts', 'FLT-006']],
  7: [
    ['test/lib/huawei/retry.test.ts', 'FLT-042 a timeout'],
    ['test/functions/create-checkpoint.test.ts', "'hang:executed'"],
  ],
  8: [
    ['test/lib/huawei/send.test.ts', 'is refused at once, is not transient'],
    ['test/lib/huawei/retry.test.ts', 'FLT-008'],
  ],
  9: [['test/lib/huawei/send.test.ts', 'FLT-009']],
  10: [['test/lib/huawei/retry.test.ts', 'FLT-010']],
  11: [['test/lib/huawei/retry.test.ts', 'FLT-011']],
  12: [['test/lib/huawei/retry.test.ts', 'FLT-012']],
  13: [['test/lib/huawei/retry.test.ts', 'FLT-013']],
  14: [['test/lib/huawei/authorize.test.ts', 'FLT-014']],
  15: [
    ['test/lib/huawei/authorize.test.ts', 'FLT-015'],
    ['test/lib/runtime/one-clock.test.ts', 'begins anew by the time of Huawei'],
    ['test/local/audit-command.test.ts', 'goes by the time of Huawei where the clock'],
    ['test/lib/huawei/answer.test.ts', 'FLT-015'],
  ],
  16: [['test/lib/huawei/answer.test.ts', 'FLT-016']],
  17: [['test/lib/huawei/answer.test.ts', 'FLT-017']],
  18: [['test/lib/huawei/answer.test.ts', 'FLT-018']],
  19: [
    ['test/lib/huawei/answer.test.ts', 'FLT-019'],
    ['test/functions/list-backups.test.ts', 'makes an empty list of 204'],
    ['test/lib/workflow/run-audit.honesty.test.ts', 'instances are answered with 204'],
  ],
  20: [['test/lib/huawei/retry.test.ts', 'FLT-020']],
  21: [['test/lib/huawei/odd-answers.test.ts', 'FLT-021']],
  22: [['test/lib/huawei/send.test.ts', 'FLT-022']],
  23: [['test/lib/workflow/run-audit.oracle.test.ts', 'names and counts what is malformed']],
  24: [['test/lib/audit/controls/backup-controls.test.ts', 'cannot judge statuses that are not documented']],
  25: [[HERE, 'FLT-025']],
  26: [['test/lib/huawei/retry.test.ts', 'FLT-026']],
  27: [['test/lib/huawei/retry.test.ts', 'FLT-027']],
  28: [['test/lib/huawei/retry.test.ts', 'FLT-028']],
  29: [['test/lib/huawei/retry.test.ts', 'FLT-029']],
  30: [['test/lib/huawei/breaking.test.ts', 'FLT-030']],
  31: [['test/lib/huawei/retry.test.ts', 'FLT-031']],
  32: [['test/lib/workflow/audit-in-steps.test.ts', 'where no turn is long enough']],
  33: [['test/lib/workflow/audit-in-steps.test.ts', '0 ms is no time']],
  34: [[HERE, 'FLT-034']],
  35: [[HERE, 'FLT-035']],
  36: [['test/lib/huawei/list-all.test.ts', 'serves a page again']],
  37: [['test/lib/huawei/list-all.test.ts', 'never ends is stopped']],
  38: [['test/lib/huawei/list-all.test.ts', 'over 50 seeds of every kind of change']],
  39: [['test/lib/huawei/list-all.test.ts', 'caps the limit silently']],
  40: [['test/lib/huawei/list-all.test.ts', 'requests for $']],
  41: [['test/lib/workflow/audit-in-steps.test.ts', 'goes on with the other targets where one fails']],
  42: [['test/lib/checkpoint/alert-schedules.test.ts', 'FLT-042']],
  43: [['test/lib/checkpoint/alert-schedules.test.ts', 'FLT-043']],
  44: [['test/functions/create-checkpoint.test.ts', "'cut-json'"]],
  45: [['test/functions/create-checkpoint.test.ts', "'status=500:executed'"]],
  46: [['test/lib/huawei/retry.test.ts', 'FLT-046']],
  47: [['test/functions/create-checkpoint.test.ts', 'where resources were skipped']],
  48: [['test/functions/create-checkpoint.test.ts', "'BackupService.6125', 'BackupService.6113'"]],
  49: [['test/lib/checkpoint/alert-schedules.test.ts', 'FLT-049']],
  50: [['test/lib/checkpoint/alert-schedules.test.ts', 'FLT-050']],
  51: [
    ['test/functions/create-checkpoint.test.ts', 'refuses the key'],
    ['test/functions/create-checkpoint.test.ts', 'makes a key and a name'],
  ],
  52: [['test/functions/create-checkpoint.test.ts', 'a key that differs in one character as another']],
  53: [['test/lib/checkpoint/alert-schedules.test.ts', 'FLT-053']],
  54: [['test/package/package.test.ts', 'keeps what failed, and rings where it did']],
  55: [
    ['test/lib/report/publish.test.ts', 'any step: whole or absent then'],
    ['test/lib/workflow/audit-in-steps.crash.test.ts', 'at any step'],
    ['test/lib/workflow/kills.test.ts', 'of the command leaves whole reports only'],
  ],
  56: [
    ['test/lib/report/publish.test.ts', 'lets two runs of the same audit finish as one'],
    ['test/lib/report/publish.test.ts', 'refuses to mix two audits under one id'],
  ],
  57: [['test/lib/store/s3.test.ts', 'a collision of writers']],
  58: [['test/lib/report/publish.test.ts', 'lets two runs of the same audit finish as one']],
  59: [['test/lib/report/publish.test.ts', 'ends at the newest audit when many are published at once']],
  60: [
    ['test/lib/report/publish.test.ts', 'moves latest forward only'],
    ['test/package/package.test.ts', 'where no complete audit comes'],
  ],
  61: [['test/lib/workflow/audit-in-steps.test.ts', 'where its state is older than a day']],
  62: [
    ['test/lib/report/clear-orphans.test.ts', 'FLT-062'],
    ['test/lib/report/previous.test.ts', 'ignores folders without a manifest'],
  ],
  63: [[HERE, 'FLT-063']],
  64: [['test/lib/report/clear-orphans.test.ts', 'FLT-064']],
  65: [
    ['test/functions/store-faults.test.ts', 'no manifest and no latest.json appear'],
    ['test/contract/store.ts', 'with less than half of it in memory'],
  ],
  66: [[HERE, 'FLT-066']],
}

function headsIn(file: string): readonly string[] {
  return testHeads(readFileSync(join(import.meta.dirname, '..', file), 'utf8'))
}

describe('the fault cases', () => {
  it('have a test each, which is there', () => {
    const numbers = Array.from({ length: LAST_CASE }, (_, index) => index + 1)
    expect(Object.keys(PROOFS).map(Number)).toEqual(numbers)
    const missing = Object.entries(PROOFS).flatMap(([id, proofs]) =>
      proofs
        .filter(([file, name]) => !headsIn(file).some((head) => head.includes(name)))
        .map(([file, name]) => `FLT-${id}: ${file} has no test "${name}"`),
    )
    expect(missing).toEqual([])
  })

  it.skipIf(!existsSync(CASES))('are all of those of ../shared/cases (skipped where it is absent)', () => {
    const cases: readonly { readonly id: string }[] = JSON.parse(readFileSync(CASES, 'utf8'))
    expect(cases.map(({ id }) => Number(id.slice(4)))).toEqual(Object.keys(PROOFS).map(Number))
  })
})

describe('faults that no other test meets', () => {
  it('FLT-025 of two keys of one name in an object the last wins, as everywhere in JSON', async () => {
    const backup = backupOf(1, '2026-11-19T00:00:00.000001', { status: 'error' })
    const world = await openAuditWorld({ fleet: fleetOf([backup]) })
    const { services } = world
    const twice: typeof services.sendTo = (region) => async (request, signal) => {
      const response = await services.sendTo(region)(request, signal)
      const text = response.body
        .toString()
        .replaceAll('"status":"error"', '"status":"error","status":"available"')
      return { ...response, body: Buffer.from(text) }
    }
    try {
      const receipt = await auditOrdered({ ...services, sendTo: twice }, world.order)
      const { findings } = await readRecord(world.store, receipt.audit_id)
      const found = (await allOf(findings())).map(({ control }) => control)
      expect(receipt.verdict).toBe('complete')
      expect(found).not.toContain('backup-errored')
    } finally {
      await world.close()
    }
  })

  it('FLT-034 nothing is asked twice at once: a slow first answer is waited for', async () => {
    const backups = [1, 2, 3].map((number) => backupOf(number, `2026-11-1${number}T00:00:00.000001`))
    const quick = await auditFleet(fleetOf(backups), '2026-11-20T12:00:00Z')
    const slow = await auditFleet(fleetOf(backups), '2026-11-20T12:00:00Z', {}, { latencyMs: 150 })
    const requests = ({ summary }: typeof quick) =>
      (summary['targets'] as readonly { readonly requests: number }[]).map((target) => target.requests)
    expect(requests(slow)).toEqual(requests(quick))
  })

  it.each([-1, 1])(
    'FLT-035 a clock that jumps by %i h changes neither the name nor the findings',
    async (jump) => {
      const world = await openAuditWorld({ remembersAnswers: true })
      const { services, order } = world
      let looks = 0
      const now = (): Instant => {
        looks += 1
        return (services.now() + (looks > 1 ? jump * hours(1) : 0)) as Instant
      }
      try {
        const steady = await auditOrdered(services, order)
        const jumping = await auditOrdered({ ...services, now }, order)
        expect(jumping.audit_id.slice(0, 11)).toBe(steady.audit_id.slice(0, 11))
        expect(jumping).toMatchObject({ verdict: 'complete', findings: steady.findings })
        expect((await readRecord(world.store, jumping.audit_id)).summary.audit_id).toBe(jumping.audit_id)
      } finally {
        await world.close()
      }
    },
  )

  it('FLT-063 a reader begins with the manifest, and believes no file whose hash is another', async () => {
    const world = await openAuditWorld()
    try {
      const { audit_id } = await auditOrdered(world.services, world.order)
      const asked: string[] = []
      const store = {
        ...world.store,
        get: (key: string) => {
          asked.push(key)
          return world.store.get(key)
        },
        read: (key: string) => {
          asked.push(key)
          return world.store.read(key)
        },
      }
      await allOf((await readRecord(store, audit_id)).findings())
      expect(asked[0]).toBe(`${audit_id}/manifest.json`)
      const key = `${audit_id}/findings.ndjson`
      const bytes = Buffer.from(world.store.objects.get(key) ?? '')
      world.store.objects.set(key, Buffer.from(bytes.toString().replace(uuidOf(2), uuidOf(3))))
      const tampered = await readRecord(world.store, audit_id)
      await expect(allOf(tampered.findings())).rejects.toThrow('it is damaged: its SHA-256 is')
    } finally {
      await world.close()
    }
  })

  it('FLT-066 an audit goes on where nobody takes its output and its log any more', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nobody-listens-'))
    const child = spawn(process.execPath, [join(import.meta.dirname, '../local/main.cjs'), 'audit'], {
      env: { PATH: process.env['PATH'], REPORT_STORE: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.destroy()
    child.stderr.destroy()
    const [code] = await once(child, 'exit')
    const [auditId = ''] = readdirSync(folder)
    expect({ code, files: readdirSync(join(folder, auditId)) }).toEqual({
      code: 0,
      files: expect.arrayContaining(['manifest.json']),
    })
    rmSync(folder, { recursive: true })
  })
})
