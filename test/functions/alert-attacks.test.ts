import { createHmac } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAlertSecrets } from '../../lib/alerts/secrets.ts'
import { Fault, type Mistake } from '../../lib/errors.ts'
import { signAlert } from '../../local/sign-alert.ts'
import {
  type AlertDoor,
  alertGroup,
  type Delivery,
  type Heard,
  NOW,
  NOW_SECONDS,
  openAlertDoor,
  SECRETS,
} from '../support/alert-door.ts'
import { createBreakingStore } from '../support/breaking-store.ts'
import { createSigner, type Identity } from '../support/certificate.ts'
import { readJson, textAt } from '../support/json.ts'
import { createMemoryStore } from '../support/memory-store.ts'
import { guardNetwork, type NetworkGuard } from '../support/network-guard.ts'
import {
  type Changes,
  cloudEyeAlarm,
  SMN_CERTIFICATE,
  SMN_TOPIC,
  SNS_CERTIFICATE,
  smnMessage,
  snsMessage,
} from '../support/topic-messages.ts'

const SHARED = join(import.meta.dirname, '../../../shared')
const CASES = join(SHARED, 'cases/attack-cases.json')
const TEXT = { 'content-type': 'text/plain; charset=UTF-8' }
const TIME = '2026-11-28T11:59:30Z'
const [SECRET] = SECRETS['standard-webhooks']
const FIRING = { type: 'alert.firing', data: { name: 'vault-nearly-full', fingerprint: 'f1' } }
const LATER = new Date(Date.UTC(2030, 0))

let network: NetworkGuard
let smnSigner: Identity
let snsSigner: Identity

beforeAll(() => {
  network = guardNetwork()
  smnSigner = createSigner({ name: 'smn', notAfter: LATER })
  snsSigner = createSigner({ name: 'sns.amazonaws.com', notAfter: LATER })
})

afterAll(() => network.lift())

/** A door whose certificates come from where they should. */
function openDoor(): AlertDoor {
  return openAlertDoor({ fetch: async ({ host }) => pemOf(host) })
}

function pemOf(host: string): Buffer {
  return Buffer.from(host.startsWith('smn.') ? smnSigner.cert : snsSigner.cert)
}

function webhook(
  changes: Readonly<Record<string, string | undefined>> = {},
  body: Buffer = Buffer.from(JSON.stringify(FIRING)),
): Delivery {
  const signed = signAlert('standard-webhooks', { secret: SECRET, body, id: 'msg_1', epochMs: NOW / 1000 })
  const headers = Object.entries({ ...signed, ...changes }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return { headers: Object.fromEntries(headers), body }
}

/** Signed as it should be, but for these parts. */
function webhookAs({ id = 'msg_1', seconds = String(NOW_SECONDS), body = JSON.stringify(FIRING) }): Delivery {
  const key = Buffer.from(SECRET.slice(6), 'base64')
  const hmac = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': seconds,
    'webhook-signature': `v1,${hmac}`,
  }
  return { headers, body: Buffer.from(body) }
}

const smnDelivery = (changes: Changes = {}): Delivery => ({
  headers: TEXT,
  body: Buffer.from(JSON.stringify(smnMessage(smnSigner, { timestamp: TIME, ...changes }))),
})
const snsDelivery = (changes: Changes = {}): Delivery => ({
  headers: TEXT,
  body: Buffer.from(JSON.stringify(snsMessage(snsSigner, { Timestamp: TIME, ...changes }))),
})

const SECRET_TEXTS = Object.values(SECRETS).flat()

/** Refused: with that status, nothing stored, nothing asked for, and one line in the log without a secret or a signature. */
async function expectRefused(
  door: AlertDoor,
  source: string,
  deliveries: readonly Delivery[],
  status = 401,
): Promise<readonly Heard[]> {
  const before = { keys: door.store.objects.size, asked: door.asked.length }
  const all: Heard[] = []
  for (const delivery of deliveries) {
    const lines = door.logged.length
    const heard = await door.deliver(source, delivery)
    expect(heard.status).toBe(status)
    const written = door.logged.slice(lines)
    expect(written).toMatchObject([{ message: 'request', status }])
    const told = JSON.stringify(written) + heard.text
    const proofs = Object.entries(delivery.headers ?? {}).filter(([name]) =>
      /signature|authorization/i.test(name),
    )
    for (const secret of [...SECRET_TEXTS, ...proofs.map(([, value]) => value)])
      if (secret.length > 6) expect(told).not.toContain(secret)
    all.push(heard)
  }
  expect({ keys: door.store.objects.size, asked: door.asked.length }).toEqual(before)
  expect(new Set(all.map(({ text }) => text)).size).toBe(1)
  return all
}

async function expectAccepted(door: AlertDoor, source: string, delivery: Delivery): Promise<Heard> {
  const heard = await door.deliver(source, delivery)
  expect(heard).toMatchObject({ status: 202, body: { alert_id: expect.stringMatching(/^[0-9a-v]{32}$/) } })
  return heard
}

