// What other verifiers make of the cases that ours are tested with; prints the tables of docs/alerts-compared.md.
// mkdir /tmp/compare && cd /tmp/compare && npm i standardwebhooks@1.1.1 sns-validator@0.3.5 @octokit/webhooks-methods@6.0.0
// npx node test/bench/compare-verifiers.ts /tmp/compare
import { createHmac } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import https from 'node:https'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fromEpochMs } from '../../lib/time.ts'
import { type Delivery, NOW_SECONDS, openAlertDoor, SECRETS } from '../support/alert-door.ts'
import { createSigner } from '../support/certificate.ts'
import { type Changes, SNS_CERTIFICATE, snsMessage } from '../support/topic-messages.ts'

/** What a verifier says, and how often it called somebody while it thought about it. */
interface Opinion {
  readonly says: 'accepts' | 'refuses' | 'crashes'
  readonly calls?: number
}

interface Case {
  readonly name: string
  readonly must: 'accept' | 'refuse'
  readonly ours: () => Promise<Opinion>
  readonly theirs: () => Promise<Opinion>
}

const MUST = { accept: 'accepted', refuse: 'refused' } as const

const folder = resolve(process.argv[2] ?? '.')
const require = createRequire(join(folder, 'package.json'))
const VECTORS = join(import.meta.dirname, '../../../shared/data/standard-webhooks-vectors.json')

type VerifyWebhook = (payload: Buffer, headers: Readonly<Record<string, string>>) => unknown
const { Webhook } = require('standardwebhooks') as {
  readonly Webhook: new (secret: string) => { readonly verify: VerifyWebhook }
}
type Validate = (message: unknown, done: (error: Error | null) => void) => void
const SnsValidator = require('sns-validator') as new () => { readonly validate: Validate }
const octokit = (await import(
  pathToFileURL(join(folder, 'node_modules/@octokit/webhooks-methods/dist-node/index.js')).href
)) as { readonly verify: (secret: string, body: string, signature: string) => Promise<boolean> }

const LATER = new Date(Date.UTC(2090, 0))
const genuine = createSigner({ name: 'sns.amazonaws.com', notAfter: LATER })

/** The certificates that the network of this comparison holds, by host; every other host holds that of an attacker. */
let served = genuine
let calls = 0
https.get = ((_url: string, heard: (response: EventEmitter & { statusCode: number }) => void) => {
  calls += 1
  const response = Object.assign(new EventEmitter(), { statusCode: 200 })
  queueMicrotask(() => {
    heard(response)
    response.emit('data', Buffer.from(served.cert))
    response.emit('end')
  })
  return new EventEmitter()
}) as unknown as typeof https.get

