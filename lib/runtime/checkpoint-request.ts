import * as z from 'zod/mini'
import type { Mistake } from '../errors.ts'
import { type CheckpointBody, checkpointBody } from '../huawei/checkpoint-body.ts'
import { toMistakes } from '../strict.ts'
import { gather } from './accept.ts'
import type { HttpRequest, HttpWorld } from './http.ts'
import { readJsonBody } from './json-body.ts'
import { redactedJson, redactedPointer } from './redacted-input.ts'

/** What a caller asks for, and under which key. */
export interface CheckpointRequest {
  readonly key: string
  readonly body: CheckpointBody | undefined
}

/** What a key may be: printable, so that it can go back in a header as it came. */
export const IDEMPOTENCY_KEY = /^(?=.*[!-~])[ -~]{1,255}$/
/** Of one body: whoever made more mistakes than that is helped by the first of them. */
const MOST_MISTAKES = 100

/** Reads body and key of a request and adds what is wrong with them to the mistakes; a key is made where none came. */
export function readCheckpointRequest(
  request: HttpRequest,
  { randomHex }: Pick<HttpWorld, 'randomHex'>,
  mistakes: Mistake[],
): CheckpointRequest {
  const key = request.headers['idempotency-key'] ?? randomHex(16)
  if (!IDEMPOTENCY_KEY.test(key))
    mistakes.push({
      pointer: '/header/idempotency-key',
      detail: `found ${key.trim() === '' ? 'nothing' : `${key.length} characters`}, allowed are 1 to 255 printable ASCII characters; leave the header out to have a key made`,
    })
  return { key, body: readBody(request, mistakes) }
}

function readBody(request: HttpRequest, mistakes: Mistake[]): CheckpointBody | undefined {
  const document = gather(mistakes, () => readJsonBody(request, mistakes))
  if (document === undefined) return undefined
  const result = z.safeParse(checkpointBody, document)
  if (result.success) return result.data
  const { issues } = result.error
  const found = toMistakes({ issues: issues.slice(0, MOST_MISTAKES) }, document, redactedJson)
  mistakes.push(...found.map(({ pointer, detail }) => ({ pointer: redactedPointer(pointer), detail })))
  const unnamed = issues
    .slice(MOST_MISTAKES)
    .flatMap<unknown>((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : issue))
  if (unnamed.length > 0)
    mistakes.push({ pointer: '/body', detail: `has further mistakes: ${unnamed.length}` })
  return undefined
}