/** Accepted, and a checkpoint is ordered. */
async function expectActed(door: AlertDoor, source: string, delivery: Delivery): Promise<Heard> {
  const heard = await expectAccepted(door, source, delivery)
  expect(heard.body.operations).toEqual([expect.stringMatching(/^\/checkpoints\/[0-9a-v]{32}$/)])
  expect(door.inbox('checkpoint/')).toHaveLength(1)
  return heard
}

async function expectQuarantined(door: AlertDoor, source: string, delivery: Delivery): Promise<Heard> {
  const heard = await expectAccepted(door, source, delivery)
  expect(heard.body.operations).toEqual([])
  expect(door.inbox('quarantine/')).toHaveLength(1)
  expect(door.logged).toContainEqual(expect.objectContaining({ level: 'warn', message: 'alert quarantined' }))
  return heard
}

/** Accepted and kept, and nothing comes of it. */
async function expectNoAction(door: AlertDoor, source: string, delivery: Delivery): Promise<void> {
  const heard = await expectAccepted(door, source, delivery)
  expect(heard.body.operations).toEqual([])
  expect(door.inbox()).toEqual(door.inbox('alert/'))
}

function refusedSecrets(secrets: unknown): readonly Mistake[] {
  const mistakes: Mistake[] = []
  readAlertSecrets(secrets, mistakes)
  return mistakes
}

/** A door where the certificate is what `given` says. */
async function expectCertificateRefused(pem: Buffer | undefined): Promise<void> {
  const door = openAlertDoor({ fetch: async () => pem })
  const heard = await door.deliver('sns', snsDelivery())
  expect(heard.status).toBe(401)
  expect(door.asked).toHaveLength(1)
  expect(door.store.objects.size).toBe(0)
}

