import { describe, expect, it } from 'vitest'
import { operationOf } from '../../../lib/checkpoint/names.ts'
import { recordKey } from '../../../lib/checkpoint/record.ts'
import { received } from '../../../lib/checkpoint/transitions.ts'
import { Fault } from '../../../lib/errors.ts'
import { readConfig } from '../../../lib/runtime/config.ts'
import { createServices, FOR_AUDITS, type Services } from '../../../lib/runtime/services.ts'
import type { Store } from '../../../lib/store/store.ts'
import { formatTime, fromEpochMs } from '../../../lib/time.ts'
import { operationsFor } from '../../../lib/workflow/audit-operations.ts'
import { runAudit } from '../../../lib/workflow/run-audit.ts'
import { emulatorEnvironment } from '../../../local/commands/emulator-environment.ts'
import { describeSummary } from '../../../local/commands/summary.ts'
import { startEmulator } from '../../../local/emulator/server.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

const NOW = fromEpochMs(Date.now())
const AT = formatTime(NOW)
const idOf = (key: string) => operationOf(key, 'cn-north-4', 'project')
const SENT = { name: 'al-1', sent_at: AT, settled_at: AT }
const ORIGIN = { source: 'smn', alert_id: 'alert-1', because: 'a disk is failing' }

function put(store: Store, key: string, state: object) {
  const place = { region: 'cn-north-4', projectId: 'project', vaultId: 'vault' }
  const record = received({ operation: idOf(key), ...place, name: undefined, body: {}, origin: ORIGIN }, NOW)
  return store.putIfAbsent(recordKey(idOf(key)), JSON.stringify({ ...record, ...state }))
}

async function filledStore(): Promise<Store> {
  const store = createMemoryStore()
  await put(store, 'held', { ...SENT, state: 'HUMAN', because: 'reset', looks: 4, held_at: AT })
  await put(store, 'unknown', { ...SENT, state: 'UNKNOWN', because: 'reset', looks: 1 })
  await put(store, 'parked', { state: 'PARKED', because: 'too many', not_before: AT })
  await put(store, 'joined', { state: 'JOINED', joined_to: idOf('held'), settled_at: AT })
  const upstream = { http_status: 400, error_code: 'BackupService.6125', error_msg: null, request_id: null }
  await put(store, 'refused', { ...SENT, state: 'REFUSED', detail: 'a backup is running', upstream })
  await put(store, 'joined to nothing', { state: 'JOINED', joined_to: idOf('gone'), settled_at: AT })
  await put(store, 'waiting', {})
  await put(store, 'of a caller', { origin: undefined })
  await store.putIfAbsent(recordKey(idOf('damaged')), '{"state":')
  await store.putIfAbsent(`inbox/checkpoint/${idOf('untaken')}.json`, '{"schema')
  await store.putIfAbsent(
    `ledger/checkpoint-quarantine/${idOf('odd')}.json`,
    JSON.stringify({ because: 'Cannot follow this order', quarantined_at: AT }),
  )
  return store
}

async function withServices(store: Store, work: (services: Services) => Promise<void>): Promise<void> {
  const emulator = await startEmulator({ now: Date.now, backups: 60 })
  const services = createServices(readConfig(emulatorEnvironment(emulator, {})), FOR_AUDITS)
  try {
    await work({ ...services, store })
  } finally {
    services.close()
    await emulator.close()
  }
}

const audit = async (services: Services) => {
  const request = { services: ['cbr'], asOf: undefined, previous: undefined } as const
  return (await runAudit(services, { ...request, onProgress: () => {}, onScanned: () => {} })).summary
}

describe('the operations of an audit', () => {
  it('are the checkpoints that are not over or did not succeed, what needs a person first, and change no other total', async () => {
    const store = await filledStore()
    await withServices(store, async (services) => {
      const summary = await audit(services)
      expect(summary.operations).toMatchObject({
        total: 10,
        by_state: {
          ...{ held: 1, unknown: 1, unreadable: 1, refused: 1, quarantined: 1 },
          ...{ parked: 1, waiting: 2, joined: 2 },
        },
        unreadable: null,
      })
      const states = summary.operations.listed.map(({ state }) => state)
      expect(states).toEqual([
        ...['held', 'unknown', 'unreadable', 'refused', 'quarantined', 'parked', 'waiting', 'waiting'],
        ...['joined', 'joined'],
      ])
      expect(summary.operations.listed[0]).toMatchObject({
        operation: idOf('held'),
        vault_id: 'vault',
        alert_id: 'alert-1',
        because: expect.stringContaining('reset'),
      })
      const { operations: _, ...rest } = await audit({ ...services, store: createMemoryStore() })
      expect(summary).toMatchObject({
        verdict: rest.verdict,
        backups: rest.backups,
        findings: rest.findings,
        incomplete_because: rest.incomplete_because,
      })
      expect(describeSummary({ summary, worst: [], impossible: 0 })).toMatch(
        /10 checkpoints not over or not successful, see the report: .*1 held/s,
      )
    })
  }, 60_000)

  it('are said to be unreadable where the ledger is, and the audit goes on', async () => {
    const store = createMemoryStore()
    const names = (prefix: string) => {
      if (prefix.startsWith('ledger')) throw new Fault('unavailable', 'Cannot list the ledger')
      return store.names(prefix)
    }
    await withServices({ ...store, names }, async (services) => {
      expect(await operationsFor(services)).toEqual({
        total: 0,
        by_state: {},
        listed: [],
        unreadable: 'Cannot list the ledger',
      })
      expect((await audit(services)).verdict).toBe('complete')
    })
  }, 60_000)
})
