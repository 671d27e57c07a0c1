import * as z from 'zod/mini'
import { Fault } from '../errors.ts'
import { parseJson } from '../parse-json.ts'
import { writeJson } from '../write-json.ts'
import type { LedgerRecord } from './record.ts'

const grant = z.object({
  operation: z.string(),
  /** What was asked for; null is all of the vault. */
  resources: z.nullable(z.array(z.string())),
  at: z.string(),
  /** How many attempts of the operation had been begun before. */
  attempt: z._default(z.number(), 0),
})

const guardSchema = z.object({
  schema_version: z.literal(1),
  /** Who was let through, the oldest first. */
  grants: z.array(grant),
  /** Who waits for his turn. */
  waiting: z.array(grant),
})

/** An operation that the guard of a vault knows. */
export type Grant = z.infer<typeof grant>

/** What alerts started of one vault lately, and what waits: the one object that all of them compete for. */
export interface VaultGuard {
  readonly grants: readonly Grant[]
  readonly waiting: readonly Grant[]
}

/**
 * Whether no checkpoint came of what was let through: Huawei refused it, or it was provably not sent. What is sent once
 * more may have been carried out before.
 */
export function isSpent({ attempt }: Grant, standing: LedgerRecord): boolean {
  switch (standing.state) {
    case 'REFUSED':
    case 'JOINED':
      return true
    case 'RECEIVED':
    case 'PARKED':
      return standing.attempt > attempt && standing.is_repeated !== true
    case 'INTENT':
    case 'UNKNOWN':
    case 'HUMAN':
    case 'STARTED':
    case 'PARTIAL':
    case 'DONE':
    case 'FAILED':
      return false
  }
}

/** Where the guard of a vault is. */
export function guardKey({ region, project_id, vault_id }: LedgerRecord): string {
  return `ledger/checkpoint-guard/${region}_${project_id}_${vault_id}.json`
}

/** A guard as it is stored. */
export function writeGuard({ grants, waiting }: VaultGuard): string {
  return writeJson({ schema_version: 1, grants, waiting })
}

/** Reads a stored guard; throws a Fault `unavailable` where it is none, for then nothing may be started. */
export function readGuard(key: string, bytes: Buffer): VaultGuard {
  const result = z.safeParse(guardSchema, parseJson(bytes))
  if (result.success) return result.data
  throw new Fault('unavailable', `Cannot read the ledger: ${key} is no guard of version 1`)
}
