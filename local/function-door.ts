import * as z from 'zod/mini'
import { FAULT_CODES, Fault } from '../lib/errors.ts'
import { type Config, readConfig } from '../lib/runtime/config.ts'
import type { Environment } from '../lib/runtime/environment.ts'
import type { HttpFunction, HttpResult } from '../lib/runtime/http.ts'
import type { QueryPair } from '../lib/runtime/http-event.ts'
import type { Log } from '../lib/runtime/log.ts'
import {
  createServices,
  FOR_REQUESTS,
  type Services,
  type ServicesOptions,
  world,
} from '../lib/runtime/services.ts'
import { emulatorEnvironment } from './commands/emulator-environment.ts'
import { type Emulator, startEmulator } from './emulator/server.ts'
import { toFlagMistake } from './flag-of-pointer.ts'

/** The way from a command to the functions, and through them to Huawei. */
export interface Door {
  readonly services: Services
  /** What stands in for Huawei; undefined where there are credentials. */
  readonly emulator: Emulator | undefined
  readonly close: () => Promise<void>
}

/** What a command may choose. */
export interface DoorOptions extends Pick<ServicesOptions, 'correctsClock'> {
  /** Told before anything else where there are no credentials: then nothing goes anywhere but to the emulator. */
  readonly onEmulator: (emulator: Emulator) => void
}

/** Opens the door: to the cloud of the configuration, or without credentials to an emulator that ends with it. */
export async function openDoor(
  config: Config,
  environment: Environment,
  { correctsClock, onEmulator }: DoorOptions,
): Promise<Door> {
  const emulator = config.credentials === undefined ? await startEmulator({ now: world.epochMs }) : undefined
  if (emulator !== undefined) onEmulator(emulator)
  const services = createServices(emulator === undefined ? config : emulated(config, emulator, environment), {
    ...FOR_REQUESTS,
    correctsClock,
    log: reportDefect,
  })
  return {
    services,
    emulator,
    close: async () => {
      services.close()
      await emulator?.close()
    },
  }
}

/** Of all that a function logs the shell needs only what its answer may not tell. */
const reportDefect: Log = (_level, _message, { defect }) => {
  if (defect !== undefined) process.stderr.write(`A defect of this tool, please report it: ${defect}\n`)
}

function emulated(config: Config, emulator: Emulator, environment: Environment): Config {
  const { storeAddress, policyAddress } = config
  return { ...readConfig(emulatorEnvironment(emulator, environment)), storeAddress, policyAddress }
}

/** What an HTTP caller would send. */
export interface Call {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly query: readonly QueryPair[]
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** The event that an HTTP API makes of a call. */
export function toEvent({ method, path, query, headers = {}, body }: Call) {
  const rawQueryString = query.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
  const requestContext = { http: { method }, stage: '$default' }
  return { version: '2.0', rawPath: path, rawQueryString, headers, body, requestContext }
}

/** Calls a function as an HTTP caller would; a problem that it answers with is thrown as the Fault that it tells of. */
export async function callFunction(called: HttpFunction, call: Call): Promise<HttpResult> {
  const result = await called(toEvent(call))
  if (result.headers['content-type'] === 'application/problem+json') throw toFault(result)
  return result
}

const mistake = z.object({ pointer: z.string(), detail: z.string() })
const problemSchema = z.object({
  code: z.enum(FAULT_CODES),
  status: z.number(),
  detail: z.string(),
  errors: z._default(z.array(mistake), []),
  error_code: z.optional(z.string()),
  error_msg: z.optional(z.string()),
})

function toFault({ headers, body }: HttpResult): Fault {
  const { code, status, detail, errors, error_code, error_msg } = z.parse(problemSchema, JSON.parse(body))
  const upstream = {
    httpStatus: status,
    ...(error_code === undefined ? {} : { errorCode: error_code }),
    ...(error_msg === undefined ? {} : { errorMsg: error_msg }),
  }
  return new Fault(code, sayForShell(detail), {
    mistakes: errors.map(toFlagMistake),
    ...(error_code === undefined ? {} : { upstream }),
    ...(headers['retry-after'] === undefined ? {} : { retryAfterMs: Number(headers['retry-after']) * 1000 }),
  })
}

/** Mistakes follow the sentence here; over HTTP they stand in a member of their own. */
function sayForShell(detail: string): string {
  return detail.replace(/, see errors$/, '')
}
