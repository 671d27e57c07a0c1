import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../lib/runtime/config.ts'
import { createServices, FOR_AUDITS, type Services } from '../../../lib/runtime/services.ts'
import type { Store } from '../../../lib/store/store.ts'
import { takeArrivals } from '../../../lib/workflow/audit-inbox.ts'
import { emulatorEnvironment } from '../../../local/commands/emulator-environment.ts'
import { startEmulator } from '../../../local/emulator/server.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

const URL = 's3://audit-reports/team'

async function withInbox(
  operations: readonly string[],
  work: (services: Services, event: unknown, store: Store) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulator({ now: Date.now, backups: 60 })
  const services = createServices(readConfig(emulatorEnvironment(emulator, {})), FOR_AUDITS)
  const store = { ...createMemoryStore(), url: URL }
  const records = operations.map((operation) => ({
    eventSource: 'aws:s3',
    s3: { bucket: { name: 'audit-reports' }, object: { key: `team/inbox/audit/${operation}.json` } },
  }))
  for (const operation of operations) {
    await store.putIfAbsent(`inbox/audit/${operation}.json`, JSON.stringify({ operation, request: {} }))
  }
  try {
    await work({ ...services, store }, { Records: records }, store)
  } finally {
    services.close()
    await emulator.close()
  }
}

describe('takeArrivals', () => {
  it('lets a record be taken again where the world was in the way, and holds up no other', () =>
    withInbox(['one', 'two'], async (services, event, store) => {
      let probes = 0
      const stumbling = {
        ...store,
        probe: async () => {
          probes += 1
          if (probes === 1) throw new Error('The store stumbled')
          return store.probe()
        },
      }
      await expect(takeArrivals({ ...services, store: stumbling }, event)).rejects.toThrow('stumbled')
      expect(await store.get('ledger/audit/one.json')).toBeUndefined()
      expect(await store.get('ledger/audit/two.json')).toBeDefined()

      expect(await takeArrivals(services, event)).toMatchObject({
        taken: [
          { operation: 'one', outcome: 'published' },
          { operation: 'two', outcome: 'taken before' },
        ],
      })
    }))

  it('quarantines a record that speaks of another operation, and leaves it where it is', () =>
    withInbox(['one'], async (services, event, store) => {
      await store.remove('inbox/audit/one.json')
      const record = JSON.stringify({ operation: 'two', request: {} })
      await store.putIfAbsent('inbox/audit/one.json', record)
      expect(await takeArrivals(services, event)).toMatchObject({
        taken: [{ operation: 'one', outcome: 'quarantined' }],
      })
      expect((await store.get('inbox/audit/one.json'))?.bytes.toString()).toBe(record)
    }))
})
