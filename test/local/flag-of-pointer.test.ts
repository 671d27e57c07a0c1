import { describe, expect, it } from 'vitest'
import { toFlagMistake } from '../../local/flag-of-pointer.ts'

const flagOf = (pointer: string) => toFlagMistake({ pointer, detail: '' }).pointer

describe('toFlagMistake', () => {
  it('names the flag that filled the field', () => {
    const flags = {
      '/query/limit': '--limit',
      '/query/resource_type': '--resource-type',
      '/query/project_id': '--target',
      '/header/idempotency-key': '--idempotency-key',
      '/path/instance_id': '--instance-id',
      '/checkpoint/vault_id': '--vault-id',
      '/checkpoint/parameters/name': '--name',
      '/checkpoint/parameters/incremental': '--full',
      '/checkpoint/parameters/resources/0': '--resource-id',
      '/checkpoint/parameters/resource_details/1/type': '--resource',
      '/checkpoint/parameters/resource_details/0/extra_info/exclude_volumes/3': '--exclude-volume',
      '/body': '/body',
    }
    expect(Object.keys(flags).map(flagOf)).toEqual(Object.values(flags))
  })

  it('speaks of other parameters as flags too', () => {
    const detailOf = (detail: string) => toFlagMistake({ pointer: '/query/status', detail }).detail
    expect(detailOf('found "a,b", allowed is one of a, b; for several write status=…&status=…')).toBe(
      'found "a,b", allowed is one of a, b; for several write --status … --status …',
    )
    expect(detailOf('is before start_time, allowed is 2018-02-01T12:00:00Z or later')).toMatch(
      /^is before --start-time, /,
    )
  })
})
