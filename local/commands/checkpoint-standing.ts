import * as z from 'zod/mini'
import { OPERATION_STATES, type Operation } from '../../lib/runtime/checkpoint-answer.ts'
import type { HttpResult } from '../../lib/runtime/http.ts'
import { type Row, toRow } from '../read-pages.ts'

/** How an operation stands, in the words of the function. */
export interface Standing {
  /** Where it is asked about: `/checkpoints/{operation}`. */
  readonly path: string
  readonly key: string
  readonly state: Operation['state']
  readonly because: string | null
  /** Whether something of it is not known yet, as the status of the answer says. */
  readonly isOpen: boolean
  /** Huawei's own words on the checkpoint; nothing as long as none is known. */
  readonly checkpoint: Row
}

const operationSchema = z.object({
  state: z.enum(OPERATION_STATES),
  because: z.nullable(z.string()),
  checkpoint: z.unknown(),
})

/** Reads what `POST /checkpoints` answered. */
export function readOrder({ statusCode, headers, body }: HttpResult): Standing {
  const base = { path: headers['operation'] ?? '', key: headers['idempotency-key'] ?? '' }
  if (statusCode === 202) return { ...base, ...toOperation(body), isOpen: true }
  const checkpoint = toRow(toRow(JSON.parse(body))['checkpoint'])
  const state = statusCode === 207 ? 'partial' : 'started'
  return { ...base, state, because: null, isOpen: false, checkpoint }
}

/** Reads what `GET /checkpoints/{operation}` answered of an operation that stood otherwise before. */
export function readOperation({ path, key }: Standing, { statusCode, body }: HttpResult): Standing {
  return { path, key, ...toOperation(body), isOpen: statusCode === 202 }
}

function toOperation(body: string): Pick<Standing, 'state' | 'because' | 'checkpoint'> {
  const { state, because, checkpoint } = z.parse(operationSchema, JSON.parse(body))
  return { state, because, checkpoint: toRow(checkpoint) }
}

/** Whether the checkpoint is known to exist, and nothing of it is open. */
export function isKnown({ state, isOpen }: Pick<Standing, 'state' | 'isOpen'>): boolean {
  return state === 'failed' || (!isOpen && (state === 'started' || state === 'partial' || state === 'done'))
}

/** The resources that Huawei took in. */
export function acceptedIn({ checkpoint }: Standing): readonly Row[] {
  return rowsIn(toRow(checkpoint['vault'])['resources'])
}

/** The resources that Huawei left out, each with its code and reason. */
export function skippedIn({ checkpoint }: Standing): readonly Row[] {
  return rowsIn(toRow(checkpoint['vault'])['skipped_resources'])
}

function rowsIn(value: unknown): readonly Row[] {
  return Array.isArray(value) ? value.map(toRow) : []
}
