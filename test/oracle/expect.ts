/**
 * What an audit must find, worked out from the wire objects in the most literal and slowest way. It shares no line with lib.
 *
 * Where the contract is silent, these are the readings:
 * - A control is a conjunction of answers yes, no, unknown: one "no" and there is nothing, else one "unknown" and the
 *   control is counted as unknown, else there is a finding.
 * - `expired_at` that is missing or cannot be read is unknown; null never expires. DCS records do not expire by time.
 * - `image_type` that is missing or no string: usability and replication unknown. A word that nobody knows: not usable,
 *   replication unknown.
 * - A status that nobody knows: not usable; errored, stuck and unreplicated (CBR) or errored, stuck and expired (DCS)
 *   unknown, as far as their other conditions hold. Every CBR status `waiting_…` is known, and busy.
 * - `updated_at` missing or null (in DCS also `{}`) gives way to `created_at`; one that cannot be read is unknown.
 * - `is_support_restore`: FALSE as a string in any case or the boolean false is a no; absent, null, `{}`, true and other
 *   strings are a yes; any other type is unknown.
 * - A resource-wide control is unknown where backups of unknown usability could change its answer, and where it would be a
 *   finding for an instance whose `cache_mode` is missing or no string (`can_be_backed_up` is null then).
 * - A replication record of unknown status, or records that are no list, leave "without a success" unknown.
 * - `auto`: a vault with an enabled replication policy of the same project; unknown for a backup that names no vault.
 * - The latest replication record: by `created_at` (unreadable first), then by id. `replication_error` joins those of
 *   `fail_code` and `fail_reason` that are there and not empty.
 * - `enterprise_project_id`: the backup's own, else its vault's of the same project; of a DCS record its instance's.
 *   Other mistyped values are null: nothing is turned into text but an `enterprise_project_id`.
 * - `parent_backup_id` of a backup at the top level is its `parent_id`; of a child the backup that lists it. A child under
 *   two parents of a project is one, under the lowest parent id. A child that is listed at the top level of its project is
 *   judged there alone, whatever that record looks like. Children of a parent that is malformed or outside the audit are
 *   not looked at; children of children neither.
 * - A record without a readable id, `created_at` or `status` is malformed: counted there and nowhere else, even if it was
 *   created after `as_of`.
 * - A resource's home: vaults that hold it before those it has left (`deleted`, `removing`), then the lowest vault id; else
 *   the newest backup of image_type backup, else the newest copy, else the newest of the others (ties: lowest id). A name
 *   or type that the vault's entry lacks is that of this backup. A backup without a readable resource_id has no resource.
 * - A resource-wide finding takes place, vault and resource from the resource's row; `recovery-point-stale` also takes the
 *   columns of the recovery point that it names. Columns of a backup's finding are its own.
 * - `copy_regions` is an empty string where there are no copies; `can_be_backed_up` of a CBR resource is true.
 */
import { describeBackup, describeErrored, describeExpired, describeResource, type Found } from './describe.ts'
import { type ControlId, type ExpectedAudit, type ExpectedFinding, SEVERITIES } from './expected.ts'
import { listResources } from './homes.ts'
import { isErrored, isExpired, isStuck, isUnreplicated } from './judge.ts'
import { readMicros, writeReportTime } from './micros.ts'
import { isMissing, isStale } from './recovery.ts'
import { latestRecord } from './replication.ts'
import { expectResource } from './resource-row.ts'
import { look } from './seen.ts'
import { readTerms } from './terms.ts'
import { all, sure, type Truth } from './truth.ts'
import type { OracleFleet } from './wire.ts'

const NOTHING_UNKNOWN: Readonly<Record<ControlId, number>> = {
  'backup-expired': 0,
  'backup-errored': 0,
  'backup-unreplicated': 0,
  'backup-stuck': 0,
  'recovery-point-stale': 0,
  'recovery-point-missing': 0,
}

/** Everything that an audit of this fleet must say. */
export function expectAudit(oracle: OracleFleet): ExpectedAudit {
  const asOf = readMicros(oracle.asOf)
  if (asOf === undefined) throw new Error(`The fleet's asOf cannot be read: ${oracle.asOf}.`)
  const terms = readTerms(asOf, oracle.policy)
  const sight = look(oracle, asOf)
  const resources = listResources(sight)
  const findings: ExpectedFinding[] = []
  const unknown = { ...NOTHING_UNKNOWN }

  const conclude = (control: ControlId, answer: Truth, found: () => Found): void => {
    if (answer === 'unknown') unknown[control] += 1
    if (answer !== 'yes') return
    const columns = found()
    findings.push({ control, severity: SEVERITIES[control][columns.service], ...columns })
  }
  for (const seen of sight.backups) {
    const plain = (): Found => describeBackup(seen, terms)
    conclude('backup-expired', isExpired(seen, terms), () => ({
      ...plain(),
      ...describeExpired(seen, terms),
    }))
    conclude('backup-errored', isErrored(seen), () => ({ ...plain(), ...describeErrored(seen) }))
    conclude('backup-stuck', isStuck(seen, terms), plain)
    conclude('backup-unreplicated', isUnreplicated(seen, terms, oracle), () => ({
      ...plain(),
      ...latestRecord(seen.wire.replication_records),
    }))
  }
  for (const child of sight.children) {
    conclude('backup-errored', isErrored(child), () => describeBackup(child, terms))
  }
  for (const resource of resources) {
    const able = resource.can_be_backed_up === null ? 'unknown' : sure(resource.can_be_backed_up)
    const describe = (): Found => describeResource(resource, terms)
    conclude('recovery-point-stale', all(able, isStale(resource.backups, terms)), describe)
    conclude('recovery-point-missing', all(able, isMissing(resource.backups, terms)), describe)
  }
  return {
    as_of: writeReportTime(asOf),
    findings: findings.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)),
    resources: resources
      .map((resource) => expectResource(resource, findings, terms))
      .sort((a, b) => (`${a.service} ${a.resource_id}` < `${b.service} ${b.resource_id}` ? -1 : 1)),
    unknown,
    backups: sight.backups.length,
    malformed: sight.malformed,
  }
}

/** What tells a finding from all others: the backup's id, or the resource's where the control is resource-wide. */
export function sortKey(finding: ExpectedFinding): string {
  const { control, service, region, project_id } = finding
  const subject = control.startsWith('recovery-point-') ? finding.resource_id : finding.backup_id
  return [control, service, region, project_id, subject].join(' ')
}
