import { createCheckpoint } from '../../functions/create-checkpoint.ts'
import { listBackups } from '../../functions/list-backups.ts'
import type { HttpContext } from '../../lib/runtime/budget.ts'
import type { TakenOrder } from '../../lib/runtime/checkpoint-inbox.ts'
import type { Swept } from '../../lib/runtime/checkpoint-sweep.ts'
import { readConfig } from '../../lib/runtime/config.ts'
import type { HttpResult } from '../../lib/runtime/http.ts'
import type { LogFields } from '../../lib/runtime/log.ts'
import { createServices, FOR_AUDITS } from '../../lib/runtime/services.ts'
import type { Store } from '../../lib/store/store.ts'
import type { Instant } from '../../lib/time.ts'
import { sweepLeftCheckpoints, takeArrival } from '../../lib/workflow/checkpoint-work.ts'
import { emulatorEnvironment } from '../../local/commands/emulator-environment.ts'
import type { Fleet } from '../../local/emulator/fleet.ts'
import { type Emulator, type EmulatorOptions, startEmulator } from '../../local/emulator/server.ts'
import { fleetOf } from '../local/emulator/fleet-of.ts'
import { expectDescribed } from './described.ts'
import { type Json, readJson } from './json.ts'
import { createMemoryStore } from './memory-store.ts'

/** A request as a caller means it. */
export interface Call {
  readonly headers?: Readonly<Record<string, string>>
  /** A body that is no text becomes JSON. */
  readonly body?: unknown
  readonly isBase64Encoded?: boolean
  readonly context?: HttpContext
}

/** An answer, with its body parsed. */
export interface Heard {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly body: Json
}

/** The two functions behind HTTP, with an emulator behind them. */
export interface Door {
  readonly emulator: Emulator
  readonly store: Store
  readonly now: () => Instant
  readonly logged: readonly Partial<LogFields>[]
  /** `GET /backups?limit=5` */
  readonly call: (line: string, call?: Call) => Promise<Heard>
  /** Lets the arrival of an order in the inbox be heard of. */
  readonly arrive: (operation: string, context?: HttpContext) => Promise<TakenOrder>
  readonly sweep: () => Promise<Swept>
  /** How many POSTs for a checkpoint arrived at Huawei. */
  readonly posts: () => number
}

/** What a door can be given. */
export interface DoorOptions extends Partial<EmulatorOptions> {
  readonly fleet?: Fleet
  readonly store?: Store
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** The clock of the functions; the emulator has its own. */
  readonly now?: () => Instant
}

/** Opens the doors over a real emulator for one test. */
export async function withDoor<Result>(
  { store = createMemoryStore(), environment = {}, now, ...options }: DoorOptions,
  work: (door: Door) => Promise<Result>,
): Promise<Result> {
  const emulator = await startEmulator({ now: Date.now, fleet: fleetOf([]), ...options })
  const config = readConfig({ ...emulatorEnvironment(emulator, {}), ...environment })
  const wired = createServices(config, FOR_AUDITS)
  const logged: Partial<LogFields>[] = []
  const services = {
    ...wired,
    store,
    now: now ?? wired.now,
    nowMs: () => performance.now(),
    log: (level: string, message: string, fields: Partial<LogFields>) =>
      void logged.push({ ...fields, ...{ level, message } }),
  }
  try {
    return await work({
      emulator,
      store,
      now: services.now,
      logged,
      call: async (line, call = {}) => {
        const open = line.includes('/checkpoints') ? createCheckpoint(services) : listBackups(services)
        const heard = hear(await open(eventOf(line, call), call.context))
        const [method = '', target = ''] = line.split(/ (.*)/s)
        expectDescribed(method, target.replace(/\?.*/s, ''), heard)
        return heard
      },
      arrive: (operation, context) => takeArrival(services, operation, context),
      sweep: async () => (await sweepLeftCheckpoints(services)).swept,
      posts: () => emulator.requests.filter(({ method, path }) => isPost(method, path)).length,
    })
  } finally {
    wired.close()
    await emulator.close()
  }
}

function hear({ statusCode, headers, body }: HttpResult): Heard {
  return { status: statusCode, headers, text: body, body: readJson(body) }
}

/** The event of an HTTP API in payload format 2.0. */
function eventOf(line: string, { headers = {}, body, isBase64Encoded = false }: Call) {
  const [method = '', target = ''] = line.split(/ (.*)/s)
  const [rawPath = '', rawQueryString = ''] = target.split(/\?(.*)/s)
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: { ...type, ...headers },
    requestContext: {
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'JKJaXmPLvHcESHA=',
      stage: '$default',
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    isBase64Encoded,
  }
}

function isPost(method: string, path: string): boolean {
  return method === 'POST' && path.endsWith('/checkpoints')
}
