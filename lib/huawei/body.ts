import { isAscii, isUtf8 } from 'node:buffer'
import type { UpstreamAnswer } from '../errors.ts'
import { asWire, type Wire } from './fields.ts'
import type { Response } from './http.ts'
import { redacted } from './redact.ts'
import { parseByRows } from './rows.ts'

/** What the body of a response holds. */
export type Body =
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'json'
      readonly value: unknown
      /** What was kept of the rows where they were read one by one; in the value their list is empty then. */
      readonly rows?: readonly unknown[] | undefined
      /** Whether bytes that are no UTF-8 stand as U+FFFD in it. */
      readonly lossy: boolean
    }
  /** Said to be JSON, and is not: broken on the way, so another attempt may help. */
  | { readonly kind: 'broken' }
  /** Not even said to be JSON: a page of a proxy or a login. */
  | { readonly kind: 'foreign'; readonly contentType: string }

/** What Huawei's error bodies say, in any of their shapes. */
export interface Refusal {
  readonly errorCode?: string
  readonly errorMsg?: string
  readonly requestId?: string
  /** CBR's 401 for an id or a URL that it cannot read; nothing is wrong with the credentials. */
  readonly malformedUrl: boolean
  /** Whether it has a form that is Huawei's alone. */
  readonly inOwnWords: boolean
}

const read = new WeakMap<Response, Body>()

/** Reads the body of a response, once: whoever asks again about the same response gets the same value. */
export function bodyOf(response: Response): Body {
  const known = read.get(response)
  if (known !== undefined) return known
  const body = decode(response)
  read.set(response, body)
  return body
}

/** Forgets what was read of a response that nobody asks about again, and gives its bytes back: the connection remembers it until its next answer. */
export function forget(response: Response): void {
  read.delete(response)
  response.release?.()
}

function decode({ body, headers, rows }: Response): Body {
  if (body.length === 0) return { kind: 'empty' }
  const contentType = headers['content-type'] ?? ''
  // A byte order mark and UTF-16 survive both as characters that JSON does not allow: no half-read pages.
  const encoding = isAscii(body) ? 'latin1' : 'utf8'
  const lossy = encoding === 'utf8' && !isUtf8(body)
  const byRows = rows && parseByRows(body, encoding, rows)
  if (byRows !== undefined) return { kind: 'json', value: byRows.frame, rows: byRows.rows, lossy }
  try {
    return { kind: 'json', value: JSON.parse(body.toString(encoding)), lossy }
  } catch {
    const isJson = contentType === '' || /\bjson\b/i.test(contentType)
    return isJson ? { kind: 'broken' } : { kind: 'foreign', contentType }
  }
}

const SHAPES = [
  ['error_code', 'error_msg'],
  ['errorCode', 'errorMsg'],
  ['code', 'message'],
] as const

/** Huawei names the service before the number: what something in between says has another form. */
const OWN_CODE = /^[A-Za-z][\w-]*\.\w+$/

/** Finds code, message and request id of an error body: the shapes in Huawei's own order, then the same in nested objects. */
export function refusalOf(response: Response): Refusal {
  const body = bodyOf(response)
  const value = body.kind === 'json' ? asWire(body.value) : undefined
  const objects = value === undefined ? [] : [value, ...nestedIn(value)]
  const found = objects.map((object) => shapeOf(object)).find((shape) => shape !== undefined)
  const requestId = textOf(value?.['request_id']) ?? response.headers['x-request-id']
  const malformed = asWire(value?.['unauthorized'])
  const malformedUrl = /malformed request url/i.test(textOf(malformed?.['message']) ?? '')
  const inOwnWords =
    malformedUrl || OWN_CODE.test(found?.errorCode ?? '') || isNumbered(asWire(value?.['error']), response)
  return {
    ...found,
    ...(requestId === undefined ? {} : { requestId: redacted(requestId, 64) }),
    malformedUrl,
    inOwnWords,
  }
}

/** The forms that name no service: numbers of seven digits and more, and of IAM the status once more, with a title. */
function isNumbered(error: Wire | undefined, { status }: Response): boolean {
  const [code = '', message, title] = ['code', 'message', 'title'].map((name) => textOf(error?.[name]))
  if (message === undefined) return false
  return /^\d{7,}$/.test(code) || (code === String(status) && title !== undefined)
}

/** The refusal as a fault keeps it. */
export function toUpstreamAnswer(response: Response): UpstreamAnswer {
  const { malformedUrl, ...refusal } = refusalOf(response)
  // With its 401 CBR means 404: what was asked for cannot exist.
  return { httpStatus: malformedUrl ? 404 : response.status, ...refusal }
}

function shapeOf(object: Wire) {
  for (const [codeName, messageName] of SHAPES) {
    const errorCode = textOf(object[codeName])
    const message = textOf(object[messageName])
    if (errorCode !== undefined && message !== undefined)
      return { errorCode: redacted(errorCode, 64), errorMsg: redacted(message, 500) }
  }
  return undefined
}

function nestedIn(object: Wire): readonly Wire[] {
  return [asWire(object['error']), asWire(object['unauthorized'])].filter((one) => one !== undefined)
}

/** IAM writes its codes as numbers. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}
