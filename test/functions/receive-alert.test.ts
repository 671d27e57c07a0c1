import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { readCloudEyeMessage } from '../../lib/alerts/cloud-eye-alarm.ts'
import { signAlert } from '../../local/sign-alert.ts'
import { type AlertDoor, alertGroup, NOW, openAlertDoor, SECRETS, VAULT } from '../support/alert-door.ts'
import { createBreakingStore } from '../support/breaking-store.ts'
import { createSigner, type Identity } from '../support/certificate.ts'
import { readJson, textAt, textsAt } from '../support/json.ts'
import { createMemoryStore } from '../support/memory-store.ts'
import { smnMessage, snsMessage } from '../support/topic-messages.ts'

const WEBHOOKS = join(import.meta.dirname, '../../../shared/data/realdata/webhooks')

const alarm = (fingerprint: string, startsAt = '2026-11-28T11:00:00.000Z', name = 'vault-nearly-full') => ({
  fingerprint,
  startsAt,
  name,
})
const [A, B, C] = [alarm('a'), alarm('b', '2026-11-28T11:10:00.000Z'), alarm('c', '2026-11-28T11:20:00.000Z')]

async function operationsOf(door: AlertDoor, ...alerts: readonly object[]): Promise<readonly string[]> {
  const { status, body } = await door.send(
    'alertmanager',
    alertGroup(alerts as readonly Record<string, unknown>[]),
  )
  expect(status).toBe(202)
  return textsAt(body, 'operations')
}

function read(door: AlertDoor, key: string) {
  return readJson(String(door.store.objects.get(key)))
}

