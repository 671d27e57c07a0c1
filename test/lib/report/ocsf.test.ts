import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { SEVERITIES } from '../../../lib/audit/control.ts'
import { FINDING_COLUMNS, type Finding } from '../../../lib/audit/record.ts'
import { findingsOcsf } from '../../../lib/report/ocsf.ts'
import { objectAt, readJson } from '../../support/json.ts'
import { linesOf } from '../../support/rendered.ts'
import { finding } from '../../support/sample-record.ts'

const epochMs = z.number().check(z.int(), z.gte(1.6e12), z.lte(4.2e12))

// Required (and our recommended) attributes of Compliance Finding in OCSF 1.5.0, with the cloud profile; types as its dictionary has them.
const complianceFinding = z.object({
  activity_id: z.literal([0, 1, 2, 3, 99]),
  category_uid: z.literal(2),
  class_uid: z.literal(2003),
  type_uid: z.literal([200300, 200301, 200302, 200303, 200399]),
  time: epochMs,
  severity_id: z.literal([0, 1, 2, 3, 4, 5, 6, 99]),
  status_id: z.literal([0, 1, 2, 3, 4, 5, 6, 99]),
  message: z.string(),
  metadata: z.object({
    version: z.literal('1.5.0'),
    product: z.object({ name: z.string(), vendor_name: z.string(), version: z.string() }),
    profiles: z.array(z.string()),
    uid: z.string(),
  }),
  finding_info: z.object({
    uid: z.string(),
    title: z.string(),
    desc: z.string(),
    created_time: epochMs,
    first_seen_time: epochMs,
    last_seen_time: epochMs,
  }),
  compliance: z.object({
    control: z.string(),
    standards: z.array(z.string()),
    status_id: z.literal([0, 1, 2, 3, 99]),
  }),
  cloud: z.object({ provider: z.string(), region: z.string(), project_uid: z.string() }),
  resources: z
    .array(z.object({ uid: z.string(), name: z.optional(z.string()), type: z.optional(z.string()) }))
    .check(z.minLength(1)),
  remediation: z.object({ desc: z.string() }),
  unmapped: z.record(z.string(), z.unknown()),
})

const TERMS = { toolVersion: '1.2.3', asOf: '2026-11-21T06:45:00.123Z' }

function rendered(own: Parameters<typeof finding>[0]) {
  return complianceFinding.parse(JSON.parse(linesOf(findingsOcsf(TERMS), [finding(own)])))
}

describe('findings.ocsf.ndjson', () => {
  it.each(SEVERITIES)('has the attributes that OCSF requires, for severity %s', (severity) => {
    const { severity_id } = rendered({ severity })
    expect(severity_id).toBe({ critical: 5, high: 4, medium: 3, low: 2 }[severity])
  })

  it.each([
    ['new', false, 1, 1],
    ['reopened', false, 1, 1],
    ['persisting', false, 2, 2],
    ['persisting', true, 2, 3],
    ['new', true, 1, 3],
  ] as const)('a %s finding, muted %s, is activity %i with status %i', (delta, muted, activity, status) => {
    const event = rendered({ delta, muted })
    expect(event).toMatchObject({ activity_id: activity, type_uid: 200300 + activity, status_id: status })
  })

  it('is a failed check at the time of the audit, with times in milliseconds', () => {
    const event = rendered({ first_seen: '2026-11-01T00:00:00.000Z' })
    expect(event.time).toBe(Date.parse('2026-11-21T06:45:00.123Z'))
    expect(event.finding_info.first_seen_time).toBe(Date.parse('2026-11-01T00:00:00.000Z'))
    expect(event.compliance).toMatchObject({ control: 'backup-errored', status_id: 3 })
    expect(event.metadata.product.version).toBe('1.2.3')
  })

  it('names the resource and the backup, or only the one that there is', () => {
    expect(rendered({}).resources.map(({ uid }) => uid)).toEqual(['server-1', 'backup-1'])
    expect(rendered({ backup_id: null }).resources.map(({ uid }) => uid)).toEqual(['server-1'])
    expect(rendered({ resource_id: null }).resources.map(({ uid }) => uid)).toEqual(['backup-1'])
  })

  it('keeps what OCSF has no word for, and leaves out what is null', () => {
    const { unmapped } = rendered({ vault_name: 'v', error_code: null })
    expect(unmapped).toMatchObject({ delta: 'new', service: 'cbr', vault_name: 'v', size_bytes: 42949672960 })
    expect(unmapped).not.toHaveProperty('error_code')
  })

  it('keeps it in the order of the contract, whatever order it came in', () => {
    const shuffled = Object.fromEntries(Object.entries(finding()).reverse()) as unknown as Finding
    const unmapped = objectAt(readJson(linesOf(findingsOcsf(TERMS), [shuffled])), 'unmapped')
    expect(Object.entries(unmapped)).toEqual(Object.entries(rendered({}).unmapped))
    expect(Object.keys(unmapped)).toEqual(FINDING_COLUMNS.filter((column) => column in unmapped))
  })
})
