import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SecretSource } from '../../lib/alert-source.ts'
import { signAlert } from '../../local/sign-alert.ts'
import { type Cloud, startCloud } from '../support/cloud.ts'
import type { Ended } from '../support/function-host.ts'
import { invoke } from '../support/invoke.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const ROOT = join(import.meta.dirname, '../..')

/** A real event, and what it must get. What is not named in `expect` may be anything. */
interface EventFile {
  /** Objects that lie in the store before. */
  readonly given?: Readonly<Record<string, unknown>>
  readonly event: unknown
  /** A sender that signs the time: it signs when the event is replayed. */
  readonly signed?: { readonly source: SecretSource; readonly secret: string; readonly id: string }
  readonly expect: {
    /** A part of what the function returns; a `body` is compared as JSON. */
    readonly result?: Readonly<Record<string, unknown>>
    readonly error?: { readonly name: string; readonly message_holds: readonly string[] }
    /** Parts of objects that lie in the store afterwards. */
    readonly ledger?: Readonly<Record<string, object>>
  }
}

const functionNames = readdirSync(join(ROOT, 'functions')).map((file) => basename(file, '.ts'))
const files = readdirSync(join(ROOT, 'events')).sort()

function casesOf(functionName: string): readonly (readonly [file: string, content: EventFile])[] {
  return files
    .filter((file) => file.startsWith(`${functionName}.`))
    .map((file) => [file, JSON.parse(readFileSync(join(ROOT, 'events', file), 'utf8'))])
}

/** What a function has in its environment besides what all of them have. */
const ENVIRONMENTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'receive-alert': {
    AUDIT_POLICY: 's3://audit-reports/team/backups/policy.json',
    ALERT_SECRETS: JSON.stringify({
      alertmanager: ['event-token'],
      grafana: ['event-grafana-key'],
      pagerduty: ['event-pagerduty-key'],
      'standard-webhooks': ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    }),
  },
}

function toEvent({ event, signed }: EventFile): unknown {
  if (signed === undefined) return event
  const { headers, body, ...rest } = event as { readonly headers: object; readonly body: string }
  const { source, ...proof } = signed
  const proved = signAlert(source, { ...proof, body: Buffer.from(body), epochMs: Date.now() })
  return { ...rest, headers: { ...headers, ...proved }, body }
}

function checkEnd(ended: Ended | undefined, { expect: expected }: EventFile): void {
  if (expected.error !== undefined) {
    expect(ended).toMatchObject({ error: { name: expected.error.name } })
    const message = ended !== undefined && 'error' in ended ? ended.error.message : ''
    for (const part of expected.error.message_holds) expect(message).toContain(part)
    return
  }
  expect(withParsedBody(ended)).toMatchObject({ result: expected.result })
}

function withParsedBody(ended: Ended | undefined): unknown {
  if (ended === undefined || !('result' in ended)) return ended
  const { result } = ended
  if (typeof result !== 'object' || result === null || !('body' in result)) return ended
  return { result: { ...result, body: JSON.parse(String(result.body)) } }
}

let cloud: Cloud
let workspace: Workspace

beforeAll(async () => {
  workspace = await openWorkspace()
  await workspace.npmRun('bundle')
})

afterAll(() => workspace.remove())

it('belongs to a function, every event', () => {
  const strays = files.filter((file) => !functionNames.some((name) => file.startsWith(`${name}.`)))
  expect(strays).toEqual([])
})

describe.each(['source', 'bundle'] as const)('every event gets from the %s what its file says', (form) => {
  beforeAll(async () => {
    cloud = await startCloud()
  })

  afterAll(() => cloud.close())

  it.each(functionNames)('%s', async (functionName) => {
    const cases = casesOf(functionName)
    expect(cases.length).toBeGreaterThan(0)
    for (const [, { given = {} }] of cases) {
      for (const [key, content] of Object.entries(given)) cloud.put(key, content)
    }
    const module =
      form === 'source'
        ? join(ROOT, 'functions', `${functionName}.ts`)
        : join(workspace.folder, 'dist', `${functionName}.cjs`)
    const events = cases.map(([, content]) => toEvent(content))
    const { ended, printed } = await invoke(
      { module, events },
      { ...cloud.environment, ...ENVIRONMENTS[functionName] },
    )

    for (const [index, [file, content]] of cases.entries()) {
      expect.soft(() => checkEnd(ended[index], content), file).not.toThrow()
      for (const [key, part] of Object.entries(content.expect.ledger ?? {})) {
        expect.soft(JSON.parse(String(cloud.read(key))), file).toMatchObject(part)
      }
    }
    expect(printed).not.toContain(cloud.secretKey)
  })
})
