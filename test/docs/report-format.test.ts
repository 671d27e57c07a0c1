import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FINDING_COLUMNS, RESOURCE_COLUMNS } from '../../lib/audit/record.ts'
import { latestSchema, manifestSchema } from '../../lib/report/manifest.ts'
import { findingSchema, resourceSchema, summarySchema } from '../../lib/report/record-schemas.ts'

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/report-format.md'), 'utf8')

function sectionOf(heading: string): string {
  const found = PAGE.split(/^## /m).find((section) => section.startsWith(`${heading}\n`))
  if (found === undefined) throw new Error(`There is no section "${heading}"`)
  return found
}

function exampleOf(heading: string): unknown {
  return JSON.parse(/^```json\n(.*?)^```$/ms.exec(sectionOf(heading))?.[1] ?? '')
}

function rowsOf(heading: string): readonly (string | undefined)[] {
  return [...sectionOf(heading).matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
}

describe('docs/report-format.md', () => {
  it('explains every column of a finding, in the order of the files', () => {
    expect(rowsOf('Findings')).toEqual(FINDING_COLUMNS)
  })

  it('explains every column of a resource, in the order of the files', () => {
    expect(rowsOf('Resources')).toEqual(RESOURCE_COLUMNS)
  })

  it('shows a whole finding and a whole resource', () => {
    expect(Object.keys(findingSchema.parse(exampleOf('Findings')))).toEqual(FINDING_COLUMNS)
    expect(Object.keys(resourceSchema.parse(exampleOf('Resources')))).toEqual(RESOURCE_COLUMNS)
  })

  it('shows a summary, a manifest and a latest.json that can be read', () => {
    expect(summarySchema.parse(exampleOf('summary.json'))).toEqual(exampleOf('summary.json'))
    expect(manifestSchema.parse(exampleOf('manifest.json'))).toEqual(exampleOf('manifest.json'))
    expect(latestSchema.parse(exampleOf('latest.json'))).toEqual(exampleOf('latest.json'))
  })

  it('explains every key of a summary', () => {
    const section = sectionOf('summary.json')
    const keys = Object.keys(exampleOf('summary.json') as object)
    for (const key of keys) expect(section, key).toMatch(new RegExp(`^\\| .*\`${key}\\b`, 'm'))
  })
})
