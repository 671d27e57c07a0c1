import { describe, expect, it } from 'vitest'
import { takeCensus } from './census.ts'
import { rollDice } from './dice.ts'
import { expectAudit } from './expect.ts'
import { CONTROLS } from './expected.ts'
import { generateFleet } from './fleet.ts'
import type { OracleFleet, WireObject } from './wire.ts'

const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1)
const fleets = SEEDS.map((seed) => generateFleet(seed, { malformed: seed % 5 === 0 }))
const audits = fleets.map(expectAudit)

describe('generateFleet', () => {
  it('makes the same fleet of the same seed, and another of another', () => {
    expect(generateFleet(7)).toEqual(generateFleet(7))
    expect(generateFleet(7)).not.toEqual(generateFleet(8))
    expect(generateFleet(7, { malformed: true })).not.toEqual(generateFleet(7))
  })

  it('keeps to its size, and to ids that are alone in their project', () => {
    for (const [index, { fleet }] of fleets.entries()) {
      const counts = fleet.projects.map(
        (one) => one.backups.length + Object.values(one.records).flat().length,
      )
      const total = counts.reduce((sum, count) => sum + count, 0)
      expect(total, `seed ${SEEDS[index]}`).toBeGreaterThanOrEqual(50)
      expect(total, `seed ${SEEDS[index]}`).toBeLessThanOrEqual(600)
      for (const project of fleet.projects) {
        expect(project.id).toMatch(/^[0-9a-f]{32}$/)
        const ids = project.backups
          .map((backup) => backup.id)
          .filter((id) => typeof id === 'string' && id !== '')
        expect(new Set(ids).size).toBe(ids.length)
      }
    }
  })

  it('makes malformed records only where it is asked to', () => {
    for (const [index, { malformed }] of audits.entries()) {
      expect(malformed > 0, `seed ${SEEDS[index]}`).toBe((SEEDS[index] ?? 0) % 5 === 0)
    }
  })

  it('says its moment in UTC, sometimes with microseconds, never in the future', () => {
    for (const { asOf } of fleets)
      expect(asOf).toMatch(/^202[45]-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}|\.\d{6})?Z$/)
    expect(fleets.some(({ asOf }) => /\.\d{6}Z$/.test(asOf))).toBe(true)
    expect(fleets.some(({ asOf }) => /\.\d{3}Z$/.test(asOf))).toBe(true)
  })
})

describe('what an audit must find', () => {
  it('does not depend on the order of anything', () => {
    for (const [index, fleet] of fleets.slice(0, 12).entries()) {
      expect(expectAudit(shuffleFleet(fleet, index))).toEqual(audits[index])
    }
  })

  it('covers every control of both services and leaves every control unknown somewhere', () => {
    for (const control of CONTROLS) {
      const found = audits.flatMap((audit) => audit.findings.filter((finding) => finding.control === control))
      const services = control === 'backup-unreplicated' ? ['cbr'] : ['cbr', 'dcs']
      expect([...new Set(found.map((finding) => finding.service))].sort(), control).toEqual(services)
      expect(
        audits.reduce((sum, audit) => sum + audit.unknown[control], 0),
        control,
      ).toBeGreaterThan(5)
    }
  })

  it('fills every column somewhere, and leaves empty what may be empty', () => {
    const emptied = (rows: readonly object[]) => {
      const columns = new Map<string, { filled: boolean; empty: boolean }>()
      for (const [key, value] of rows.flatMap((row) => Object.entries(row))) {
        const { filled, empty } = columns.get(key) ?? { filled: false, empty: false }
        columns.set(key, { filled: filled || value !== null, empty: empty || value === null })
      }
      expect([...columns].filter(([, seen]) => !seen.filled)).toEqual([])
      return [...columns].filter(([, seen]) => !seen.empty).map(([key]) => key)
    }
    expect(emptied(audits.flatMap((audit) => audit.findings))).toEqual([
      ...['control', 'severity', 'service', 'region', 'project_id'],
    ])
    expect(emptied(audits.flatMap((audit) => audit.resources))).toEqual([
      ...['service', 'region', 'project_id', 'resource_id'],
      ...['backups', 'usable', 'copies', 'copy_regions', 'findings'],
    ])
  })

  it('meets replication of every status and severity of every degree', () => {
    const findings = audits.flatMap((audit) => audit.findings)
    const statuses = new Set(findings.map((finding) => finding.replication_status))
    expect([...statuses].sort()).toEqual(['fail', 'none', null, 'replicating', 'skip', 'waiting_replicate'])
    const worst = new Set(audits.flatMap((audit) => audit.resources.map((row) => row.worst_severity)))
    expect([...worst].sort()).toEqual(['critical', 'high', 'low', 'medium', null])
    expect(audits.some((audit) => audit.resources.some((row) => row.copy_regions.includes(';')))).toBe(true)
    const required = fleets.map(({ policy }) => (policy?.replication as WireObject | undefined)?.required)
    expect(new Set(required)).toEqual(new Set(['none', 'auto', undefined]))
  })
})

