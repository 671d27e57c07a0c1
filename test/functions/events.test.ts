import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { backupOf, fleetOf, INSTANCE_ID, uuidOf } from '../local/emulator/fleet-of.ts'
import { withDoor } from '../support/door.ts'

const FOLDER = join(import.meta.dirname, '../../events')

interface Replay {
  readonly event: unknown
  readonly expect: { readonly statusCode: number; readonly headers?: object; readonly body: object }
}

/** The account that the events speak of: five backups, two of them not available, and one DCS record. */
const fleet = () => {
  const statuses = ['available', 'error', 'available', 'deleting', 'available']
  const backups = statuses.map((status, index) =>
    backupOf(index + 1, `2026-11-0${index + 1}T00:00:00.000001`, { status }),
  )
  const record = { backup_id: uuidOf(100), created_at: '2026-11-02T22:00:00.780Z', status: 'succeed' }
  const instances = [{ instance_id: INSTANCE_ID, name: 'redis-1', cache_mode: 'ha' }]
  return fleetOf(backups, { instances, records: { [INSTANCE_ID]: [record] } })
}

const files = readdirSync(FOLDER).filter((name) => /^(list-backups|create-checkpoint)\..+\.json$/.test(name))

describe('the events of the HTTP functions', () => {
  it('exist for both', () => {
    expect(new Set(files.map((name) => name.split('.')[0]))).toEqual(
      new Set(['list-backups', 'create-checkpoint']),
    )
  })

  it.each(files)('%s gets what it must', (name) =>
    withDoor({ fleet: fleet() }, async ({ replay }) => {
      const { event, expect: expected }: Replay = JSON.parse(readFileSync(join(FOLDER, name), 'utf8'))
      const { statusCode, headers = {}, body } = expected
      expect(
        await replay(name.startsWith('list-backups') ? 'list-backups' : 'create-checkpoint', event),
      ).toMatchObject({
        status: statusCode,
        headers,
        body,
      })
    }),
  )
})
