import { parseTime } from '../parse-time.ts'
import { formatSecond } from '../time.ts'
import { integer, kindOf, type ParameterTable, type ValueKind } from './parameter.ts'

/** DCS writes `yyyyMMddHHmmss` in UTC; ISO 8601 is taken too, floored to the second. */
const compactTime: ValueKind = kindOf(
  'a time such as 20170718235959 or 2017-07-18T23:59:59Z (in UTC where it has no zone)',
  (value) => toCompact(value) !== undefined,
  { type: 'string', pattern: '^(?:\\d{14}|\\d{4}-\\d{2}-\\d{2}.*)$' },
  (value) => toCompact(value) ?? value,
)

/** Every query parameter of `GET /v2/{project_id}/instances/{instance_id}/backups`. */
export const DCS_LIST_QUERY: ParameterTable = {
  range: ['begin_time', 'end_time'],
  parameters: [
    {
      name: 'begin_time',
      kind: compactTime,
      description: 'Records since then',
      example: '20170718235959',
    },
    { name: 'end_time', kind: compactTime, description: 'Records until then', example: '20170718235959' },
    { name: 'limit', kind: integer(1, 1000), description: 'Rows of a page', example: '100' },
    { name: 'offset', kind: integer(0), description: 'Rows to skip', example: '0' },
  ],
}

const COMPACT = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/

function toCompact(value: string): string | undefined {
  const instant = parseTime(value.replace(COMPACT, '$1-$2-$3T$4:$5:$6Z'))
  return instant === undefined ? undefined : formatSecond(instant).replaceAll(/\D/g, '')
}
