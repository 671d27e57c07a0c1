import { CONTROLS, type ExpectedAudit } from './expected.ts'
import { isObject, type WireObject } from './wire.ts'

/** What an audit delivered: its lines and its summary, as read from the report. */
export interface DeliveredAudit {
  readonly findings: readonly unknown[]
  readonly resources: readonly unknown[]
  readonly summary: unknown
}

/** Names every difference between what an audit must say and what it says; empty where there is none. */
export function compareAudit(expected: ExpectedAudit, delivered: DeliveredAudit): string[] {
  return [
    ...compareRows('finding', expected.findings, delivered.findings, nameFinding),
    ...compareRows('resource', expected.resources, delivered.resources, nameResource),
    ...compareSummary(expected, delivered.summary),
  ]
}

function nameFinding(row: WireObject): string {
  const { control, service, region, project_id } = row
  const isResourceWide = String(control).startsWith('recovery-point-')
  return [control, service, region, project_id, isResourceWide ? row.resource_id : row.backup_id].join(' ')
}

function nameResource({ service, resource_id }: WireObject): string {
  return [service, resource_id].join(' ')
}

function compareRows(
  kind: string,
  expected: readonly object[],
  delivered: readonly unknown[],
  name: (row: WireObject) => string,
): string[] {
  const wanted = group(expected, name)
  const found = group(delivered, name)
  const differences = [...new Set([...wanted.keys(), ...found.keys()])].sort().flatMap((key) => {
    const [want, ...wantAgain] = wanted.get(key) ?? []
    const [have, ...haveAgain] = found.get(key) ?? []
    if (wantAgain.length > 0) return [`${kind} ${key}: the oracle expects it ${wantAgain.length + 1} times`]
    if (want === undefined) return [`${kind} ${key}: not expected, found ${JSON.stringify(have)}`]
    if (have === undefined) return [`${kind} ${key}: expected, not found`]
    const repeated = haveAgain.length > 0 ? [`${kind} ${key}: found ${haveAgain.length + 1} times`] : []
    return [...repeated, ...compareColumns(`${kind} ${key}`, want, have)]
  })
  return [...differences, ...compareValue(`count of ${kind} rows`, expected.length, delivered.length)]
}

function group(rows: readonly unknown[], name: (row: WireObject) => string): Map<string, WireObject[]> {
  const groups = new Map<string, WireObject[]>()
  for (const row of rows) {
    const object = isObject(row) ? row : { control: `no row but ${JSON.stringify(row)}` }
    groups.set(name(object), [...(groups.get(name(object)) ?? []), object])
  }
  return groups
}

function compareColumns(where: string, expected: WireObject, delivered: WireObject): string[] {
  return Object.keys(expected).flatMap((key) =>
    compareValue(`${where}: ${key}`, expected[key], delivered[key]),
  )
}

/** Compares as JSON does, so that a column that is absent is not taken for null. */
function compareValue(where: string, expected: unknown, delivered: unknown): string[] {
  const [want, have] = [JSON.stringify(expected), JSON.stringify(delivered)]
  return want === have ? [] : [`${where}: expected ${want}, found ${have ?? 'nothing'}`]
}

function compareSummary(expected: ExpectedAudit, delivered: unknown): string[] {
  if (!isObject(delivered)) return [`summary: expected an object, found ${JSON.stringify(delivered)}`]
  const found = isObject(delivered.findings) ? delivered.findings : {}
  const unknown = isObject(delivered.unknown) ? delivered.unknown : {}
  const unknownTotal = Object.values(expected.unknown).reduce((sum, count) => sum + count, 0)
  const verdict = expected.malformed === 0 ? 'complete' : 'incomplete'
  return [
    ...compareValue('summary: as_of', expected.as_of, delivered.as_of),
    ...compareValue('summary: verdict', verdict, delivered.verdict),
    ...compareValue('summary: backups', expected.backups, delivered.backups),
    ...compareValue('summary: resources', expected.resources.length, delivered.resources),
    ...compareValue('summary: findings.total', expected.findings.length, found.total),
    ...compareCounts(
      'summary: findings.by_control',
      CONTROLS,
      tally(expected.findings.map((finding) => finding.control)),
      found.by_control,
    ),
    ...compareCounts(
      'summary: findings.by_severity',
      ['critical', 'high', 'medium', 'low'],
      tally(expected.findings.map((finding) => finding.severity)),
      found.by_severity,
    ),
    ...compareValue('summary: unknown.total', unknownTotal, unknown.total),
    ...compareCounts('summary: unknown.by_control', CONTROLS, expected.unknown, unknown.by_control),
  ]
}

function tally(values: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(values.map((value) => [value, values.filter((other) => other === value).length]))
}

/** A count that is not there is zero, on both sides. */
function compareCounts(
  where: string,
  keys: readonly string[],
  expected: Readonly<Record<string, number>>,
  delivered: unknown,
): string[] {
  if (!isObject(delivered)) return [`${where}: expected an object, found ${JSON.stringify(delivered)}`]
  return [...new Set([...keys, ...Object.keys(delivered)])].flatMap((key) =>
    compareValue(`${where}: ${key}`, expected[key] ?? 0, delivered[key] ?? 0),
  )
}
