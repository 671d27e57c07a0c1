import * as z from 'zod/mini'
import { Fault } from '../errors.ts'
import { ask, readAnswer } from '../huawei/answer.ts'
import { cbrPageRequest, readCbrPage } from '../huawei/backup-page.ts'
import { createCheckpointRequest, showCheckpointRequest } from '../huawei/cbr-checkpoint.ts'
import { collectionOf } from '../huawei/cbr-collection.ts'
import { CBR_LIST_QUERY } from '../huawei/cbr-list-query.ts'
import { type CheckpointBody, checkpointBody } from '../huawei/checkpoint-body.ts'
import type { Request } from '../huawei/http.ts'
import { pathTo } from '../huawei/path.ts'
import { type CbrBackup, cbrBackup, cbrBackupPage } from '../huawei/shapes/cbr-backup.ts'
import { type CbrCheckpoint, cbrCheckpointAnswer } from '../huawei/shapes/cbr-checkpoint.ts'
import { type CbrVault, cbrVault } from '../huawei/shapes/cbr-vault.ts'
import { toMistakes } from '../strict.ts'
import type { CallOptions, Connection } from './connection.ts'
import { type AllBackupsQuery, listAllBackups } from './list-all-backups.ts'
import { listCollection } from './list-collection.ts'
import type { Listing } from './listing.ts'
import { type CbrBackupsQuery, toSendable } from './queries.ts'
import { readRows, type UnreadableRow } from './rows.ts'
import { type CheckpointEnd, type WaitOptions, waitForCheckpoint } from './wait-for-checkpoint.ts'

/** One page of backups. */
export interface CbrBackupsPage {
  readonly backups: readonly CbrBackup[]
  readonly unreadable: readonly UnreadableRow[]
  /** How many fit the query, on all pages; undefined where Huawei did not say. */
  readonly count: number | undefined
  /** The query of the page after this one; undefined where there is none. */
  readonly next: CbrBackupsQuery | undefined
}

/** What to back up: Huawei's `checkpoint` object. `vault_id` alone backs up everything in the vault. */
export type NewCheckpoint = CheckpointBody['checkpoint']

/** CBR of one project. Every call throws a Fault that says what Huawei answered and what to do about it. */
export interface CbrClient {
  /** One page. Pages by position lose rows while the list changes: `listAllBackups` does not. */
  readonly listBackups: (query?: CbrBackupsQuery, options?: CallOptions) => Promise<CbrBackupsPage>
  /** Every backup that fits, each once, with proof: ask `outcome()` afterwards. */
  readonly listAllBackups: (query?: AllBackupsQuery) => Listing<CbrBackup>
  readonly showBackup: (backupId: string, options?: CallOptions) => Promise<CbrBackup>
  readonly listVaults: () => Listing<CbrVault>
  /** Starts a checkpoint. Sent once, never again by itself: see `mayHaveBeenCarriedOut` for what to do where it fails. */
  readonly createCheckpoint: (checkpoint: NewCheckpoint, options?: CallOptions) => Promise<CbrCheckpoint>
  readonly showCheckpoint: (checkpointId: string, options?: CallOptions) => Promise<CbrCheckpoint>
  /** Follows a checkpoint and its backups until they are available or have failed, or the time is over. */
  readonly waitForCheckpoint: (checkpointId: string, options?: WaitOptions) => Promise<CheckpointEnd>
}

/** The CBR client of a project. */
export function cbrClient(connection: Connection): CbrClient {
  const showCheckpoint = async (checkpointId: string, { signal }: CallOptions = {}) =>
    readCheckpoint(connection, showCheckpointRequest(connection.addressOf('cbr'), checkpointId), signal)
  const listBackups = (query: CbrBackupsQuery = {}, options: CallOptions = {}) =>
    readPage(connection, query, options)
  return {
    listBackups,
    listAllBackups: (query = {}) => listAllBackups(connection, query),
    showBackup: (backupId, options = {}) => showBackup(connection, backupId, options),
    listVaults: () => listCollection(vaultsOf(connection)),
    createCheckpoint: async (checkpoint, { signal } = {}) => {
      const request = createCheckpointRequest(connection.addressOf('cbr'), checked({ checkpoint }))
      return readCheckpoint(connection, request, signal)
    },
    showCheckpoint,
    waitForCheckpoint: (checkpointId, options = {}) =>
      waitForCheckpoint({ showCheckpoint, listBackups, nowMs: connection.nowMs }, checkpointId, options),
  }
}

const envelope = z.looseObject({ backups: z.array(z.unknown()), count: cbrBackupPage.shape.count })

async function readPage(
  { send, addressOf }: Connection,
  query: CbrBackupsQuery,
  { signal }: CallOptions,
): Promise<CbrBackupsPage> {
  const request = cbrPageRequest(addressOf('cbr'), toSendable(query, CBR_LIST_QUERY))
  const response = await send(request, signal)
  const { next } = readCbrPage(request, response)
  const { backups, count } = readAnswer(request, response, envelope)
  const { rows, unreadable } = readRows(cbrBackup, backups)
  return { backups: rows, unreadable, count: count ?? undefined, next: next && { ...query, ...toNext(next) } }
}

function toNext({ name, value }: { readonly name: 'offset' | 'marker'; readonly value: string }) {
  return name === 'marker' ? { marker: value } : { offset: Number(value) }
}

const shown = z.looseObject({ backup: cbrBackup })

async function showBackup(
  { send, addressOf }: Connection,
  backupId: string,
  { signal }: CallOptions,
): Promise<CbrBackup> {
  const { origin, projectId } = addressOf('cbr')
  const path = pathTo`/v3/${projectId}/backups/${backupId}`
  const headers = { 'x-project-id': projectId }
  const answered = await ask(
    send,
    { method: 'GET', origin, path, query: [], headers },
    shown,
    signal && { signal },
  )
  return answered.backup
}

async function readCheckpoint({ send }: Connection, request: Request, signal?: AbortSignal) {
  const answered = await ask(send, request, cbrCheckpointAnswer, signal && { signal })
  return answered.checkpoint
}

function checked(body: CheckpointBody): CheckpointBody {
  const result = z.safeParse(checkpointBody, body)
  if (result.success) return result.data
  const mistakes = toMistakes(result.error, body)
  throw new Fault('invalid_request', 'Cannot start this checkpoint: it has mistakes', { mistakes })
}

function vaultsOf({ send, addressOf }: Connection) {
  return {
    ...collectionOf({ send, ...addressOf('cbr') }, 'vaults'),
    row: cbrVault,
    idOf: ({ id }: CbrVault) => id,
  }
}