const POST_ONLY = ['GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD']
const OFFICIAL = {
  headers: {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
  body: Buffer.from('{"test": 2432232314}'),
}

type Attack = () => Promise<unknown>
const refused =
  (source: string, deliveries: () => readonly Delivery[], status = 401): Attack =>
  () =>
    expectRefused(openDoor(), source, deliveries(), status)

/** Every case that speaks of alerts, by the id that it has in ../shared/cases/attack-cases.json. */
const ATTACKS: Readonly<Record<string, Attack>> = {
  'ATK-001': () => {
    const door = openDoor()
    door.at = (1614265330 * 1e6) as typeof NOW
    return expectAccepted(door, 'standard-webhooks', OFFICIAL)
  },
  'ATK-002': refused('standard-webhooks', () => [webhook({ 'webhook-id': undefined })]),
  'ATK-003': refused('standard-webhooks', () => [webhook({ 'webhook-signature': undefined })]),
  'ATK-004': refused('standard-webhooks', () => [
    webhook({ 'webhook-signature': 'v1,dawfeoifkpqwoekfpqoekf' }),
  ]),
  'ATK-005': refused('standard-webhooks', () => {
    const right = webhook().headers?.['webhook-signature'] ?? ''
    return [right.slice(0, 11), 'v1,', 'v1', ''].map((signature) =>
      webhook({ 'webhook-signature': signature }),
    )
  }),
  'ATK-006': refused('standard-webhooks', () => {
    const right = webhook().headers?.['webhook-signature'] ?? ''
    const bytes = Buffer.from(right.slice(3), 'base64')
    bytes[7] = (bytes[7] ?? 0) ^ 1
    return [webhook({ 'webhook-signature': `v1,${bytes.toString('base64')}` })]
  }),
  'ATK-007': refused('standard-webhooks', () => [
    { ...webhook(), body: Buffer.from(`${JSON.stringify(FIRING)} `) },
  ]),
  'ATK-008': refused('standard-webhooks', () => [webhookAs({ seconds: 'hello' })]),
  'ATK-009': async () => {
    await expectActed(openDoor(), 'standard-webhooks', webhookAs({ seconds: String(NOW_SECONDS - 300) }))
    await expectActed(openDoor(), 'standard-webhooks', webhookAs({ seconds: String(NOW_SECONDS + 300) }))
  },
  'ATK-010': refused('standard-webhooks', () =>
    [-301, 301].map((seconds) => webhookAs({ seconds: String(NOW_SECONDS + seconds) })),
  ),
  // The tolerance is a constant: no configuration can take the check away.
  'ATK-011': refused('standard-webhooks', () => [
    webhookAs({ seconds: String(NOW_SECONDS - 10_000) }),
    webhookAs({ seconds: 'NaN' }),
    webhookAs({ seconds: '' }),
  ]),
  'ATK-012': refused('standard-webhooks', () => {
    const right = webhook().headers?.['webhook-signature']?.slice(3)
    return [`v2,${right}`, `v1a,${right}`, `v2,${right} v1a,${right}`].map((signature) =>
      webhook({ 'webhook-signature': signature }),
    )
  }),
  'ATK-013': refused('standard-webhooks', () => [
    webhook({ 'webhook-signature': `v1a,${'A'.repeat(86)}==`, 'webhook-public-key': 'whpk_AAAA' }),
  ]),
  'ATK-014': async () => {
    const short = Buffer.alloc(23, 1).toString('base64')
    const long = Buffer.alloc(65, 1).toString('base64')
    for (const secret of ['', 'whsec_', '  ', `${SECRET}\n`, `whsec_${short}`, `whsec_${long}`])
      expect(refusedSecrets({ 'standard-webhooks': [SECRET, secret] })).toMatchObject([
        { pointer: '/standard-webhooks/1' },
      ])
    expect(refusedSecrets({ 'standard-webhooks': [] })).toHaveLength(1)
  },
  'ATK-015': async () => {
    for (const secret of ['!!not base64!!', 'whsec_!!not base64!!', `whsec_${SECRET}`])
      expect(refusedSecrets({ 'standard-webhooks': [secret] })).toHaveLength(1)
  },
  'ATK-016': refused('standard-webhooks', () => {
    const whole = webhook({}, Buffer.from('7b2261223a22ff227d', 'hex'))
    return [{ ...whole, body: Buffer.from('7b2261223a22fe227d', 'hex') }]
  }),
  'ATK-017': refused('standard-webhooks', () => {
    const moved = webhookAs({ id: 'a', seconds: String(NOW_SECONDS), body: `${NOW_SECONDS}.{}` })
    return [
      { headers: { ...moved.headers, 'webhook-id': `a.${NOW_SECONDS}` }, body: Buffer.from('{}') },
      webhookAs({ id: `a.${NOW_SECONDS}` }),
      webhookAs({ id: 'a b' }),
      webhookAs({ id: 'x'.repeat(129) }),
    ]
  }),
  'ATK-018': async () => {
    const door = openDoor()
    const first = await expectActed(door, 'standard-webhooks', webhook())
    const keys = [...door.store.objects.keys()]
    for (let again = 0; again < 3; again += 1)
      expect((await expectActed(door, 'standard-webhooks', webhook())).text).toBe(first.text)
    expect([...door.store.objects.keys()]).toEqual(keys)
  },
  'ATK-019': async () => {
    const door = openDoor()
    const { body: first } = await expectActed(door, 'standard-webhooks', webhook())
    const record = String(door.store.objects.get(`inbox/alert/${first.alert_id}.json`))
    const other = Buffer.from(JSON.stringify({ ...FIRING, data: { name: 'vault-other' } }))
    await expectQuarantined(door, 'standard-webhooks', webhook({}, other))
    expect(String(door.store.objects.get(`inbox/alert/${first.alert_id}.json`))).toBe(record)
    expect(door.inbox('checkpoint/')).toHaveLength(1)
  },
  'ATK-020': async () => {
    const door = openDoor()
    const first = await expectActed(door, 'standard-webhooks', webhook())
    const keys = [...door.store.objects.keys()]
    const later = NOW_SECONDS + 76 * 3600
    door.at = (later * 1e6) as typeof NOW
    const again = await expectActed(door, 'standard-webhooks', webhookAs({ seconds: String(later) }))
    expect(again.text).toBe(first.text)
    expect([...door.store.objects.keys()]).toEqual(keys)
  },
  'ATK-021': async () => {
    for (const at of [1, 2]) {
      const memory = createMemoryStore()
      const store = { ...createBreakingStore(memory, at, 'before'), objects: memory.objects }
      const door = openAlertDoor({ store })
      const heard = await door.deliver('standard-webhooks', webhook())
      expect(heard).toMatchObject({ status: 503, body: { code: 'unavailable' } })
    }
  },
  'ATK-022': async () => {
    const door = openDoor()
    await expectRefused(door, 'standard-webhooks', [
      webhook({ 'webhook-signature': `v1,${'A'.repeat(43)}=` }),
    ])
    await expectActed(door, 'standard-webhooks', webhook())
  },
  'ATK-023': async () => {
    for (const when of ['before', 'after'] as const)
      for (let at = 1; at <= 3; at += 1) {
        const memory = createMemoryStore()
        const breaking = { ...createBreakingStore(memory, at, when), objects: memory.objects }
        const died = await openAlertDoor({ store: breaking }).deliver('standard-webhooks', webhook())
        // There is no third step: record, order, answer.
        expect(died.status).toBe(at === 3 ? 202 : 503)
        const door = openAlertDoor({ store: memory })
        const { text } = await expectActed(door, 'standard-webhooks', webhook())
        expect((await expectActed(door, 'standard-webhooks', webhook())).text).toBe(text)
      }
  },
  'ATK-024': refused(
    'standard-webhooks',
    () => ['!!!!', 'YWJ', 'YW J', 'YQ==YQ=='].map((body) => ({ ...webhook(), body, isBase64Encoded: true })),
    400,
  ),
  'ATK-025': refused('standard-webhooks', () => [
    { ...webhook(), body: Buffer.from(JSON.stringify(FIRING)).toString('base64'), isBase64Encoded: false },
  ]),
  'ATK-026': async () => {
    const { headers = {}, body } = webhook()
    const spelled = (spell: (name: string) => string) =>
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [spell(name), value]))
    await expectActed(openDoor(), 'standard-webhooks', {
      headers: spelled((name) => name.toUpperCase()),
      body,
    })
    const titled = (name: string) => name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase())
    await expectActed(openDoor(), 'standard-webhooks', { headers: spelled(titled), body })
    const twice = { ...headers, 'Webhook-Id': 'msg_2' }
    await expectRefused(openDoor(), 'standard-webhooks', [{ headers: twice, body }], 400)
  },
  'ATK-027': refused('standard-webhooks', () => {
    const right = webhook().headers?.['webhook-signature']
    return [
      webhook({ 'webhook-signature': `v1,x,${right}` }),
      webhook({ 'webhook-signature': `${right},${right}` }),
    ]
  }),
  'ATK-028': async () => {
    await expectQuarantined(openDoor(), 'standard-webhooks', webhook({}, Buffer.of()))
    await expectQuarantined(openDoor(), 'standard-webhooks', {
      ...webhook({}, Buffer.of()),
      body: undefined,
    })
  },
  'ATK-029': async () => {
    for (const source of ['standard-webhooks', 'alertmanager', 'grafana', 'pagerduty'])
      await expectRefused(
        openDoor(),
        source,
        ['text/plain', '', 'application/jsonp', 'application/x-www-form-urlencoded'].map((type) =>
          webhook({ 'content-type': type }),
        ),
        400,
      )
    await expectActed(openDoor(), 'smn', smnDelivery())
    await expectActed(openDoor(), 'sns', snsDelivery())
  },
  'ATK-030': refused('standard-webhooks', () => POST_ONLY.map((method) => ({ ...webhook(), method })), 404),
  'ATK-031': async () => {
    const token = { authorization: `Bearer ${SECRETS.alertmanager[0]}`, 'x-source': 'alertmanager' }
    const body = Buffer.from(JSON.stringify(alertGroup([{}])))
    await expectRefused(openDoor(), 'grafana', [{ headers: token, body, query: 'source=alertmanager' }])
    await expectRefused(openDoor(), 'smn', [
      { headers: { ...token, ...TEXT }, body, query: 'source=alertmanager' },
    ])
    await expectActed(openDoor(), 'alertmanager', {
      headers: { ...token, 'x-source': 'grafana' },
      body,
      query: 'source=grafana',
    })
  },
  'ATK-032': async () => {
    const sources = ['same', 'signed-text', 'standard-webhooks', 'alertmanager', 'grafana', 'pagerduty'].map(
      (name) => readFileSync(join(import.meta.dirname, `../../lib/alerts/${name}.ts`), 'utf8'),
    )
    expect(sources[0]).toContain('timingSafeEqual(digest(one), digest(other))')
    for (const text of sources)
      expect(text).not.toMatch(
        /(?:secret|signature|token|expected|right|given)\w* *(?:[!=]==|\.includes\()(?! undefined)/,
      )
  },
  'ATK-033': refused('pagerduty', () =>
    ['v1=', 'v1=00', `v1=${'0'.repeat(63)}`, `v1=${'0'.repeat(1000)}`].map((signature) => ({
      headers: { 'x-pagerduty-signature': signature },
      body: Buffer.from('{}'),
    })),
  ),
  'ATK-034': refused('standard-webhooks', () => [
    webhook({ 'webhook-signature': `v1,${createHmac('sha256', 'other').digest('base64')}` }),
    webhook({ 'webhook-signature': 'v1,x' }),
    webhookAs({ seconds: String(NOW_SECONDS - 301) }),
    webhook({ 'webhook-id': undefined }),
  ]),
  'ATK-035': async () => {
    const door = openDoor()
    const forgery = webhook({ 'webhook-signature': `v1,${'A'.repeat(43)}=` })
    const genuine = Array.from({ length: 20 }, (_, index) => webhookAs({ id: `msg_g${index}` }))
    const flood = Array.from({ length: 2000 }, () => door.deliver('standard-webhooks', forgery))
    const accepted = await Promise.all(genuine.map((delivery) => door.deliver('standard-webhooks', delivery)))
    const answers = await Promise.all(flood)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]))
    expect(accepted.map(({ status }) => status)).toEqual(Array(20).fill(202))
    expect(door.inbox('alert/')).toHaveLength(20)
    expect(door.asked).toEqual([])
  },
  'ATK-036': async () => {
    const body = readShared('data/realdata/webhooks/pagerduty-v3.body.json')
    if (body === undefined) return
    const signature = 'v1=0c0b9495b893a39e70d1fea2fe11fbe0a825f88b9f67846f6cc07dd2bc5476cd'
    await expectNoAction(openDoor(), 'pagerduty', { headers: { 'x-pagerduty-signature': signature }, body })
  },
  'ATK-037': refused('pagerduty', () => {
    const body = Buffer.from('{}')
    const hex = createHmac('sha256', SECRETS.pagerduty[0]).update(body).digest('hex')
    return [
      ...[`v1=${hex.toUpperCase()}`, `v0=${hex}`, hex, 'foo'].map((signature) => ({
        headers: { 'x-pagerduty-signature': signature },
        body,
      })),
      { body },
    ]
  }),
  'ATK-038': async () => {
    const body = Buffer.from('{"status":"firing","title":"备份 ♥","alerts":[]}\n')
    const signature = 'e8b5a4935f0c771479c74bb5ca2b94967d434c7a73c5927ce807f979c4af59c0'
    await expectAccepted(openDoor(), 'grafana', {
      headers: { 'X-Grafana-Alerting-Signature': signature },
      body,
    })
  },
  'ATK-039': async () => {
    const body = Buffer.from('{}')
    const hex = createHmac('sha256', SECRETS.pagerduty[0]).update(body).digest('hex')
    const headers = { 'x-pagerduty-signature': `v1=${'0'.repeat(64)},v1=${hex}` }
    await expectAccepted(openDoor(), 'pagerduty', { headers, body })
  },
  'ATK-040': refused('sns', () =>
    ['3', '1', 2, undefined].map((SignatureVersion) => snsDelivery({ SignatureVersion })),
  ),
  'ATK-041': refused('sns', () => [
    snsDelivery({ SigningCertURL: 'http://sns.us-east-1.amazonaws.com/x.pem' }),
    snsDelivery({ SigningCertURL: SNS_CERTIFICATE.replace('https', 'http') }),
  ]),
  'ATK-042': refused('sns', () =>
    [
      'sns.abc.amazonaws.com/x.pem',
      'sns.eu-west-1.amazonaws.com/x.pem',
      'sns.abc.amazonaws.com',
      'sns.eu-west-1.amazonaws.com',
    ]
      .map((place) =>
        place.endsWith('.pem')
          ? `https://${place}`
          : SNS_CERTIFICATE.replace('sns.us-east-1.amazonaws.com', place),
      )
      .map((SigningCertURL) => snsDelivery({ SigningCertURL })),
  ),
  'ATK-043': refused('sns', () =>
    [
      's3.amazonaws.com',
      'sns.us-east-1.amazonaws.com.s3.amazonaws.com',
      'evil.s3.amazonaws.com',
      'sns.us-east-1.amazonaws.com.evil.com',
    ]
      .flatMap((host) => [
        SNS_CERTIFICATE.replace('sns.us-east-1.amazonaws.com', host),
        SNS_CERTIFICATE.replace('https://', `https://${host}@`),
        `${SNS_CERTIFICATE}?x=${host}/a.pem`,
        `${SNS_CERTIFICATE}#${host}`,
        SNS_CERTIFICATE.replace('.com/', '.com:8443/'),
        SNS_CERTIFICATE.replace('.com/', '.com/a/../'),
      ])
      .map((SigningCertURL) => snsDelivery({ SigningCertURL })),
  ),
  // What the transport makes of such answers is shown in certificate-fetcher.test.ts.
  'ATK-044': () => expectCertificateRefused(undefined),
  'ATK-045': async () => {
    await expectCertificateRefused(Buffer.from(`junk\n${snsSigner.cert}`))
    await expectCertificateRefused(Buffer.from(snsSigner.cert + ' '.repeat(17_000)))
    await expectCertificateRefused(
      Buffer.from('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
    )
  },
  'ATK-046': async () => {
    const wish = { name: 'sns.amazonaws.com', notAfter: LATER }
    const wrong = [
      { ...wish, notAfter: new Date(Date.UTC(2026, 0)) },
      { ...wish, notBefore: new Date(Date.UTC(2029, 0)) },
      { ...wish, isSelfSigned: true },
      { ...wish, name: 'sns.amazonaws.com.evil.com' },
      { ...wish, keyBits: 1024 },
    ]
    for (const identity of wrong.map(createSigner)) {
      const door = openAlertDoor({ fetch: async () => Buffer.from(identity.cert) })
      const message = snsMessage(identity, { Timestamp: TIME })
      const heard = await door.deliver('sns', { headers: TEXT, body: JSON.stringify(message) })
      expect([heard.status, door.store.objects.size]).toEqual([401, 0])
    }
  },
  'ATK-047': refused('sns', () => [
    snsDelivery({ TopicArn: 'arn:aws:sns:us-east-1:999999999999:attackers-own' }),
    snsDelivery({ TopicArn: undefined }),
  ]),
  'ATK-048': refused('sns', () =>
    [
      'http://169.254.169.254/latest/meta-data/',
      'http://localhost:3306',
      'http://10.0.0.1',
      'https://evil.com',
      'https://sns.us-east-1.amazonaws.com.evil.com',
    ].map((url) => snsDelivery({ ...SNS_CONFIRMATION, SubscribeURL: url, SigningCertURL: url })),
  ),
  'ATK-049': async () => {
    const door = openDoor()
    const SubscribeURL = 'https://sns.us-east-1.amazonaws.com/?Action=DeleteTopic&Token=other'
    const { body } = await expectAccepted(door, 'sns', snsDelivery({ ...SNS_CONFIRMATION, SubscribeURL }))
    expect(body.operations).toEqual([])
    const [key = ''] = door.inbox('confirmation/')
    const link = textAt(readJson(String(door.store.objects.get(key))), 'link')
    expect(Object.fromEntries(new URL(link).searchParams)).toEqual({
      Action: 'ConfirmSubscription',
      TopicArn: 'arn:aws:sns:us-east-1:123456789012:backup-alarms',
      Token: SNS_CONFIRMATION.Token,
    })
    expect(door.asked).toEqual([SNS_CERTIFICATE.slice('https://'.length)])
  },
  'ATK-050': async () => {
    const door = openDoor()
    const UnsubscribeURL = 'https://evil.com/unsubscribe'
    const changes = { ...SNS_CONFIRMATION, Type: 'UnsubscribeConfirmation', UnsubscribeURL }
    const { body } = await expectAccepted(door, 'sns', snsDelivery(changes))
    expect(body.operations).toEqual([])
    await expectActed(openDoor(), 'sns', snsDelivery({ UnsubscribeURL }))
    expect(door.asked).toHaveLength(1)
  },
  'ATK-051': async () => {
    const door = openDoor()
    const unsubscribed = snsDelivery({ ...SNS_CONFIRMATION, Type: 'UnsubscribeConfirmation' })
    expect((await expectAccepted(door, 'sns', unsubscribed)).body.operations).toEqual([])
    expect(door.logged).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'alert subscription ended' }),
    )
  },
  'ATK-052': refused(
    'sns',
    () => [
      snsDelivery({ SigningCertUrl: 'https://evil.com/x.pem' }),
      snsDelivery({ signingcerturl: SNS_CERTIFICATE }),
    ],
    400,
  ),
  'ATK-053': async () => {
    for (const source of ['sns', 'smn'])
      await expectRefused(
        openDoor(),
        source,
        ['null', '[]', '1', '"x"', '', '{', '\u{feff}{}', '['.repeat(100_000)].map((body) => ({
          headers: TEXT,
          body,
        })),
        400,
      )
  },
  'ATK-054': async () => {
    await expectActed(openDoor(), 'sns', snsDelivery({ Subject: null }))
    await expectActed(openDoor(), 'sns', snsDelivery({ Subject: 'a subject' }))
    await expectActed(openDoor(), 'sns', snsDelivery({ Subject: '' }))
    const fields = ['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type']
    await expectActed(openDoor(), 'sns', snsDelivery({ Subject: undefined }))
    const refusal = snsDelivery({ Subject: '', way: { fields } })
    await warmed('sns', async (door) => expectRefused(door, 'sns', [refusal]))
  },
  'ATK-055': () => expectActed(openDoor(), 'smn', smnDelivery({ subject: 'From Cloud Eye: "备份" ♥' })),
  'ATK-056': async () => {
    await expectActed(openDoor(), 'smn', smnDelivery({ subject: '' }))
    await expectActed(openDoor(), 'smn', smnDelivery())
  },
  'ATK-057': async () => {
    const door = openDoor()
    const { body } = await expectAccepted(door, 'smn', smnDelivery(SMN_CONFIRMATION))
    expect(body.operations).toEqual([])
    expect(door.inbox('confirmation/')).toHaveLength(1)
    const topic_urn = 'urn:smn:sa-brazil-1:ffffffffffffffffffffffffffffffff:attackers-own'
    await expectRefused(openDoor(), 'smn', [smnDelivery({ ...SMN_CONFIRMATION, topic_urn })])
  },
  'ATK-058': () =>
    warmed('smn', (door) => {
      const fields = ['message', 'message_id', 'timestamp', 'topic_urn', 'type']
      return expectRefused(door, 'smn', [
        smnDelivery({ way: { fields: [...fields].reverse() } }),
        smnDelivery({ way: { lineEnd: '\r\n' } }),
        smnDelivery({ way: { isLastEnded: false } }),
      ])
    }),
  'ATK-059': refused('smn', () =>
    [
      SMN_CERTIFICATE.replace('smn.sa-brazil-1', 'smn.cn-north-4'),
      SMN_CERTIFICATE.replace('SMN_sa-brazil-1', 'SMN_cn-north-4'),
      SMN_CERTIFICATE.replace(/_[0-9a-f]{32}/, '_1234'),
      SMN_CERTIFICATE.replace('/smn/', '/other/'),
      SMN_CERTIFICATE.replace('https', 'http'),
      SMN_CERTIFICATE.toUpperCase(),
    ].map((signing_cert_url) => smnDelivery({ signing_cert_url })),
  ),
  'ATK-060': refused('smn', () =>
    [
      SMN_CERTIFICATE.replace('.com/', '.com.evil.com/'),
      SMN_CERTIFICATE.replace('smn.sa-brazil-1', 'x.obs.sa-brazil-1'),
      SMN_CERTIFICATE.replace('https://', 'https://x.'),
      SMN_CERTIFICATE.replace('https://', 'https://evil.com@'),
    ].map((signing_cert_url) => smnDelivery({ signing_cert_url })),
  ),
  'ATK-061': async () => {
    const door = openDoor()
    await expectActed(door, 'smn', smnDelivery({ unsubscribe_url: 'https://evil.com/unsubscribe' }))
    expect(door.asked).toEqual([SMN_CERTIFICATE.slice('https://'.length)])
    await expectRefused(openDoor(), 'smn', [smnDelivery({ signing_cert_url: 'https://evil.com/smn/x.pem' })])
  },
  'ATK-062': async () => {
    for (const subscribe_url of [
      'https://console.evil.com/smn/subscription/confirm?token=t',
      SMN_CONFIRMATION.subscribe_url.replace('alarm-testing', 'another'),
      SMN_CONFIRMATION.subscribe_url.replace('confirm', 'delete'),
    ]) {
      const door = openDoor()
      await expectAccepted(door, 'smn', smnDelivery({ ...SMN_CONFIRMATION, subscribe_url }))
      expect(linkOf(door)).toBeNull()
      expect(door.asked).toHaveLength(1)
    }
    const door = openDoor()
    await expectAccepted(door, 'smn', smnDelivery(SMN_CONFIRMATION))
    expect(linkOf(door)).toBe(SMN_CONFIRMATION.subscribe_url)
  },
  'ATK-063': async () => {
    await expectRefused(
      openDoor(),
      'smn',
      ['2026-11-27T09:00:00Z', '2026-11-28T12:06:00Z', 'yesterday', '2026-11-28 11:59:30', undefined].map(
        (timestamp) => smnDelivery({ timestamp }),
      ),
    )
    await expectActed(openDoor(), 'smn', smnDelivery({ timestamp: '2026-11-27T10:00:00Z' }))
    await expectRefused(openDoor(), 'sns', [snsDelivery({ Timestamp: '2026-11-28T10:54:59.000Z' })])
    await expectActed(openDoor(), 'sns', snsDelivery({ Timestamp: '2026-11-28T10:55:00.000Z' }))
  },
  'ATK-064': async () => {
    const memory = createMemoryStore()
    const never = { ...memory, putIfAbsent: () => new Promise<boolean>(() => {}) }
    const heard = await openAlertDoor({ store: never }).deliver('standard-webhooks', webhook())
    expect(heard).toMatchObject({ status: 503, body: { code: 'unavailable' } })
  },
  'ATK-065': refused('smn', () =>
    ['v2', 'V1', 1, undefined].map((signature_version) => smnDelivery({ signature_version })),
  ),
  'ATK-066': async () => {
    for (const alarm_status of ['ok', 'insufficient_data'])
      await expectNoAction(
        openDoor(),
        'smn',
        smnDelivery({ message: JSON.stringify(cloudEyeAlarm({ alarm_status })) }),
      )
  },
  'ATK-067': async () => {
    const door = openDoor()
    const vault = { alarm_name: 'other', resource_id: 'ffffffff-0000-4000-8000-000000000000', vault_id: 'x' }
    const heard = await expectAccepted(
      door,
      'smn',
      smnDelivery({ message: JSON.stringify(cloudEyeAlarm(vault)) }),
    )
    expect(heard.body.operations).toEqual([])
    expect(door.inbox('parked/')).toHaveLength(1)
    expect(door.inbox('checkpoint/')).toEqual([])
    expect(door.logged).toContainEqual(expect.objectContaining({ level: 'warn', message: 'alert parked' }))
  },
  'ATK-068': refused('alertmanager', () => {
    const body = Buffer.from(JSON.stringify(alertGroup([{}])))
    const [token] = SECRETS.alertmanager
    return [
      { body },
      ...[
        `Bearer ${token}x`,
        'Bearer ',
        `Basic ${token}`,
        `Basic ${Buffer.from('x:').toString('base64')}`,
        token,
      ].map((authorization) => ({ headers: { authorization }, body })),
      { body, query: `access_token=${token}&authorization=Bearer%20${token}` },
    ]
  }),
  'ATK-069': refused('alertmanager', () => {
    const body = Buffer.from(JSON.stringify(alertGroup([{}])))
    return ['x', SECRETS.alertmanager[0].slice(0, -1), 'x'.repeat(100_000)].map((token) => ({
      headers: { authorization: `Bearer ${token}` },
      body,
    }))
  }),
  'ATK-070': async () => {
    const door = openDoor()
    const heard = await door.send(
      'alertmanager',
      alertGroup([{ status: 'resolved' }], { status: 'resolved' }),
    )
    expect(heard).toMatchObject({ status: 202, body: { operations: [] } })
    expect(door.inbox()).toEqual(door.inbox('alert/'))
  },
  'ATK-071': async () => {
    const door = openDoor()
    const many = Array.from({ length: 5000 }, (_, index) => ({
      fingerprint: String(index).padStart(16, '0'),
    }))
    const deliver = () => door.send('alertmanager', alertGroup(many))
    let heard = await deliver()
    // As Alertmanager would: on a machine this busy the answer may be that there was no time.
    for (let tries = 0; tries < 3 && heard.status === 503; tries += 1) heard = await deliver()
    expect(heard).toMatchObject({ status: 202, body: { operations: [expect.any(String)] } })
    expect(door.inbox('checkpoint/')).toHaveLength(1)
    const again = await door.send('alertmanager', alertGroup(many.slice(0, 4000)))
    expect(again.body.operations).toEqual(heard.body.operations)
    expect(door.inbox('checkpoint/')).toHaveLength(1)
  },
  'ATK-075': refused('alertmanager', () => [
    {
      headers: { 'x-forwarded-for': '127.0.0.1', 'x-amzn-oidc-identity': 'admin' },
      body: JSON.stringify({ ...alertGroup([{}]), requestContext: { authorizer: { iam: {} } } }),
    },
  ]),
  'ATK-077': async () => {
    const canary = 'CANARYAK01QZ7XW2VTR9 X-Auth-Token: canary'
    const memory = createMemoryStore()
    const store = { ...memory, putIfAbsent: async () => Promise.reject(new Error(canary)) }
    const door = openAlertDoor({ store })
    const heard = await door.deliver('standard-webhooks', webhook({ cookie: canary, authorization: canary }))
    expect(heard.status).toBe(500)
    expect(heard.text + JSON.stringify(door.logged)).not.toContain('CANARY')
    const fault = {
      ...memory,
      putIfAbsent: async () => Promise.reject(new Fault('unavailable', 'Cannot write')),
    }
    expect((await openAlertDoor({ store: fault }).deliver('standard-webhooks', webhook())).status).toBe(503)
  },
}

