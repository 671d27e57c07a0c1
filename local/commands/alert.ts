import { readFile } from 'node:fs/promises'
import * as z from 'zod/mini'
import { Fault } from '../../lib/errors.ts'
import { parseJson } from '../../lib/parse-json.ts'
import type { Environment } from '../../lib/runtime/environment.ts'
import { createServices, FOR_REQUESTS, world } from '../../lib/runtime/services.ts'
import { type Confirmation, listConfirmations } from '../../lib/workflow/list-confirmations.ts'
import { signAlert } from '../sign-alert.ts'
import { ALERT_HELP, type AlertWish, readAlertWish } from './alert-flags.ts'
import { sampleAlert } from './sample-alert.ts'

/** Sends an alert as its sender would, or shows which topics wait to be confirmed. */
export async function alert(argv: readonly string[], environment: Environment): Promise<number> {
  const wish = readAlertWish(argv, environment)
  if (wish === undefined) process.stdout.write(ALERT_HELP)
  else if (wish.kind === 'confirmations') await showConfirmations(wish)
  else await send(wish)
  return 0
}

const receiptSchema = z.object({ alert_id: z.string(), operations: z.array(z.string()) })
const problemSchema = z.object({ code: z.string(), detail: z.string() })

async function send(wish: AlertWish & { readonly kind: 'send' }): Promise<void> {
  const { source, secret, url } = wish
  const body = await readBody(wish)
  const id = `try_${world.randomHex(12)}`
  const headers = signAlert(source, { secret, body, id, epochMs: world.epochMs() })
  const route = new URL(`alerts/${source}`, url)
  const answer = await fetch(route, { method: 'POST', headers, body }).catch((cause: unknown) => {
    const detail = 'Start it with npm start, or name it with --url'
    throw new Fault('unavailable', `Cannot reach ${url.origin}. ${detail}`, { cause })
  })
  const text = await answer.text()
  const receipt = receiptSchema.safeParse(parseJson(text))
  if (answer.status !== 202 || !receipt.success) throw refused(answer.status, text)
  process.stdout.write(describeReceipt(receipt.data, url, parseJson(body) !== undefined))
}

async function readBody({ source, file, name }: AlertWish & { readonly kind: 'send' }): Promise<Buffer> {
  if (file === undefined) return Buffer.from(`${JSON.stringify(sampleAlert(source, name, world.now()))}\n`)
  return readFile(file).catch((cause: unknown) => {
    throw new Fault('invalid_configuration', `Cannot read ${JSON.stringify(file)}`, { cause })
  })
}

function refused(status: number, text: string): Fault {
  const { data } = problemSchema.safeParse(parseJson(text))
  const hint =
    status === 404
      ? ' Start the server with the same ALERT_SECRETS.'
      : status === 401
        ? ' Its secret is another.'
        : ''
  return new Fault(
    'unavailable',
    `The server answered ${status}: ${data?.detail ?? 'no problem of ours'}.${hint}`,
  )
}

function describeReceipt(
  { alert_id, operations }: z.infer<typeof receiptSchema>,
  url: URL,
  isJson: boolean,
): string {
  if (operations.length === 0)
    return `Stored as ${alert_id}. It starts nothing: ${isJson ? WHY_NOTHING : NO_JSON}.\n`
  return `Stored as ${alert_id}. It starts\n${operations.map((path) => `  ${new URL(`.${path}`, url)}\n`).join('')}`
}

/** The receipt says no more to anybody than that nothing was started. */
const WHY_NOTHING =
  'no rule of the policy (AUDIT_POLICY) fits it, its alarm is not on, or it is no alert of this sender and was set aside (inbox/quarantine in the store)'
const NO_JSON = 'it is not JSON, and was set aside (inbox/quarantine in the store)'

async function showConfirmations({ config }: AlertWish & { readonly kind: 'confirmations' }): Promise<void> {
  const services = createServices(config, FOR_REQUESTS)
  try {
    const found = await listConfirmations(services.store)
    process.stdout.write(
      found.length === 0
        ? `No topic has asked to be confirmed in ${services.store.url}. It must stand in the policy, under alerts.topics, before it does.\n`
        : found.map(describeConfirmation).join('\n'),
    )
  } finally {
    services.close()
  }
}

const VALID_FOR: Readonly<Record<string, string>> = { smn: '48 hours', sns: '3 days' }

function describeConfirmation({ source, topic, receivedAt, link }: Confirmation): string {
  const what = `${source}  ${topic}\n  asked at ${receivedAt}, valid for ${VALID_FOR[source] ?? 'a while'}\n`
  return link === undefined
    ? `${what}  Its message named a link that is none of the service's own: confirm it in the console\n`
    : `${what}  Open this link to confirm: ${link}\n`
}
