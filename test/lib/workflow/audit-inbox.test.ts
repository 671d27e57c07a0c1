import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../lib/runtime/config.ts'
import { httpFunction } from '../../../lib/runtime/http.ts'
import type { Log } from '../../../lib/runtime/log.ts'
import { createServices, FOR_AUDITS, type Services } from '../../../lib/runtime/services.ts'
import type { Store } from '../../../lib/store/store.ts'
import { takeArrivals } from '../../../lib/workflow/audit-inbox.ts'
import { auditRoutes } from '../../../lib/workflow/audit-routes.ts'
import { sweepAudits } from '../../../lib/workflow/audit-sweep.ts'
import { emulatorEnvironment } from '../../../local/commands/emulator-environment.ts'
import { startEmulator } from '../../../local/emulator/server.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

const URL = 's3://audit-reports/team'

async function withInbox(
  operations: readonly string[],
  work: (services: Services, event: unknown, store: Store) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulator({ now: Date.now, backups: 60 })
  const services = createServices(readConfig(emulatorEnvironment(emulator, {})), FOR_AUDITS)
  const store = { ...createMemoryStore(), url: URL }
  const records = operations.map((operation) => ({
    eventSource: 'aws:s3',
    s3: { bucket: { name: 'audit-reports' }, object: { key: `team/inbox/audit/${operation}.json` } },
  }))
  for (const operation of operations) {
    await store.putIfAbsent(`inbox/audit/${operation}.json`, JSON.stringify({ operation, request: {} }))
  }
  try {
    await work({ ...services, store }, { Records: records }, store)
  } finally {
    services.close()
    await emulator.close()
  }
}

