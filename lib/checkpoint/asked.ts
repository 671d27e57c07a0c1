import * as z from 'zod/mini'
import { keyOf } from '../key-of.ts'
import { coverageOf } from './coverage.ts'
import type { LedgerRecord } from './record.ts'

const narrowed = z.object({
  checkpoint: z.object({ parameters: z.object({ resources: z.array(z.string()) }) }),
})

/** The resources that an order names; null is all of the vault. */
export type Asked = readonly string[] | null

/** What the request of an operation names. */
export function askedBy({ request }: Pick<LedgerRecord, 'request'>): Asked {
  return z.safeParse(narrowed, request).data?.checkpoint.parameters.resources ?? null
}

/** Whether Huawei left out of a checkpoint what is asked for: any of what is named, or anything at all where all of the vault is. */
export function leavesOut(record: LedgerRecord, asked: Asked): boolean {
  if (!('answer' in record)) return false
  const { skipped = [] } = coverageOf(record)
  const named = new Set(asked?.map(keyOf))
  return skipped.some(({ id }) => asked === null || named.has(keyOf(id)))
}
