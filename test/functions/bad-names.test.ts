import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { backupOf, fleetOf, PROJECT_ID, uuidOf, VAULT_ID } from '../local/emulator/fleet-of.ts'
import { auditFleet, type DeliveredReport } from '../support/audit-fleet.ts'

const CASES = join(import.meta.dirname, '../../../shared/cases/bad-inputs.json')
const casesSchema = z.array(
  z.object({
    id: z.string(),
    given: z.object({
      resource_name_from_api: z.optional(z.string()),
      project_name_in_report_key: z.optional(z.string()),
    }),
  }),
)
const cases = existsSync(CASES) ? casesSchema.parse(JSON.parse(readFileSync(CASES, 'utf8'))) : []

/** Names of our own making, so that the test says something where that folder is absent. */
const OWN = [
  '=2+5',
  '\t@x',
  '<b onclick=alert(2)>',
  '\u001b[2Jgone',
  'a\u202egnp.exe',
  `z${'\u0301'.repeat(10_000)}`,
  'раураl',
  '\u0000',
  '😀'.repeat(300),
  '"quoted", and; more\r\nline',
  '`{{process.exit()}}`',
  'constructor',
  'half \ud83d of a pair',
]
const names = [...cases.flatMap(({ given }) => given.resource_name_from_api ?? []), ...OWN]
const RUNS = /^\s*[=+\-@\t\r\n\0＝＋－＠]/

const rowSchema = z.array(z.object({ resource_id: z.string(), resource_name: z.nullable(z.string()) }))

/** A server for each name, with one backup that failed. */
function fleetNamed() {
  const resources = names.map((name, index) => ({ id: uuidOf(index + 500), type: 'OS::Nova::Server', name }))
  const backups = names.map((name, index) =>
    backupOf(index + 1, `2026-11-01T00:00:${String(index % 60).padStart(2, '0')}.000001`, {
      status: 'error',
      image_type: 'backup',
      expired_at: null,
      name,
      resource_id: uuidOf(index + 500),
      resource_name: name,
      resource_type: 'OS::Nova::Server',
    }),
  )
  return fleetOf(backups, { vaults: [{ id: VAULT_ID, name: 'vault', resources, billing: {} }] })
}

describe('names that Huawei returns', () => {
  let report: DeliveredReport
  const file = (name: string) => [...report.files].find(([key]) => key.endsWith(`/${name}`))?.[1] ?? ''
  const nameOf = (id: string) => names[Number(id.slice(-12)) - 500]?.toWellFormed()

  beforeAll(async () => {
    report = await auditFleet(fleetNamed(), '2026-11-20T00:00:00Z')
  })

  it('stay whole and unchanged for programs, one row each', () => {
    const rows = rowSchema.parse(report.resources)
    expect(rows).toHaveLength(names.length)
    for (const { resource_id: id, resource_name: name } of rows) expect(name).toBe(nameOf(id))
    expect(report.summary).toMatchObject({ verdict: 'complete', backups: names.length })
  })

  it('have U+FFFD for half a surrogate pair, so that jq and its like read on', () => {
    expect(file('resources.ndjson')).toContain('"half \ufffd of a pair"')
    expect(file('findings.ndjson')).not.toMatch(/\\ud[89a-f]/)
  })

  it.each(['resources', 'findings'])(
    'are harmless text in %s.csv, with a row for each line of the record',
    (table) => {
      const text = file(`${table}.csv`)
      const options = { bom: true, columns: true, record_delimiter: '\r\n' } as const
      const rows = rowSchema.parse(parse(text, options))
      expect(rows).toHaveLength(report[table === 'findings' ? 'findings' : 'resources'].length)
      for (const { resource_id: id, resource_name: cell } of rows) {
        const name = nameOf(id) ?? ''
        // What a terminal would obey is written out, BAD-085, as is what ends a text for some.
        const shown = name.replaceAll('\u001b', '\\u001b').replaceAll('\0', '\\u0000')
        expect(cell).toBe(RUNS.test(name) ? `'${shown}` : shown)
        if (RUNS.test(name)) expect(text).toContain(`,"'${shown.replaceAll('"', '""')}"`)
      }
    },
  )

  it('are text and nothing else in report.html: no element, no attribute, nothing that turns or hides the rest', () => {
    const page = file('report.html')
    for (const element of ['<img', '<svg/onload', '<b onclick', '</title><script>'])
      expect(page.includes(element), element).toBe(false)
    // Its own: the record as JSON, and what sorts and filters.
    expect(page.match(/<script/g)).toHaveLength(2)
    expect(page).toContain("default-src 'none'")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be in the page
    expect(page).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202a-\u202e\u2028]/)
    expect(page).toMatch(/<bdi>a<[^>]*>U\+202E<\/[^>]*>gnp\.exe<\/bdi>|<bdi>a\[U\+202E\]gnp\.exe<\/bdi>/)
  })

  it('are cut for people where they are endless', () => {
    const page = file('report.html')
    expect(page).toContain(`<bdi>z${'\u0301'.repeat(255)}…</bdi>`)
    expect(page).toContain(`<bdi>${'😀'.repeat(256)}…</bdi>`)
    // Sentences may be longer than names, and quote them.
    expect(page.includes('\u0301'.repeat(1024))).toBe(false)
  })
})

describe('names of projects', () => {
  const projectNames = [
    ...cases.flatMap(({ given }) => given.project_name_in_report_key ?? []),
    '../../up',
    'a/b\\c',
    '%2e%2e/',
    'con',
    '\u0000',
  ]

  it('are never part of a key in the store', async () => {
    const [project] = fleetOf([]).projects
    if (project === undefined) throw new Error('no project')
    const projects = projectNames.map((name, index) => ({
      ...project,
      id: `${PROJECT_ID.slice(0, -3)}${String(index).padStart(3, '0')}`,
      name: `cn-north-4_${name}`,
    }))
    const { files, summary } = await auditFleet({ projects }, '2026-11-20T00:00:00Z')
    expect(summary).toMatchObject({ targets: { length: 2 * projectNames.length } })
    const keys = [...files.keys()]
    expect(keys.length).toBeGreaterThan(5)
    for (const key of keys) expect(key).toMatch(/^(?:latest\.json|[0-9A-Za-z._-]+\/[a-z.]+)$/)
  })
})
