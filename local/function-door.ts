import * as z from 'zod/mini'
import { FAULT_CODES, Fault } from '../lib/errors.ts'
import type { Config } from '../lib/runtime/config.ts'
import type { Environment } from '../lib/runtime/environment.ts'
import type { HttpFunction, HttpResult } from '../lib/runtime/http.ts'
import type { QueryPair } from '../lib/runtime/http-event.ts'
import type { Log } from '../lib/runtime/log.ts'
import { FOR_REQUESTS, type Services, type ServicesOptions } from '../lib/runtime/services.ts'
import { type Cloud, type CloudOptions, openCloud } from './cloud.ts'
import { toFlagMistake } from './flag-of-pointer.ts'

/** The way from a command to the functions, and through them to Huawei. */
export interface Door extends Pick<Cloud, 'emulator' | 'close'> {
  readonly services: Services
}

/** What a command may choose. */
export type DoorOptions = Pick<ServicesOptions, 'correctsClock'> & Required<Pick<CloudOptions, 'onEmulator'>>

/** Opens the door to the cloud of the configuration. Where this throws, nothing is left running. */
export async function openDoor(
  config: Config,
  environment: Environment,
  { correctsClock, onEmulator }: DoorOptions,
): Promise<Door> {
  // The caller may have put the store elsewhere than the environment says.
  const cloud = await openCloud(config, environment, { flags: { store: config.storeAddress }, onEmulator })
  try {
    const services = cloud.open({ ...FOR_REQUESTS, correctsClock, log: reportDefect })
    return { services, emulator: cloud.emulator, close: cloud.close }
  } catch (error) {
    await cloud.close()
    throw error
  }
}

/** Of all that a function logs the shell needs only what its answer may not tell. */
const reportDefect: Log = (_level, _message, { defect }) => {
  if (defect !== undefined) process.stderr.write(`A defect of this tool, please report it: ${defect}\n`)
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