const SNS_CONFIRMATION = {
  Type: 'SubscriptionConfirmation',
  Message: 'You have chosen to subscribe to the topic',
  SubscribeURL: 'https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription',
  Token:
    '2336412f37fb687f5d51e6e241d09c805a5a57b30d712f794cc5f6a988666d92768dd60a747ba6f3beb71854e285d6ad02428b09ceece29417f1f02d609c582afbacc99c583a916b9981dd2728f4ae6fdb82efd087cc3b7849e05798d2d2785c03b0879594eeac82c01f235d0e717736',
}

const SMN_CONFIRMATION = {
  type: 'SubscriptionConfirmation',
  message: 'You are invited to subscribe to topic',
  subscribe_url: `https://sa-brazil-1-console.huaweicloud.com/smn/subscription/confirm?token=0a419a&topic_urn=${SMN_TOPIC}&region=sa-brazil-1&region_id=sa-brazil-1`,
}

function linkOf(door: AlertDoor): unknown {
  const [key = ''] = door.inbox('confirmation/')
  return readJson(String(door.store.objects.get(key)))['link']
}

/** A door that has fetched its certificate already, so that refusing asks for nothing. */
async function warmed(source: 'smn' | 'sns', work: (door: AlertDoor) => Promise<unknown>): Promise<void> {
  const door = openDoor()
  await expectActed(door, source, source === 'smn' ? smnDelivery() : snsDelivery())
  await work(door)
}

