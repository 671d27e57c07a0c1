import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCloudClock } from '../../../lib/huawei/cloud-clock.ts'
import { readManifest, readSummary } from '../../../lib/report/read-record.ts'
import { goOn } from '../../../lib/runtime/durable-execution.ts'
import { byOneClock } from '../../../lib/runtime/one-clock.ts'
import type { Services } from '../../../lib/runtime/services.ts'
import { fromEpochMs, hours, type Instant, shifted } from '../../../lib/time.ts'
import { auditOrdered } from '../../../lib/workflow/audit-ordered.ts'
import { openAuditWorld } from '../../support/audit-world.ts'
import { listBackups, respond } from '../../support/responses.ts'

const NOON = fromEpochMs(Date.UTC(2026, 0, 1, 12))
const LATER = shifted(NOON, hours(1))

/** Services whose every call corrects the clock to the next of these times, and is answered with that status. */
function openServices(times: readonly Instant[], status = 200) {
  const clock = createCloudClock(() => NOON)
  const logged: unknown[] = []
  const left = [...times]
  const sendTo: Services['sendTo'] = () => async () => {
    const theirs = left.shift()
    if (theirs !== undefined) clock.correct('https://one.example', theirs)
    return respond(status)
  }
  const log: Services['log'] = (_, message, { because }) => void logged.push([message, because])
  const services = { sendTo, now: clock.now, lastClockCorrection: clock.lastCorrection, log }
  return { services, logged }
}

/** A work that begins at a time, and asks Huawei twice. */
async function work({ now, sendTo }: Pick<Services, 'now' | 'sendTo'>): Promise<Instant> {
  const begun = now()
  for (let calls = 0; calls < 2; calls += 1) await sendTo('r')(listBackups())
  return begun
}

describe('a work by one clock', () => {
  it('is done once where nobody corrects the clock', async () => {
    const { services, logged } = openServices([])
    expect(await byOneClock(services, work)).toBe(NOON)
    expect(logged).toEqual([])
  })

  it('begins anew by the time of Huawei, and says both times', async () => {
    const { services, logged } = openServices([LATER])
    expect(await byOneClock(services, work)).toBe(LATER)
    expect(logged).toEqual([
      [
        'audit begins anew, by the time of Huawei',
        'The clock of this machine is off by 60 min: it had 2026-01-01T12:00:00.000Z when Huawei had 2026-01-01T13:00:00.000Z. Set the clock',
      ],
    ])
  })

  it('takes answers that differ by less than a minute for one correction', async () => {
    const { services } = openServices([LATER, fromEpochMs(Date.UTC(2026, 0, 1, 12, 59, 30))])
    expect(await byOneClock(services, work)).toBe(LATER)
  })

  it('begins a third time where the clock is corrected back, and ends where it is corrected again', async () => {
    const { services } = openServices([LATER, NOON, LATER])
    await expect(byOneClock(services, work)).rejects.toMatchObject({
      code: 'upstream_refused',
      message: expect.stringMatching(
        /^Cannot tell the time: .* it had .*T12:00:00.000Z when Huawei had .*T13:00:00.000Z/,
      ),
    })
  })

  it('is not begun anew for who is refused by the right time too', async () => {
    const { services, logged } = openServices([LATER], 401)
    expect(await byOneClock(services, work)).toBe(NOON)
    expect(logged).toEqual([])
  })

  it('hands on what else goes wrong', async () => {
    const { services } = openServices([])
    const broken = () => Promise.reject(new RangeError('broken'))
    await expect(byOneClock(services, broken)).rejects.toThrow(new RangeError('broken'))
  })
})

describe('an audit in remembered steps', () => {
  beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }))
  afterAll(() => LocalDurableTestRunner.teardownTestEnvironment())

  it('is planned anew where its plan was made by a wrong clock', async () => {
    const offMs = 62 * 60_000
    const world = await openAuditWorld({ now: () => Date.now() - offMs })
    const order = { ...world.order, asOf: undefined }
    const runner = new LocalDurableTestRunner<{ audit_id: string }>({
      handlerFunction: (turn, context) =>
        goOn(turn, context, world.services.log, (_, steps) => auditOrdered(world.services, order, { steps })),
    })
    try {
      const execution = await runner.run({ payload: {} })
      expect(execution.getStatus()).toBe('SUCCEEDED')
      const manifest = await readManifest(world.store, execution.getResult()?.audit_id ?? '')
      if (manifest === undefined) throw new Error('There is no report')
      const summary = await readSummary(world.store, manifest)
      expect(summary.verdict).toBe('complete')
      expect(Math.abs(Date.parse(summary.as_of) + offMs - Date.now())).toBeLessThan(60_000)
    } finally {
      await world.close()
    }
  })
})
