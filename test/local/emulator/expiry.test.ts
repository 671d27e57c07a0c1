import { describe, expect, it } from 'vitest'
import { rowsAt } from '../../support/json.ts'
import { ask, NOW, withEmulator } from './client.ts'
import { backupOf, fleetOf, PROJECT_ID, uuidOf } from './fleet-of.ts'

const backups = [
  backupOf(1, '2026-11-01T00:00:00.000001', { expired_at: '2026-11-20T09:00:00.000000' }),
  backupOf(2, '2026-11-02T00:00:00.000001', { expired_at: '2026-11-20T09:40:00.000000' }),
  backupOf(3, '2026-11-03T00:00:00.000001', { expired_at: '2026-11-20T09:50:00.000000' }),
  backupOf(4, '2026-11-04T00:00:00.000001', { expired_at: null }),
]

describe('expiry', () => {
  it('deletes a backup late, once it has expired, and leaves alone what had expired before the start', async () => {
    let now = NOW
    await withEmulator({ fleet: fleetOf(backups), now: () => now, expiryMs: 300_000 }, async (emulator) => {
      const idsAt = async (minutes: number) => {
        now = NOW + minutes * 60_000
        const { body } = await ask(emulator, `/v3/${PROJECT_ID}/backups`, {
          query: { sort: 'id:asc' },
          atMs: now,
        })
        return rowsAt(body, 'backups').map(({ id }) => id)
      }
      expect(await idsAt(0)).toEqual([1, 2, 3, 4].map(uuidOf))
      expect(await idsAt(14.9)).toEqual([1, 2, 3, 4].map(uuidOf))
      expect(await idsAt(15.1)).toEqual([1, 3, 4].map(uuidOf))
      const kept = emulator.state.project(PROJECT_ID)?.backups.find(uuidOf(3))
      Object.assign(kept ?? {}, { expired_at: '2027-01-01T00:00:00.000000' })
      expect(await idsAt(600)).toEqual([1, 3, 4].map(uuidOf))
      const logs = await ask(emulator, `/v3/${PROJECT_ID}/operation-logs`, {
        query: { operation_type: 'delete' },
        atMs: now,
      })
      expect(logs.body.operation_logs).toMatchObject([{ operation_type: 'delete', status: 'success' }])
    })
  })
})