function readShared(path: string): Buffer | undefined {
  const file = join(SHARED, path)
  return existsSync(file) ? readFileSync(file) : undefined
}

/** What the other cases ask is not about alerts: the gateway asks IAM, and holds no authorizer of ours. */
const NOT_OF_ALERTS = ['ATK-072', 'ATK-073', 'ATK-074', 'ATK-076']

describe('an attack on the alert routes', () => {
  it.each(Object.keys(ATTACKS))('%s ends as it must, and connects to nobody', async (id) => {
    await ATTACKS[id]?.()
    expect(network.hosts()).toEqual([])
  })

  it.skipIf(!existsSync(CASES))(
    'is known for every case of ../shared/cases (skipped where it is absent)',
    () => {
      const cases: readonly { id: string }[] = JSON.parse(readFileSync(CASES, 'utf8'))
      expect(cases.map(({ id }) => id).sort()).toEqual([...Object.keys(ATTACKS), ...NOT_OF_ALERTS].sort())
    },
  )

  it('has a guard over it that lets nobody out', async () => {
    const { get } = await import('node:http')
    const outcome = new Promise((resolve) => get('http://192.0.2.1/').on('error', resolve))
    expect(String(await outcome)).toMatch(/No connection to 192\.0\.2\.1/)
    expect(network.hosts()).toEqual(['192.0.2.1'])
  })
})