describe('takeArrivals', () => {
  it('says of an audit which endpoints its regions lack, and how to order one without', () =>
    withInbox(['one'], async (services, event) => {
      const config = {
        ...services.config,
        places: [{ region: 'xx-yy-1', projectId: 'p' }],
        endpointOverrides: { HUAWEICLOUD_SDK_REGION_DCS_XX_YY_1: 'http://127.0.0.1:9' },
      }
      expect(await takeArrivals({ ...services, config }, event)).toMatchObject({
        taken: [
          {
            outcome: 'quarantined',
            because:
              'Cannot find all endpoints of these targets; HUAWEICLOUD_SDK_REGION_CBR_XX_YY_1 is not set, and xx-yy-1 is a region of your own; set it to the endpoint of CBR there, or to "none" if it has no CBR, or leave it out on purpose: "services": ["dcs"]',
          },
        ],
      })
    }))

  it('lets a record be taken again where the world was in the way, and holds up no other', () =>
    withInbox(['one', 'two'], async (services, event, store) => {
      let probes = 0
      const stumbling = {
        ...store,
        probe: async () => {
          probes += 1
          if (probes === 1) throw new Error('The store stumbled')
          return store.probe()
        },
      }
      const failed: unknown[] = []
      const log: Log = (_level, message, { operation }) => void failed.push([message, operation])
      await expect(takeArrivals({ ...services, store: stumbling, log }, event)).rejects.toThrow('stumbled')
      expect(failed).toContainEqual(['operation failed', 'one'])
      expect(await store.get('ledger/audit/one.json')).toBeUndefined()
      expect(await store.get('ledger/audit/two.json')).toBeDefined()

      expect(await takeArrivals(services, event)).toMatchObject({
        taken: [
          { operation: 'one', outcome: 'published' },
          { operation: 'two', outcome: 'taken before' },
        ],
      })
    }))

  it('quarantines a record that speaks of another operation, and leaves it where it is', () =>
    withInbox(['one'], async (services, event, store) => {
      await store.remove('inbox/audit/one.json')
      const record = JSON.stringify({ operation: 'two', request: {} })
      await store.putIfAbsent('inbox/audit/one.json', record)
      expect(await takeArrivals(services, event)).toMatchObject({
        taken: [{ operation: 'one', outcome: 'quarantined' }],
      })
      expect((await store.get('inbox/audit/one.json'))?.bytes.toString()).toBe(record)
    }))

  it.each([
    ['{', 'Cannot read the record of this operation: found no JSON, allowed is an object'],
    ['', 'Cannot read the record of this operation: found no JSON, allowed is an object'],
    ['[]', 'Cannot read the record of this operation: found \\[\\], allowed is an object'],
    ['{"operation":"one"}', '/request found nothing, allowed is an object with the keys kind, targets,'],
    [
      '{"operation":"one","audit_id":"../x","requested_at":"soon","request":{"vault_id":7}}',
      /\/audit_id found .*\/requested_at found "soon", allowed is a time such as .*\/request\/vault_id found 7,/,
    ],
  ])('quarantines a record that is %j, and names every mistake of it', (record, because) =>
    withInbox(['one'], async (services, event, store) => {
      await store.remove('inbox/audit/one.json')
      await store.putIfAbsent('inbox/audit/one.json', record)
      expect(await takeArrivals(services, event)).toMatchObject({
        taken: [{ outcome: 'quarantined', because: expect.stringMatching(because) }],
      })
    }),
  )

  it.each([
    ['an audit that is not there', { previous: 'never-was' }, undefined, 'never-was'],
    ['a policy that is not there', {}, '/nonexist/policy.json', 'policy.json" does not exist'],
    ['a strange target', { targets: ['eu-west-101'] }, undefined, 'eu-west-101'],
  ])('quarantines for good an order that names %s', (_name, request, policyAddress, because) =>
    withInbox(['one'], async (services, event, store) => {
      await store.remove('inbox/audit/one.json')
      await store.putIfAbsent('inbox/audit/one.json', JSON.stringify({ operation: 'one', request }))
      const config = { ...services.config, policyAddress }
      expect(await takeArrivals({ ...services, config }, event)).toMatchObject({
        taken: [{ outcome: 'quarantined', because: expect.stringContaining(because) }],
      })
      expect(await takeArrivals(services, event)).toMatchObject({ taken: [{ outcome: 'taken before' }] })
    }),
  )

  it('audits under a new name where a run died while it wrote its report, and shows that report under the old one', () =>
    withInbox(['one'], async (services, event, store) => {
      await store.remove('inbox/audit/one.json')
      const record = { operation: 'one', audit_id: 'one', request: {} }
      await store.putIfAbsent('inbox/audit/one.json', JSON.stringify(record))
      await store.putIfAbsent('one/findings.ndjson', 'of a run that died\n')
      const { taken } = await takeArrivals(services, event)
      expect(taken).toMatchObject([{ outcome: 'published', audit_id: expect.stringMatching(/^\d{8}T/) }])
      const { status, body } = await show({ ...services, store }, 'one')
      expect(status).toBe(200)
      expect([body]).toMatchObject([{ summary: { audit_id: Reflect.get(taken[0] ?? {}, 'audit_id') } }])
    }))

  it.each([
    ['is running for as long as its execution may live', 29, 202],
    ['has failed where nothing came of it in that time', 31, 404],
  ])('an audit that was asked for %s', (_, hoursAgo, status) =>
    withInbox([], async (services, _event, store) => {
      const requested_at = new Date(Date.now() - hoursAgo * 3_600_000).toISOString()
      await store.putIfAbsent(
        'inbox/audit/slow.json',
        JSON.stringify({ operation: 'slow', requested_at, request: {} }),
      )
      expect((await show({ ...services, store }, 'slow')).status).toBe(status)
    }),
  )

  it('says of one that joined others in a circle that none of them led to a report', () =>
    withInbox([], async (services, _event, store) => {
      for (const [operation, joined_to] of [
        ['one', 'two'],
        ['two', 'one'],
      ])
        await store.putIfAbsent(
          `ledger/audit/${operation}.json`,
          JSON.stringify({ operation, outcome: 'joined', joined_to }),
        )
      expect(await show({ ...services, store }, 'one')).toMatchObject({
        status: 404,
        body: { detail: expect.stringContaining('none of these led to a report') },
      })
    }))

  it('runs a storm of alerts that ask for the same as one audit, and shows its report to all of them', () => {
    const operations = Array.from({ length: 100 }, (_, index) => `storm-${index}`)
    return withInbox(operations, async (services, event, store) => {
      for (const operation of operations) {
        await store.remove(`inbox/audit/${operation}.json`)
        const record = { operation, alert_id: 'a', requested_at: '2026-11-28T06:00:00.000Z', request: {} }
        await store.putIfAbsent(`inbox/audit/${operation}.json`, JSON.stringify(record))
      }
      const { taken } = await takeArrivals(services, event)
      const outcomes = taken.map(({ outcome }) => outcome)
      expect(outcomes).toEqual(['published', ...Array(99).fill('joined')])
      const first = await show({ ...services, store }, 'storm-0')
      expect(await show({ ...services, store }, 'storm-99')).toEqual(first)
    })
  })
})

