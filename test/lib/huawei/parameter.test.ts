import { describe, expect, it } from 'vitest'
import { CBR_LIST_QUERY } from '../../../lib/huawei/cbr-list-query.ts'
import { DCS_LIST_QUERY } from '../../../lib/huawei/dcs-list-query.ts'
import { CBR_SAMPLES } from '../../support/parameter-samples.ts'

describe('the parameters of GET /backups', () => {
  it('are all those of both editions of the document', () => {
    expect(CBR_LIST_QUERY.parameters.map(({ name }) => name)).toEqual(Object.keys(CBR_SAMPLES))
  })

  it.each(CBR_LIST_QUERY.parameters.map((parameter) => [parameter.name, parameter] as const))(
    '%s takes what is documented, and refuses all else in the words for it',
    (name, { kind }) => {
      for (const value of CBR_SAMPLES[name]?.allowed ?? [])
        expect(kind.schema.safeParse(value), value).toEqual({ success: true, data: value })
      for (const value of CBR_SAMPLES[name]?.refused ?? []) {
        const result = kind.schema.safeParse(value)
        expect(result.success, value).toBe(false)
        expect(result.error?.issues.map(({ message }) => message)).toEqual([kind.allowed])
      }
    },
  )

  it('may be repeated for the status alone', () => {
    expect(CBR_LIST_QUERY.parameters.filter(({ repeats }) => repeats).map(({ name }) => name)).toEqual([
      'status',
    ])
  })
})

describe('the parameters of GET /instances/{instance_id}/backups', () => {
  it('are begin_time, end_time, limit and offset', () => {
    expect(DCS_LIST_QUERY.parameters.map(({ name }) => name)).toEqual([
      'begin_time',
      'end_time',
      'limit',
      'offset',
    ])
  })

  it.each([
    ['20170718235959', '20170718235959'],
    ['2017-07-18T23:59:59Z', '20170718235959'],
    ['2017-07-19T07:59:59.999+08:00', '20170718235959'],
    ['2017-07-18', '20170718000000'],
    ['', undefined],
    ['20170732000000', undefined],
    ['2017071823595', undefined],
    ['yesterday', undefined],
  ])('read the time %j as %j', (given, expected) => {
    const [beginTime] = DCS_LIST_QUERY.parameters
    expect(beginTime?.kind.schema.safeParse(given).data).toBe(expected)
  })
})

it.each([...CBR_LIST_QUERY.parameters, ...DCS_LIST_QUERY.parameters])(
  'the example of $name is one, and its description is a phrase',
  ({ kind, example, description }) => {
    expect(kind.schema.safeParse(example).success).toBe(true)
    expect(description).toMatch(/^[A-Z].*[^.]$/)
    expect(kind.jsonSchema).toHaveProperty('type')
  },
)
