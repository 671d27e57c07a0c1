import { describe, expect, it } from 'vitest'
import { assessCompleteness } from '../../../lib/audit/completeness.ts'
import type { Service } from '../../../lib/backup.ts'
import { Fault } from '../../../lib/errors.ts'
import type { ScanOutcome } from '../../../lib/scan.ts'

function outcome(
  place: string,
  unread: ScanOutcome['unread'] = [],
  { service = 'cbr' as Service, fault = undefined as Fault | undefined } = {},
): ScanOutcome {
  const [region = '', project_id = ''] = place.split('/')
  const zeros = { listed: 0, distinct: 0, duplicates: 0, count_before: null, count_after: null, requests: 0 }
  const verdict = unread.length === 0 ? 'complete' : 'incomplete'
  return {
    report: { region, project_id, service, ...zeros, verdict, note: null },
    incompleteBecause: [],
    unread,
    fault,
  }
}

const fault = new Fault('upstream_refused', 'no')
const read = outcome('cn-north-4/p1')

describe('What was not read outside a region', () => {
  it('is every other CBR whose list broke off, and every place whose projects are not known', () => {
    const { unreadOutside } = assessCompleteness(
      [read, outcome('eu-west-101/p2', 'all', { fault }), outcome('cn-north-4/p3', 'all')],
      [outcome('cn-east-3', 'all', { fault }), outcome('cn-south-1', 'all', { service: 'dcs', fault })],
      [outcome('ap-southeast-1').report],
    )
    expect(unreadOutside('cn-north-4')).toBe('CBR of cn-east-3, CBR of eu-west-101/p2')
    expect(unreadOutside('eu-west-101')).toBe('CBR of cn-east-3, CBR of cn-north-4/p3')
    expect(unreadOutside(undefined)).toBe('CBR of cn-east-3, CBR of cn-north-4/p3, CBR of eu-west-101/p2')
  })

  it('is nothing where all was read, where the rest is of the region, and where only DCS was not', () => {
    expect(assessCompleteness([read], [], []).unreadOutside('eu-west-101')).toBeUndefined()
    expect(assessCompleteness([read, outcome('a/p', 'all')], [], []).unreadOutside('a')).toBeUndefined()
    const instances = outcome('a/p', ['redis-1'], { service: 'dcs' })
    expect(
      assessCompleteness([read, instances, outcome('b/p', 'all', { service: 'dcs' })], [], []),
    ).toSatisfy(({ unreadOutside }) => unreadOutside('cn-north-4') === undefined)
  })

  it('is named as far as a reader follows, in whatever order it was read', () => {
    const places = ['a/1', 'a/2', 'b/1', 'c/1', 'd/1', 'e/1', 'f/1'].map((place) => outcome(place, 'all'))
    const expected = 'CBR of a/1, CBR of a/2, CBR of b/1, CBR of c/1, CBR of d/1 and 2 more'
    for (const outcomes of [places, places.toReversed()])
      expect(assessCompleteness([read, ...outcomes], [], []).unreadOutside('cn-north-4')).toBe(expected)
  })
})