async function opinionOf(decide: () => unknown): Promise<Opinion> {
  const before = calls
  try {
    const says = (await decide()) === false ? 'refuses' : 'accepts'
    return { says, calls: calls - before }
  } catch (error) {
    const says = error instanceof TypeError && !/\[@octokit/.test(error.message) ? 'crashes' : 'refuses'
    return { says, calls: calls - before }
  }
}

/** Ours, from the event to the answer; 202 with nothing understood counts as accepted. */
async function ours(source: string, delivery: Delivery, nowMs: number): Promise<Opinion> {
  const door = openAlertDoor({ fetch: async () => Buffer.from(served.cert) })
  door.at = fromEpochMs(nowMs)
  const { status } = await door.deliver(source, delivery)
  return { says: status === 202 ? 'accepts' : 'refuses', calls: door.asked.length }
}

function webhookCases(): readonly Case[] {
  if (!existsSync(VECTORS)) return []
  const vectors: readonly {
    readonly id: string
    readonly name: string
    readonly secret: string
    readonly now: number
    readonly headers: Readonly<Record<string, string>>
    readonly body_base64: string
    readonly expect: string
  }[] = JSON.parse(readFileSync(VECTORS, 'utf8'))
  return vectors.map(({ id, name, secret, now, headers, body_base64, expect }) => {
    const body = Buffer.from(body_base64, 'base64')
    return {
      name: `${id} ${name.replace(/ \(library.*\)/, '')}`,
      must: /^accept|after-signature/.test(expect) ? 'accept' : 'refuse',
      ours: async () => {
        try {
          const door = openAlertDoor({ secrets: { 'standard-webhooks': [secret] } })
          door.at = fromEpochMs(now * 1000)
          const { status } = await door.deliver('standard-webhooks', { headers, body })
          return { says: status === 202 ? 'accepts' : 'refuses' }
        } catch {
          return { says: 'refuses' }
        }
      },
      theirs: () => atTime(now * 1000, () => opinionOf(() => new Webhook(secret).verify(body, headers))),
    }
  })
}

/** The library reads the clock itself. */
async function atTime<T>(epochMs: number, work: () => Promise<T>): Promise<T> {
  const { now } = Date
  Date.now = () => epochMs
  try {
    return await work()
  } finally {
    Date.now = now
  }
}

function snsCases(): readonly Case[] {
  const time = (seconds: number) => new Date((NOW_SECONDS + seconds) * 1000).toISOString()
  const confirmation = {
    Type: 'SubscriptionConfirmation',
    Token: 'abc',
    SubscribeURL: 'https://evil.example/',
  }
  // The other one remembers certificates by their URL, so each case has one of its own.
  let made = 0
  const certificateUrl = () =>
    SNS_CERTIFICATE.replace(/[0-9a-f]{32}/, (made++).toString(16).padStart(32, '0'))
  const at = (host: string) => certificateUrl().replace('sns.us-east-1.amazonaws.com', host)
  const wish = { name: 'sns.amazonaws.com', notAfter: LATER }
  const attacker = createSigner(wish)
  return [
    snsCase('a notification, signature version 2', 'accept', {}),
    snsCase('the same with a subject', 'accept', { Subject: 'x' }),
    snsCase('UnsubscribeConfirmation, signed with its token', 'accept', {
      ...confirmation,
      Type: 'UnsubscribeConfirmation',
    }),
    snsCase('a topic of the attacker’s own', 'refuse', {
      TopicArn: 'arn:aws:sns:us-east-1:999999999999:own',
    }),
    snsCase(
      'a region that does not exist, certificate by the attacker',
      'refuse',
      { SigningCertURL: at('sns.abc.amazonaws.com') },
      attacker,
    ),
    snsCase('the certificate of another region', 'refuse', {
      SigningCertURL: at('sns.eu-west-1.amazonaws.com'),
    }),
    snsCase('a path that ends in .pem only in its query', 'refuse', {
      SigningCertURL: 'https://sns.us-east-1.amazonaws.com/?x=.pem',
    }),
    snsCase('another path of the right host', 'refuse', {
      SigningCertURL: 'https://sns.us-east-1.amazonaws.com/x.pem',
    }),
    snsCase('a bucket', 'refuse', { SigningCertURL: at('s3.amazonaws.com') }, attacker),
    snsCase('plain http', 'refuse', { SigningCertURL: certificateUrl().replace('https', 'http') }),
    snsCase('SigningCertUrl beside SigningCertURL', 'refuse', {
      SigningCertURL: 'https://evil.example/x.pem',
      SigningCertUrl: certificateUrl(),
    }),
    snsCase('sent two hours ago', 'refuse', { Timestamp: time(-7200) }),
    snsCase('signature version 3', 'refuse', { SignatureVersion: '3' }),
    snsCase('signature version as a number', 'refuse', { SignatureVersion: 2 }),
    snsCase(
      'a certificate that has expired',
      'refuse',
      {},
      createSigner({ ...wish, notAfter: new Date(Date.UTC(2020, 0)) }),
    ),
    snsCase('a certificate of somebody else', 'refuse', {}, createSigner({ ...wish, name: 'evil.example' })),
    snsCase('a certificate signed by itself', 'refuse', {}, createSigner({ ...wish, isSelfSigned: true })),
    snsCase('a key of 1024 bits', 'refuse', {}, createSigner({ ...wish, keyBits: 1024 })),
    bodyCase('null'),
    bodyCase('[]'),
    bodyCase('"x"'),
  ]

  function snsCase(name: string, must: Case['must'], changes: Changes, signer = genuine): Case {
    const message = snsMessage(signer, { Timestamp: time(-10), SigningCertURL: certificateUrl(), ...changes })
    return examined(name, must, JSON.stringify(message), signer)
  }

  function bodyCase(body: string): Case {
    return examined(`the body ${body}`, 'refuse', body, genuine)
  }
}

function examined(name: string, must: Case['must'], body: string, signer: typeof genuine): Case {
  const withNetwork = async (work: () => Promise<Opinion>): Promise<Opinion> => {
    served = signer
    try {
      return await work()
    } finally {
      served = genuine
    }
  }
  const validate = () =>
    new Promise((done, refuse) => {
      new SnsValidator().validate(JSON.parse(body), (error) => (error ? refuse(error) : done(true)))
    })
  const headers = { 'content-type': 'text/plain; charset=UTF-8' }
  return {
    name,
    must,
    ours: () => withNetwork(() => ours('sns', { headers, body }, NOW_SECONDS * 1000)),
    theirs: () => withNetwork(() => opinionOf(validate)),
  }
}

/** The same bytes and keys in both spellings: PagerDuty's `v1=<hex>`, GitHub's `sha256=<hex>`. */
function hmacCases(): readonly Case[] {
  const secret = SECRETS.pagerduty[0]
  const body = Buffer.from('{"event":{}}')
  const hex = (bytes: Buffer) => createHmac('sha256', secret).update(bytes).digest('hex')
  const invalid = Buffer.from('7b2261223a22ff227d', 'hex')
  const asText = createHmac('sha256', secret).update(invalid.toString()).digest('hex')
  return [
    hmacCase('the right signature', 'accept', body, (prefix) => `${prefix}=${hex(body)}`),
    hmacCase(
      'the right signature behind a wrong one',
      'accept',
      body,
      (prefix) => `${prefix}=${'0'.repeat(64)},${prefix}=${hex(body)}`,
    ),
    hmacCase(
      'an empty body, rightly signed',
      'accept',
      Buffer.of(),
      (prefix) => `${prefix}=${hex(Buffer.of())}`,
    ),
    hmacCase(
      'bytes that are no UTF-8, rightly signed',
      'accept',
      invalid,
      (prefix) => `${prefix}=${hex(invalid)}`,
    ),
    hmacCase(
      'bytes that are no UTF-8, signed as the text that they decode to',
      'refuse',
      invalid,
      (prefix) => `${prefix}=${asText}`,
    ),
    hmacCase('upper-case hex', 'refuse', body, (prefix) => `${prefix}=${hex(body).toUpperCase()}`),
    hmacCase('cut short', 'refuse', body, (prefix) => `${prefix}=${hex(body).slice(0, 8)}`),
    hmacCase(
      'one bit flipped',
      'refuse',
      body,
      (prefix) => `${prefix}=${hex(body).replace(/.$/, (last) => (last === '0' ? '1' : '0'))}`,
    ),
    hmacCase('another version of the signature', 'refuse', body, () => `v0=${hex(body)}`),
    hmacCase('no signature', 'refuse', body, () => ''),
    hmacCase(
      'one byte added to the body',
      'refuse',
      Buffer.from(`${body} `),
      (prefix) => `${prefix}=${hex(body)}`,
    ),
  ]

  function hmacCase(name: string, must: Case['must'], sent: Buffer, sign: (prefix: string) => string): Case {
    return {
      name,
      must,
      ours: () =>
        ours(
          'pagerduty',
          { headers: { 'x-pagerduty-signature': sign('v1') }, body: sent },
          NOW_SECONDS * 1000,
        ),
      // It takes text, so whoever has bytes must decode them first.
      theirs: () => opinionOf(() => octokit.verify(secret, sent.toString(), sign('sha256'))),
    }
  }
}

/** Where all agree a row says nothing: only the others are printed, or all of them where that is asked for. */
async function table(
  title: string,
  theirName: string,
  cases: readonly Case[],
  printsAll: boolean,
): Promise<void> {
  const rows = [`### ${title}\n`, `| case | must be | ours | ${theirName} |`, '| --- | --- | --- | --- |']
  let [ourErrors, theirErrors] = [0, 0]
  for (const { name, must, ours, theirs } of cases) {
    const [our, their] = [await ours(), await theirs()]
    if (isWrong(our, must)) ourErrors += 1
    if (isWrong(their, must)) theirErrors += 1
    if (!printsAll && !isWrong(our, must) && !isWrong(their, must)) continue
    rows.push(
      `| ${name.replaceAll('|', '|')} | ${MUST[must]} | ${describe(our, must)} | ${describe(their, must)} |`,
    )
  }
  console.log(
    `${rows.join('\n')}\n\nWrong: ours ${ourErrors}, ${theirName} ${theirErrors}, of ${cases.length}.\n`,
  )
}

function isWrong({ says }: Opinion, must: Case['must']): boolean {
  return says === 'crashes' || (says === 'accepts') !== (must === 'accept')
}

function describe(opinion: Opinion, must: Case['must']): string {
  const called = opinion.calls ? `, ${opinion.calls} call${opinion.calls === 1 ? '' : 's'}` : ''
  return isWrong(opinion, must) ? `**${opinion.says}**${called}` : `${opinion.says}${called}`
}

const version = (name: string) =>
  JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version
const named = (name: string) => `${name} ${version(name)}`
await table('Standard Webhooks', named('standardwebhooks'), webhookCases(), false)
await table('SNS', named('sns-validator'), snsCases(), true)
await table('HMAC over the body', named('@octokit/webhooks-methods'), hmacCases(), true)