describe('the census of seeds 1 to 40', () => {
  const census = new Map<string, number>()
  for (const fleet of fleets) takeCensus(fleet, census)
  const times = (label: string) => census.get(label) ?? 0

  it.each([
    ...['as_of', 'replication.grace', 'recovery_point.max_age'].map((name) => `cbr created_at at ${name}`),
    ...['as_of', 'expired.grace'].map((name) => `cbr expired_at at ${name}`),
    'cbr updated_at at stuck.after',
    'dcs created_at at as_of',
    'dcs created_at at recovery_point.max_age',
    'dcs updated_at at stuck.after',
  ])('holds %s, a microsecond before it and a microsecond after it', (label) => {
    expect([-1, 0, 1].filter((away) => times(`${label} ${away}`) === 0)).toEqual([])
  })

  it('holds every notation of a time', () => {
    const notations = ['', '.999', '.999999'].flatMap((digits) =>
      ['', 'Z', '+99:99'].map((zone) => `T${digits}${zone}`),
    )
    const labels = ['cbr', 'dcs'].flatMap((service) =>
      notations.map((one) => `${service} created_at like ${one}`),
    )
    expect(labels.filter((label) => times(label) === 0)).toEqual([])
  })

  it.each([
    [
      'cbr status',
      [
        '"error_deleting"',
        '"AVAILABLE"',
        '"waiting_copy"',
        '"waiting_protect"',
        '"restoring"',
        '1',
        'absent',
      ],
    ],
    ['cbr image_type', ['"backup"', '"replication"', '"snapshot"', '7', 'null', 'absent']],
    [
      'dcs status',
      ['"succeed"', '"failed"', '"expired"', '"deleted"', '"waiting"', '"backuping"', '"quantum"'],
    ],
    [
      'dcs is_support_restore',
      ['"TRUE"', '"FALSE"', '"false"', 'false', 'true', 'null', '{}', 'absent', '1', '[]'],
    ],
    ['dcs cache_mode', ['"single"', '"ha"', '"cluster"', '"quantum"', 'absent', 'null', '{}', '5']],
    ['dcs instance', ['"CREATING"', '"CREATEFAILED"', '"DREAMING"', '"RUNNING"']],
    ['vault protect_status', ['"deleted"', '"removing"', 'null', 'absent', '"available"', '"unheard_of"']],
    ['replication status', ['"success"', '"fail"', '"paused"', '5', 'null', 'absent']],
    ['child status', ['"error"', '"quantum"', '"available"']],
  ])('holds of %s the values %j', (field, values) => {
    expect(values.filter((value) => times(`${field} ${value}`) === 0)).toEqual([])
  })

  it.each([
    ['cbr expired_at', ['string', 'null', 'absent', 'number', 'object']],
    ['cbr updated_at', ['string', 'null', 'absent', 'number', 'object']],
    ['cbr replication_records', ['array', 'null', 'absent', 'string', 'object']],
    ['cbr enterprise_project_id', ['absent', 'null', 'number', 'string', 'object', 'boolean']],
    ['cbr resource_size', ['number', 'string', 'null', 'absent', 'array']],
    ['cbr resource_id', ['string', 'null', 'absent', 'number']],
    ['cbr vault_id', ['string', 'null', 'absent', 'number']],
    ['cbr incremental', ['boolean', 'null', 'absent', 'string']],
    ['cbr children', ['array', 'null', 'absent']],
    ['cbr id', ['string', 'absent', 'null', 'number', 'object']],
    ['cbr created_at', ['string', 'absent', 'null', 'number', 'object']],
    ['dcs error_code', ['string', 'object', 'null', 'absent', 'number']],
    ['dcs size', ['number', 'object', 'null', 'absent', 'string']],
    ['dcs instance_id', ['string', 'null', 'absent', 'number']],
    ['dcs backup_id', ['string', 'absent']],
    ['replication extra_info', ['object', 'string', 'null', 'absent']],
    ['vault enterprise_project_id', ['string', 'number', 'null', 'absent']],
  ])('holds %s as %j', (field, kinds) => {
    expect(kinds.filter((kind) => times(`${field} ${kind}`) === 0)).toEqual([])
  })

  it.each([
    'cbr incremental in extend_info',
    'cbr name beyond ASCII',
    'cbr name that a spreadsheet would run',
    'replication destinatio_vault_id',
    'child also at the top level',
    'child of a child',
    'child after as_of',
    'child under two parents',
    'backups of one resource equally new',
    'resource in several vaults',
    'resource known from backups alone',
    'copy in a second target',
    'departed resource with backups',
    'departed resource without backups',
  ])('holds: %s', (label) => {
    expect(times(label)).toBeGreaterThan(0)
  })
})

function shuffleFleet(oracle: OracleFleet, seed: number): OracleFleet {
  const dice = rollDice(seed + 1000)
  const shuffle = <T>(from: readonly T[]): T[] =>
    from
      .map((value) => ({ value, rank: dice.below(2 ** 30) }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ value }) => value)
  const projects = shuffle(oracle.fleet.projects).map((project) => ({
    ...project,
    vaults: shuffle(project.vaults).map((vault) => ({
      ...vault,
      resources: shuffle(vault.resources as unknown[]),
    })),
    policies: shuffle(project.policies),
    backups: shuffle(project.backups),
    instances: shuffle(project.instances),
    records: Object.fromEntries(
      shuffle(Object.entries(project.records)).map(([id, records]) => [id, shuffle(records)]),
    ),
  }))
  return { ...oracle, fleet: { projects } }
}
