import { describe, expect, it } from 'vitest'
import { FINDING_COLUMNS, RESOURCE_COLUMNS } from '../../../lib/audit/record.ts'
import { findingLine, findingsNdjson, resourceLine, resourcesNdjson } from '../../../lib/report/ndjson.ts'
import { linesOf } from '../../support/rendered.ts'
import { finding, resource } from '../../support/sample-record.ts'

describe('a line of NDJSON', () => {
  it('has the keys of the contract in their order, whatever order they came in', () => {
    const shuffled = Object.fromEntries(Object.entries(finding()).reverse()) as unknown as ReturnType<
      typeof finding
    >
    expect(Object.keys(JSON.parse(findingLine(shuffled)))).toEqual(FINDING_COLUMNS)
    expect(Object.keys(JSON.parse(resourceLine(resource())))).toEqual(RESOURCE_COLUMNS)
  })

  it('is one line for readers of every kind, and gives the text back', () => {
    const name = 'a\nb\rc\u0085d\u2028e\u2029f\u000bg\u001c'
    const line = findingLine(finding({ resource_name: name }))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the line ends of Unicode.
    expect(line.slice(0, -1)).not.toMatch(/[\n\r\u000b\u000c\u001c-\u001e\u0085\u2028\u2029]/)
    expect(JSON.parse(line).resource_name).toBe(name)
  })
})

describe('the NDJSON files', () => {
  it('hold one line per row, in the order of the record', () => {
    const rows = Array.from({ length: 500 }, (_, index) =>
      finding({ finding_id: String(index).padStart(4, '0') }),
    )
    const lines = linesOf(findingsNdjson, rows).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual(rows)
    const resources = [resource({ resource_id: 'a' }), resource({ resource_id: 'b' })]
    expect(linesOf(resourcesNdjson, resources).match(/\n/g)).toHaveLength(2)
  })
})