describe('what an alert starts', () => {
  it('is an order that says what, why and since when', async () => {
    const door = openAlertDoor()
    const [path = ''] = await operationsOf(door, A)
    const operation = path.replace('/checkpoints/', '')
    expect(read(door, `inbox/checkpoint/${operation}.json`)).toEqual({
      schema_version: 1,
      operation,
      alert_id: expect.stringMatching(/^[0-9a-v]{32}$/),
      source: 'alertmanager',
      received_at: '2026-11-28T12:00:00.000Z',
      request: VAULT,
      because: 'alertmanager reported that "vault-nearly-full" is firing, since 2026-11-28T11:00:00.000Z',
    })
  })

  it('is an audit where the policy says so, under a name that sorts by the time of the alert', async () => {
    const door = openAlertDoor()
    const heard = await door.send('standard-webhooks', { status: 'firing', name: 'audit-now' })
    const [path = ''] = textsAt(heard.body, 'operations')
    const operation = path.replace('/audits/', '')
    expect(read(door, `inbox/audit/${operation}.json`)).toEqual({
      operation,
      audit_id: `20261128T120000.000Z-${operation.slice(0, 8)}`,
      requested_at: '2026-11-28T12:00:00.000Z',
      request: { vault_id: VAULT.vault_id },
      alert_id: heard.body.alert_id,
    })
  })

  it('is the same, whichever way the same alert comes again', async () => {
    const door = openAlertDoor()
    const first = await operationsOf(door, A)
    const other = alertGroup([A as Record<string, unknown>], {
      groupKey: 'another',
      externalURL: 'http://peer',
    })
    expect((await door.send('alertmanager', other)).body.operations).toEqual(first)
    door.at = (NOW + 4 * 3600 * 1e6) as typeof NOW
    expect(await operationsOf(door, A)).toEqual(first)
    expect(door.inbox('checkpoint/')).toHaveLength(1)
  })

  it('is another once the alarm starts anew, and nothing where it is over', async () => {
    const door = openAlertDoor()
    const first = await operationsOf(door, A)
    expect(await operationsOf(door, { ...A, status: 'resolved' })).toEqual([])
    const second = await operationsOf(door, { ...A, startsAt: '2026-11-28T11:59:00.000Z' })
    expect(second).not.toEqual(first)
    expect(door.inbox('checkpoint/')).toHaveLength(2)
  })

  it.each(['2026-11-28T11:00:00Z', '2026-11-28T11:00:00.000000+00:00', '2026-11-28T19:00:00.0+08:00'])(
    'is the same where its start is spelled %s',
    async (startsAt) => {
      const door = openAlertDoor()
      const first = await operationsOf(door, A)
      expect(await operationsOf(door, { ...A, startsAt })).toEqual(first)
      expect(await operationsOf(door, { ...A, startsAt }, B)).toContain(first[0])
      expect(await operationsOf(door, { ...A, startsAt: '2026-11-28T11:00:00.000001Z' })).not.toEqual(first)
    },
  )

  it('is one thing for alarms that come together', async () => {
    const door = openAlertDoor()
    const hundred = Array.from({ length: 100 }, (_, index) => alarm(`f${index}`))
    expect(await operationsOf(door, ...hundred)).toHaveLength(1)
    expect(door.inbox('checkpoint/')).toHaveLength(1)
  })

  it('is never a second one for an alarm, while its group grows and shrinks around it', async () => {
    const door = openAlertDoor()
    const [ofA = ''] = await operationsOf(door, A)
    const both = await operationsOf(door, A, B)
    expect(both).toContain(ofA)
    expect(both).toHaveLength(2)
    const ofB = both.find((path) => path !== ofA)
    const three = await operationsOf(door, C, B, A)
    expect(three).toHaveLength(3)
    expect(await operationsOf(door, B)).toEqual([ofB])
    expect(await operationsOf(door, A)).toEqual([ofA])
    expect(door.inbox('checkpoint/')).toHaveLength(3)
    // Together at first, alone later.
    const [D, E] = [alarm('d', '2026-11-28T11:30:00.000Z'), alarm('e', '2026-11-28T11:31:00.000Z')]
    const covered = await operationsOf(door, D, E)
    expect(await operationsOf(door, D)).toEqual(covered)
    expect(door.inbox('checkpoint/')).toHaveLength(4)
  })

  it('is one thing where two peers send the same at the same time', async () => {
    const door = openAlertDoor()
    const all = await Promise.all([
      operationsOf(door, A, B),
      operationsOf(door, A, B),
      operationsOf(door, B, A),
    ])
    expect(new Set(all.map(String)).size).toBe(1)
    expect(door.inbox('checkpoint/')).toHaveLength(1)
  })

  it('follows the policy of then where a delivery is sent again by its name, and that of now where it has none', async () => {
    const store = createMemoryStore()
    const strict = openAlertDoor({ store, policy: {} })
    const webhook = { status: 'firing', name: 'vault-1' }
    expect((await strict.send('standard-webhooks', webhook)).body.operations).toEqual([])
    expect(await operationsOf(strict, A)).toEqual([])
    const door = openAlertDoor({ store })
    expect((await door.send('standard-webhooks', webhook)).body.operations).toEqual([])
    expect(await operationsOf(door, A)).toHaveLength(1)
  })

  it('is not lost where the store broke and the group has changed when it comes again', async () => {
    for (const when of ['before', 'after'] as const)
      for (let at = 1; at <= 3; at += 1) {
        const memory = createMemoryStore()
        const broken = openAlertDoor({
          store: { ...createBreakingStore(memory, at, when), objects: memory.objects },
        })
        const died = await broken.send('alertmanager', alertGroup([A as Record<string, unknown>]))
        expect(died.status).toBe(503)
        const door = openAlertDoor({ store: memory })
        const paths = await operationsOf(door, A, B)
        for (const path of paths)
          expect(door.inbox('checkpoint/')).toContain(`inbox${path.replace('s/', '/')}.json`)
        expect(await operationsOf(door, A)).toHaveLength(1)
        expect(paths).toContain((await operationsOf(door, A))[0])
      }
  })
})

