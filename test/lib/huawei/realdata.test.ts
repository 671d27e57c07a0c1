import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Target, Vault } from '../../../lib/backup.ts'
import { toBackup } from '../../../lib/huawei/cbr-backup.ts'
import { toHoldings, toVault } from '../../../lib/huawei/cbr-vault.ts'
import { toInstance, toRecord } from '../../../lib/huawei/dcs-record.ts'
import { asWire } from '../../../lib/huawei/fields.ts'

/** Bodies that others recorded or published; they stay where they are, so the tests need the folder beside the project. */
const REALDATA = join(import.meta.dirname, '../../../../shared/data/realdata')
const bodies = existsSync(REALDATA) ? readBodies() : []

const CBR: Target = { service: 'cbr', region: 'ap-southeast-1', projectId: 'p' }
const DCS: Target = { ...CBR, service: 'dcs' }

interface Body {
  readonly file: string
  readonly rows: (key: string) => readonly unknown[]
}

function readBodies(): readonly Body[] {
  return readdirSync(REALDATA, { recursive: true, encoding: 'utf8' })
    .filter((file) => /^(cbr|dcs)\/.*\.json$/.test(file) && !/\.(meta|request)\.json$/.test(file))
    .map((file) => ({ file, body: JSON.parse(readFileSync(join(REALDATA, file), 'utf8')) as unknown }))
    .map(({ file, body }) => ({ file, rows: (key) => rowsOf(body, key) }))
}

function rowsOf(body: unknown, key: string): readonly unknown[] {
  const rows = asWire(body)?.[key]
  return Array.isArray(rows) ? rows : []
}

const vaultOf = (id: string): Vault => ({
  id,
  name: undefined,
  enterpriseProjectId: undefined,
  replicates: 'unknown',
})

function filesWith(key: string): readonly (readonly [string, readonly unknown[]])[] {
  return bodies.filter(({ rows }) => rows(key).length > 0).map(({ file, rows }) => [file, rows(key)] as const)
}

describe.skipIf(bodies.length === 0)(
  'recorded and published bodies (../shared/data/realdata; skipped where it is absent)',
  () => {
    it('are there in numbers', () => {
      expect(filesWith('backups').length).toBeGreaterThanOrEqual(5)
      expect(filesWith('vaults').length).toBeGreaterThanOrEqual(10)
      expect(filesWith('instances').length).toBeGreaterThanOrEqual(2)
      expect(filesWith('backup_record_response').length).toBeGreaterThanOrEqual(3)
    })

    it.each(filesWith('backups'))('keep every backup of %s', (_, rows) => {
      for (const row of rows) {
        const wire = asWire(row) ?? {}
        const { backup, malformed } = toBackup(row, CBR, vaultOf)
        expect(malformed).toEqual([])
        expect(backup).toMatchObject({
          id: wire['id'],
          status: wire['status'],
          resourceId: wire['resource_id'],
        })
        expect(backup?.children).toHaveLength(rowsOf(wire, 'children').length)
        expect(backup?.sizeBytes).toBe(Number(wire['resource_size']) * 2 ** 30)
        // Recordings that passed an SDK have lost their nulls: what is missing is unknown, never "no".
        expect(backup?.expiredAt === 'unknown').toBe(!('expired_at' in wire))
        expect(backup?.createdAt).toBe(microsecondsOf(wire['created_at']))
      }
    })

    it.each(filesWith('vaults'))('keep every vault of %s and what it holds', (_, rows) => {
      for (const row of rows) {
        const wire = asWire(row) ?? {}
        const { vault, malformed } = toVault(row, () => 'unknown')
        expect(malformed).toEqual([])
        if (vault === undefined) continue
        const holdings = toHoldings(row, CBR, vault)
        expect(holdings.malformed).toEqual([])
        expect(vault).toMatchObject({ id: wire['id'], name: wire['name'] })
        expect(holdings.resources.map(({ id }) => id)).toEqual(
          rowsOf(wire, 'resources').map((resource) => asWire(resource)?.['id']),
        )
      }
    })

    it.each(filesWith('instances').filter(([file]) => file.startsWith('dcs/')))(
      'keep every instance of %s',
      (_, rows) => {
        for (const row of rows) {
          const reading = toInstance(row, DCS)
          expect(reading).toMatchObject({
            resource: { id: asWire(row)?.['instance_id'], name: asWire(row)?.['name'] },
          })
        }
      },
    )

    it.each(filesWith('backup_record_response'))('keep every backup record of %s', (_, rows) => {
      for (const row of rows) {
        const wire = asWire(row) ?? {}
        const instance = toInstance({ instance_id: wire['instance_id'], cache_mode: 'ha' }, DCS)
        if (instance === undefined || !('resource' in instance)) throw new Error('The instance was not read')
        expect(toRecord(row, instance.resource)).toMatchObject({
          id: wire['backup_id'],
          status: wire['status'],
          sizeBytes: wire['size'],
          restorable: wire['is_support_restore'] === 'TRUE',
          errorCode: undefined,
          createdAt: microsecondsOf(wire['created_at']),
        })
      }
    })
  },
)

/** Another way to read the same stamps: the text as UTC to the second by Date, the fraction by hand. */
function microsecondsOf(stamp: unknown): number {
  const [, seconds = '', fraction = '', zone = ''] =
    /^([^.+Z]+?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/.exec(String(stamp)) ?? []
  return Date.parse(`${seconds}${zone || 'Z'}`) * 1000 + Number(fraction.padEnd(6, '0'))
}
