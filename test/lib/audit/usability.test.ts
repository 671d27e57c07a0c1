import { describe, expect, it } from 'vitest'
import { usability } from '../../../lib/audit/usability.ts'
import type { Backup } from '../../../lib/backup.ts'
import { STATUSES } from '../../../lib/backup.ts'
import { AS_OF, cbrBackup, dcsBackup, hoursAgo } from './samples.ts'

describe('usability', () => {
  const cases: readonly [string, Backup, string][] = [
    ['an available backup', cbrBackup(), 'usable'],
    ['a backup that never expires', cbrBackup({ expiredAt: undefined }), 'usable'],
    ['a copy', cbrBackup({ imageType: 'replication' }), 'usable'],
    ['a backup that expires a microsecond after', cbrBackup({ expiredAt: hoursAgo(0, -1) }), 'usable'],
    ['a backup that expires at that moment', cbrBackup({ expiredAt: AS_OF }), 'unusable'],
    ['a backup that expired a microsecond before', cbrBackup({ expiredAt: hoursAgo(0, 1) }), 'unusable'],
    ['an unreadable expiry', cbrBackup({ expiredAt: 'unknown' }), 'unknown'],
    ['an image_type that is missing', cbrBackup({ imageType: 'unknown' }), 'usable'],
    ['an image_type nobody knows', cbrBackup({ imageType: 'mirror' }), 'unusable'],
    [
      'an unknown image_type that never expires',
      cbrBackup({ imageType: 'unknown', expiredAt: undefined }),
      'usable',
    ],
    ['an unknown image_type that expired', cbrBackup({ imageType: 'unknown', expiredAt: AS_OF }), 'unusable'],
    ['a status nobody knows', cbrBackup({ status: 'frozen' }), 'unusable'],
    ['a record that may be restored', dcsBackup(), 'usable'],
    ['a record that may not', dcsBackup({ restorable: false }), 'unusable'],
    ['a record that does not say', dcsBackup({ restorable: 'unknown' }), 'unknown'],
    ['a failed record that does not say', dcsBackup({ restorable: 'unknown', status: 'failed' }), 'unusable'],
    ['the CBR word in DCS', dcsBackup({ status: 'available' }), 'unusable'],
    ['the DCS word in CBR', cbrBackup({ status: 'succeed' }), 'unusable'],
  ]
  it.each(cases)('of %s', (_, backup, expected) => {
    expect(usability(backup, AS_OF)).toBe(expected)
  })

  it('belongs to one status of each service alone', () => {
    const usable = (make: typeof cbrBackup, statuses: readonly string[]) =>
      statuses.filter((status) => usability(make({ status }), AS_OF) !== 'unusable')
    expect(usable(cbrBackup, STATUSES.cbr)).toEqual(['available'])
    expect(usable(dcsBackup, STATUSES.dcs)).toEqual(['succeed'])
  })
})