describe('what is authentic', () => {
  it('is heard in full, but for the alert that cannot be read', async () => {
    const door = openAlertDoor()
    const group = alertGroup([A as Record<string, unknown>, { status: 'wobbly' }])
    const heard = await door.send('alertmanager', {
      ...group,
      alerts: [null, ...group.alerts, { status: 1 }],
    })
    expect(heard.body.operations).toHaveLength(1)
    const [key = ''] = door.inbox('quarantine/')
    expect(read(door, key)).toMatchObject({ because: '3 of 4 alerts cannot be read' })
  })

  it.each([
    'null',
    '[]',
    '"x"',
    '{',
    '',
    '\u{feff}{}',
    '{"version":"9","alerts":[]}',
    `${'['.repeat(100_000)}`,
  ])('is kept for a person and never refused where it is %.20j', async (body) => {
    for (const source of ['alertmanager', 'grafana', 'pagerduty', 'standard-webhooks'] as const) {
      const door = openAlertDoor()
      expect(await door.send(source, body)).toMatchObject({ status: 202, body: { operations: [] } })
      expect(door.inbox('quarantine/')).toHaveLength(1)
    }
  })

  it('makes one line in the log however often it comes', async () => {
    const door = openAlertDoor()
    for (let again = 0; again < 3; again += 1) await door.send('pagerduty', '{}')
    expect(door.logged.filter(({ message }) => message === 'alert quarantined')).toHaveLength(1)
  })
})

describe('a sender', () => {
  it('is unknown without a secret or a topic, whatever it sends', async () => {
    const door = openAlertDoor({ policy: {}, secrets: { grafana: ['key'] } })
    for (const source of [
      'smn',
      'sns',
      'alertmanager',
      'pagerduty',
      'standard-webhooks',
      'teams',
      '__proto__',
    ])
      expect((await door.deliver(source, { body: '{}' })).body).toMatchObject({
        status: 404,
        code: 'not_found',
      })
    expect((await door.deliver('grafana', { body: '{}' })).status).toBe(401)
    expect(door.store.objects.size).toBe(0)
  })

  it('may use either of two secrets while one is being replaced', async () => {
    for (const secret of SECRETS.alertmanager) {
      const door = openAlertDoor()
      const headers = { authorization: `Bearer ${secret}` }
      const body = JSON.stringify(alertGroup([A as Record<string, unknown>]))
      expect((await door.deliver('alertmanager', { headers, body })).status).toBe(202)
    }
  })

  it('may send no more than fits: then it is refused before anything is verified', async () => {
    const door = openAlertDoor()
    for (const [source, bytes] of [
      ['standard-webhooks', 256 * 1024],
      ['pagerduty', 256 * 1024],
      ['alertmanager', 4 * 2 ** 20],
      ['grafana', 4 * 2 ** 20],
    ] as const) {
      const most = ' '.repeat(bytes)
      expect((await door.send(source, most)).status).toBe(202)
      expect((await door.send(source, `${most} `)).body).toMatchObject({
        status: 400,
        code: 'invalid_request',
      })
    }
  })

  it('of Grafana may send the time, which is then signed and looked at', async () => {
    const door = openAlertDoor()
    const body = Buffer.from(JSON.stringify(alertGroup([A as Record<string, unknown>], { version: '1' })))
    const sign = (epochMs: number) =>
      signAlert('grafana', { secret: SECRETS.grafana[0], body, id: '', epochMs })
    const { 'x-grafana-alerting-timestamp': _, ...stripped } = sign(NOW / 1000)
    const statuses = [sign(NOW / 1000), sign(NOW / 1000 - 301_000), sign(NOW / 1000 + 301_000), stripped].map(
      async (headers) => (await door.deliver('grafana', { headers, body })).status,
    )
    expect(await Promise.all(statuses)).toEqual([202, 401, 401, 401])
    // The same signature over the same bytes, with the time moved from its header into the body.
    const moved = Buffer.concat([Buffer.from(`${NOW / 1e6}:`), body])
    expect((await door.deliver('grafana', { headers: stripped, body: moved })).status).toBe(401)
  })
})

