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
 *   two parents of a project is one, under the lowest parent id. A child that is listed at the top level of its project, as
 *   a backup inside the audit, is judged there alone. Children of a parent that is malformed or outside the audit are
 *   not looked at; children of children neither.
 * - A record without a readable id, `created_at` or `status` is malformed: counted there and nowhere else, even if it was
 *   created after `as_of`.
 * - A resource's home: vaults that hold it before those it has left (`deleted`, `removing`), then the lowest vault id; else
 *   the newest backup of image_type backup, else the newest copy, else the newest of the others (ties: lowest id). A name
 *   or type that the vault's entry lacks is that of this backup. A backup without a readable resource_id has no
 *   resource, and makes both resource-wide controls unknown once.
 * - A resource-wide finding takes place, vault and resource from the resource's row; `recovery-point-stale` also takes the
 *   columns of the recovery point that it names. Columns of a backup's finding are its own.
 * - `copy_regions` is an empty string where there are no copies; `can_be_backed_up` of a CBR resource is true.
 */
import { describeBackup, describeErrored, describeExpired, describeResource, type Found } from './describe.ts'
import { type ControlId, type ExpectedAudit, type ExpectedFinding, SEVERITIES } from './expected.ts'
import { listResources, type Resource } from './homes.ts'
import { isErrored, isExpired, isStuck, isUnreplicated } from './judge.ts'
import { readMicros, writeReportTime } from './micros.ts'
import { isMissing, isStale } from './recovery.ts'
import { latestRecord } from './replication.ts'
import { expectResource } from './resource-row.ts'
import { look, type Seen, text } from './seen.ts'
import { readTerms, type Terms } from './terms.ts'
import { all, sure, type Truth } from './truth.ts'
import type { OracleFleet } from './wire.ts'

/** Everything that an audit of this fleet must say. */
export function expectAudit(oracle: OracleFleet): ExpectedAudit {
  const asOf = readMicros(oracle.asOf)
  if (asOf === undefined) throw new Error(`The fleet's asOf cannot be read: ${oracle.asOf}.`)
  const terms = readTerms(asOf, oracle.policy)
  const sight = look(oracle, asOf)
  const resources = listResources(sight)
  const answers = [
    ...sight.backups.flatMap((seen) => askBackup(seen, terms, oracle)),
    ...sight.children.map((child) => askChild(child, terms)),
    ...resources.flatMap((resource) => askResource(resource, terms)),
    ...sight.backups.filter(isStray).flatMap((seen) => askStray(seen, terms)),
  ]
  const findings = answers
    .filter(({ answer }) => answer === 'yes')
    .map(({ control, found }) => find(control, found()))
  return {
    as_of: writeReportTime(asOf),
    findings: findings.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)),
    resources: resources
      .map((resource) => expectResource(resource, findings, terms))
      .sort((a, b) => (`${a.service} ${a.resource_id}` < `${b.service} ${b.resource_id}` ? -1 : 1)),
    unknown: countUnknown(answers),
    backups: sight.backups.length,
    malformed: sight.malformed,
  }
}

/** What a control answers, and what it would report. */
interface Answer {
  readonly control: ControlId
  readonly answer: Truth
  readonly found: () => Found
}

function askBackup(seen: Seen, terms: Terms, oracle: OracleFleet): Answer[] {
  const plain = describeBackup(seen, terms)
  return [
    {
      control: 'backup-expired',
      answer: isExpired(seen, terms),
      found: () => ({ ...plain, ...describeExpired(seen, terms) }),
    },
    {
      control: 'backup-errored',
      answer: isErrored(seen),
      found: () => ({ ...plain, ...describeErrored(seen) }),
    },
    { control: 'backup-stuck', answer: isStuck(seen, terms), found: () => plain },
    {
      control: 'backup-unreplicated',
      answer: isUnreplicated(seen, terms, oracle),
      found: () => ({ ...plain, ...latestRecord(seen.wire.replication_records) }),
    },
  ]
}

function askChild(child: Seen, terms: Terms): Answer {
  return { control: 'backup-errored', answer: isErrored(child), found: () => describeBackup(child, terms) }
}

function askResource(resource: Resource, terms: Terms): Answer[] {
  const able = resource.can_be_backed_up === null ? 'unknown' : sure(resource.can_be_backed_up)
  const found = (): Found => describeResource(resource, terms)
  return [
    { control: 'recovery-point-stale', answer: all(able, isStale(resource.backups, terms)), found },
    { control: 'recovery-point-missing', answer: all(able, isMissing(resource.backups, terms)), found },
  ]
}

/** A backup that does not say of what it is may be the recovery point of any resource. */
function isStray({ service, wire }: Seen): boolean {
  return service === 'cbr' && text(wire.resource_id) === null
}

function askStray(seen: Seen, terms: Terms): Answer[] {
  const found = () => describeBackup(seen, terms)
  return [
    { control: 'recovery-point-stale', answer: 'unknown', found },
    { control: 'recovery-point-missing', answer: 'unknown', found },
  ]
}

function find(control: ControlId, found: Found): ExpectedFinding {
  return { control, severity: SEVERITIES[control][found.service], ...found }
}

function countUnknown(answers: readonly Answer[]): Record<ControlId, number> {
  const count = (control: ControlId): number =>
    answers.filter((one) => one.control === control && one.answer === 'unknown').length
  return {
    'backup-expired': count('backup-expired'),
    'backup-errored': count('backup-errored'),
    'backup-unreplicated': count('backup-unreplicated'),
    'backup-stuck': count('backup-stuck'),
    'recovery-point-stale': count('recovery-point-stale'),
    'recovery-point-missing': count('recovery-point-missing'),
  }
}

/** What tells a finding from all others: the backup's id, or the resource's where the control is resource-wide. */
function sortKey(finding: ExpectedFinding): string {
  const { control, service, region, project_id } = finding
  const subject = control.startsWith('recovery-point-') ? finding.resource_id : finding.backup_id
  return [control, service, region, project_id, subject].join(' ')
}