describe('sweepAudits', () => {
  it('takes what nobody took, and ends what was killed again and again', () =>
    withInbox(['lost', 'killed'], async (services, _event, store) => {
      const turn = {
        ...{ schema_version: 1, operation: 'killed', end: 'none', runs: 3 },
        ...{ began_at: '2026-11-21T06:00:00.000Z', beat_at: '2026-11-21T06:00:00.000Z' },
        first_at: '2026-11-21T05:00:00.000Z',
      }
      await store.putIfAbsent('ledger/audit-turn/killed.json', JSON.stringify(turn))
      expect(await sweepAudits(services)).toEqual({ swept: { orders: 2, failed: 0, left: 0 } })
      expect(await show({ ...services, store }, 'lost')).toMatchObject({ status: 200 })
      expect(await show({ ...services, store }, 'killed')).toMatchObject({
        status: 404,
        body: { detail: expect.stringContaining('it was begun 3 times since 2026-11-21T05:00:00.000Z') },
      })
      expect(await sweepAudits(services)).toEqual({ swept: { orders: 0, failed: 0, left: 0 } })
    }))

  it('begins no audit for which there may be no time', () =>
    withInbox(['one', 'two'], async (services, _event, store) => {
      let asked = 0
      const context = {
        getRemainingTimeInMillis: () => {
          asked += 1
          return asked > 2 ? 100_000 : 900_000
        },
      }
      expect(await sweepAudits(services, context)).toEqual({ swept: { orders: 2, failed: 0, left: 1 } })
      expect(await store.get('ledger/audit/two.json')).toBeUndefined()
    }))
})

const show = async (services: Services, operation: string) => {
  const answer = await httpFunction(
    services,
    auditRoutes,
  )({
    version: '2.0',
    rawPath: `/audits/${operation}`,
    rawQueryString: '',
    headers: {},
    requestContext: { http: { method: 'GET' }, stage: '$default' },
  })
  return { status: answer.statusCode, body: JSON.parse(answer.body) as Record<string, unknown> }
}

describe('GET /audits/{audit_id}', () => {
  it('follows a record as the documentation shows it from the inbox to its report, and says when that is gone', () =>
    withInbox(['one'], async (services, event, store) => {
      expect(await show(services, 'one')).toMatchObject({ status: 202, body: { status: 'running' } })
      const { taken } = await takeArrivals(services, event)
      const auditId = String(Reflect.get(taken[0] ?? {}, 'audit_id'))
      expect(await show(services, 'one')).toMatchObject({
        status: 200,
        body: {
          summary: { audit_id: auditId },
          links: { 'report.html': expect.stringContaining(`${auditId}/report.html`) },
        },
      })
      await store.remove(`${auditId}/manifest.json`)
      expect(await show(services, 'one')).toMatchObject({
        status: 404,
        body: { code: 'not_found', detail: expect.stringContaining(`${auditId}/manifest.json" is gone`) },
      })
    }))

  it.each(['{', '[]', '{"outcome":"published"}'])('tells of a ledger entry %s as of an end', (entry) =>
    withInbox(['one'], async (services, _event, store) => {
      await store.putIfAbsent('ledger/audit/one.json', entry)
      expect(await show(services, 'one')).toMatchObject({ status: 404, body: { code: 'not_found' } })
    }),
  )
})
