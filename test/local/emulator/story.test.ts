import { describe, expect, it } from 'vitest'
import type { Fleet, Wire, WireBackup } from '../../../local/emulator/fleet.ts'
import { parseStamp } from '../../../local/emulator/stamp.ts'
import { createStory } from '../../../local/emulator/story.ts'
import { NOW } from './client.ts'

const HOUR = 3_600_000_000

const usOf = (value: unknown) => parseStamp(value) ?? Number.NaN
const backupsOf = (fleet: Fleet) => fleet.projects.flatMap(({ backups }) => backups)
const recordsOf = (fleet: Fleet) => fleet.projects.flatMap(({ records }) => Object.values(records).flat())
const wires = (value: unknown) => value as readonly Wire[]

/** A naive reading of the contract's controls, just enough to say that a kind of trouble is there. */
function judge(fleet: Fleet, now = NOW) {
  const asOf = now * 1000
  const backups = backupsOf(fleet)
  const records = recordsOf(fleet)
  const byResource = Map.groupBy(backups, ({ resource_id: id }) => id)
  const held = fleet.projects.flatMap(({ vaults }) => vaults.flatMap(({ resources }) => wires(resources)))
  const instances = fleet.projects.flatMap((project) =>
    project.instances
      .filter(({ status, cache_mode: mode }) => status === 'RUNNING' && mode !== 'single')
      .map(({ instance_id: id }) => project.records[String(id)] ?? []),
  )
  const cbrUsable = ({ status, expired_at: at }: WireBackup) =>
    status === 'available' && (at === null || usOf(at) > asOf)
  const newestUsable = [
    ...[
      ...new Set([
        ...held.filter((r) => r['protect_status'] !== 'deleted').map((r) => r['id']),
        ...byResource.keys(),
      ]),
    ].map((id) => {
      const usable = (byResource.get(id) ?? []).filter(cbrUsable)
      const own = usable.filter((b) => b['image_type'] === 'backup')
      return Math.max(...(own.length > 0 ? own : usable).map((b) => usOf(b.created_at)))
    }),
    ...instances.map((list) =>
      Math.max(
        ...list
          .filter((r) => r.status === 'succeed' && r['is_support_restore'] === 'TRUE')
          .map((r) => usOf(r.created_at)),
      ),
    ),
  ]
  const latest = (b: WireBackup) =>
    wires(b.replication_records)
      .toSorted((a, z) => usOf(a['created_at']) - usOf(z['created_at']))
      .at(-1)?.['status'] ?? 'none'
  const unreplicated = backups.filter(
    (b) =>
      b['image_type'] === 'backup' &&
      b.status === 'available' &&
      usOf(b.created_at) <= asOf - 24 * HOUR &&
      !wires(b.replication_records).some((r) => r['status'] === 'success'),
  )
  const stuck = (passing: readonly unknown[], list: readonly Wire[]) =>
    list.filter((b) => passing.includes(b['status']) && usOf(b['updated_at']) <= asOf - 6 * HOUR).length
  return {
    resources:
      newestUsable.length +
      fleet.projects.flatMap((p) => p.instances.filter((i) => i.cache_mode === 'single')).length,
    missing: newestUsable.filter((us) => us === Number.NEGATIVE_INFINITY).length,
    stale: newestUsable.filter((us) => us > 0 && us <= asOf - 26 * HOUR).length,
    errored: backups.filter((b) => b.status === 'error' && b['image_type'] === 'backup').length,
    erroredCopies: backups.filter((b) => b.status === 'error' && b['image_type'] === 'replication').length,
    erroredChildren: backups.flatMap((b) => wires(b['children'])).filter((b) => b['status'] === 'error')
      .length,
    failed: records.filter((r) => r.status === 'failed').length,
    skippedAutomatic: records.filter((r) => r['error_code'] === 'dcs.08.0008').length,
    expired: backups.filter((b) => b['image_type'] === 'backup' && usOf(b['expired_at']) <= asOf).length,
    expiredCopies: backups.filter((b) => b['image_type'] === 'replication' && usOf(b['expired_at']) <= asOf)
      .length,
    expiredRecords: records.filter((r) => r.status === 'expired').length,
    unrestorable: records.filter((r) => r.status === 'succeed' && r['is_support_restore'] === 'FALSE').length,
    unreplicated: Object.fromEntries(
      [...Map.groupBy(unreplicated, latest)].map(([key, list]) => [key, list.length]),
    ),
    stuck: stuck(['protecting', 'waiting_protect', 'deleting', 'restoring'], backups),
    stuckRecords: stuck(['waiting', 'backuping'], records),
    copies: backups.filter((b) => b['image_type'] === 'replication').length,
    deletedResources: held.filter((r) => r['protect_status'] === 'deleted').length,
    singleNodes: fleet.projects.flatMap(({ instances }) => instances).filter((i) => i.cache_mode === 'single')
      .length,
  }
}

describe('createStory', () => {
  it('tells the same story for the same seed and time, and another for another seed', () => {
    const story = JSON.stringify(createStory({ seed: 7, now: NOW }))
    expect(JSON.stringify(createStory({ seed: 7, now: NOW }))).toBe(story)
    expect(JSON.stringify(createStory({ seed: 8, now: NOW }))).not.toBe(story)
  })

  it.each([0, 1, 50, 777, 2000, 2001, 4321])('holds exactly %i backups and records', (backups) => {
    const fleet = createStory({ backups, now: NOW })
    expect(backupsOf(fleet).length + recordsOf(fleet).length).toBe(backups)
  })

  it('gives every backup an id of its own, and names the project and vault that hold it', () => {
    const fleet = createStory({ now: NOW })
    const ids = backupsOf(fleet).map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const project of fleet.projects) {
      const vaults = new Set(project.vaults.map(({ id }) => id))
      for (const backup of project.backups) {
        expect(backup['project_id']).toBe(project.id)
        expect(vaults).toContain(backup.vault_id)
      }
    }
  })

  it.each([1, 2, 3, 42])('with seed %i contains every kind of trouble the controls know', (seed) => {
    const found = judge(createStory({ seed, now: NOW }))
    expect(found).toMatchObject({ missing: 3, erroredCopies: 1, erroredChildren: 2, singleNodes: 3 })
    for (const [kind, count] of Object.entries(found)) expect(count, kind).not.toBe(0)
    expect(Object.keys(found.unreplicated).sort()).toEqual([
      'fail',
      'none',
      'replicating',
      'skip',
      'waiting_replicate',
    ])
  })

  it('has the same troubles at every hour of the day', () => {
    const troubles = Array.from({ length: 48 }, (_, half) => {
      const now = NOW + half * 1_800_000
      // How many copies still lie there, and how much is overdue already, depends on the hour.
      const { copies, expired, expiredCopies, ...rest } = judge(createStory({ now }), now)
      expect(Math.min(copies, expired, expiredCopies)).toBeGreaterThan(0)
      return rest
    })
    for (const found of troubles) expect(found).toEqual(troubles[0])
  })

  it('has more than 150 resources unless told otherwise, and as many backups as it is told', () => {
    expect(judge(createStory({ now: NOW })).resources).toBeGreaterThan(150)
    const backups = backupsOf(createStory({ backups: 100_000, now: NOW })).length
    expect(backups).toBeGreaterThan(80_000)
    expect(backups).toBeLessThan(120_000)
  })
})