describe('a delivery with one byte changed', () => {
  let smnSigner: Identity
  let snsSigner: Identity

  beforeAll(() => {
    const notAfter = new Date(Date.UTC(2030, 0))
    smnSigner = createSigner({ name: 'smn', notAfter })
    snsSigner = createSigner({ name: 'sns.amazonaws.com', notAfter })
  })

  it.each(['grafana', 'pagerduty'] as const)('is refused: %s', async (source) => {
    const door = openAlertDoor()
    const body = Buffer.from(JSON.stringify(alertGroup([A as Record<string, unknown>])))
    const headers = signAlert(source, { secret: SECRETS[source][0], body, id: '', epochMs: NOW / 1000 })
    await fc.assert(
      fc.asyncProperty(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), async (index, flip) => {
        const changed = Buffer.from(body)
        changed[index] = (changed[index] ?? 0) ^ flip
        expect((await door.deliver(source, { headers, body: changed })).status).toBe(401)
      }),
    )
    expect(door.store.objects.size).toBe(0)
  })

  it.each(['smn', 'sns'] as const)('is refused, or says what it said before: %s', async (source) => {
    const fetch = async () => Buffer.from(source === 'smn' ? smnSigner.cert : snsSigner.cert)
    const original =
      source === 'smn'
        ? smnMessage(smnSigner, { timestamp: '2026-11-28T11:59:30Z', subject: 'x' })
        : snsMessage(snsSigner, { Timestamp: '2026-11-28T11:59:30Z', Subject: 'x' })
    const body = Buffer.from(JSON.stringify(original))
    const headers = { 'content-type': 'text/plain; charset=UTF-8' }
    const first = openAlertDoor({ fetch })
    const genuine = await first.deliver(source, { headers, body })
    expect(genuine.status).toBe(202)
    const outcomes = new Set<number>()
    await fc.assert(
      fc.asyncProperty(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), async (index, flip) => {
        const changed = Buffer.from(body)
        changed[index] = (changed[index] ?? 0) ^ flip
        const door = openAlertDoor({ fetch })
        const { status } = await door.deliver(source, { headers, body: changed })
        outcomes.add(status)
        if (status === 202) {
          // Another spelling of the same JSON: every signed field must read as it did.
          const meant = readJson(changed.toString())
          for (const name of ['message', 'message_id', 'Message', 'MessageId', 'topic_urn', 'TopicArn'])
            expect(meant[name]).toEqual(original[name])
        } else expect([400, 401]).toContain(status)
        if (status !== 202) expect(door.store.objects.size).toBe(0)
      }),
      { numRuns: 300 },
    )
    expect(outcomes.has(401)).toBe(true)
  })
})

describe.skipIf(!existsSync(WEBHOOKS))('genuine messages of ../shared (skipped where it is absent)', () => {
  const message = (name: string) => readJson(readFileSync(join(WEBHOOKS, name), 'utf8'))

  it('of Cloud Eye are understood, and act only while the alarm is on', () => {
    const on = message('smn/notification-ces-alarm.json')
    const [alarm] = readCloudEyeMessage(textAt(on, 'message'), textAt(on, 'topic_urn')).alarms
    expect(alarm).toMatchObject({
      name: 'alarm-shop',
      isFiring: true,
      startedAt: '1705078276006',
      fields: {
        metric_name: 'cpu_usage',
        ResourceId: 'ed5e8d39-9301-45ea-b11d-6ece27a09e17',
        'template_variable.AlarmLevel': 'Critical',
        topic_urn: on['topic_urn'],
      },
    })
    const off = message('smn/notification-ces-ok.json')
    expect(readCloudEyeMessage(textAt(off, 'message'), textAt(off, 'topic_urn')).alarms).toMatchObject([
      { isFiring: false },
    ])
  })

  it('of Alertmanager are understood', async () => {
    const door = openAlertDoor()
    const heard = await door.send('alertmanager', message('alertmanager-v4.sample.json'))
    expect(heard).toMatchObject({ status: 202, body: { operations: [] } })
    const [key = ''] = door.inbox('parked/')
    expect(read(door, key).alarms).toEqual([
      { name: 'ProbeFailure', identity: '1a30ba71cca2921f', started_at: '2023-02-06T13:08:45.828Z' },
    ])
  })
})
