import { ALERT_SOURCES } from '../../lib/alert-source.ts'
import { choice, pattern, text } from '../../lib/huawei/parameter.ts'
import { CBR_BACKUPS, DCS_BACKUPS } from '../../lib/runtime/backup-pages.ts'
import { IDEMPOTENCY_KEY } from '../../lib/runtime/checkpoint-request.ts'
import { PLACE_PARAMETERS } from '../../lib/runtime/query.ts'
import type { DescribedAnswer, Operation } from './operation.ts'

const VAULT_ID = '3b5816b5-f29c-4172-9d9a-76c719a659ce'
const AUDIT_ID = '20261121T043215.269Z-c2fa2069'

const UPSTREAM = [
  'forbidden',
  'upstream_refused',
  'upstream_throttled',
  'upstream_unavailable',
  'upstream_timeout',
] as const

const STARTED = ['Operation', 'Idempotency-Key'] as const

const AUDIT_ANSWERS: Readonly<Record<number, DescribedAnswer>> = {
  200: { says: 'Its summary, and where the files of its report are', schema: 'AuditReport' },
  202: { says: 'It is still running', schema: 'RunningAudit', headers: ['Location'] },
}

/** Every route that is deployed. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /backups': {
    function: 'list-backups',
    id: 'listBackups',
    summary: 'A page of the backups of a CBR project',
    description:
      "Takes every parameter of Huawei's GET /v3/{project_id}/backups, with the same names, and answers with Huawei's own body. Pages by position lose rows while the list changes; an audit loses none.",
    query: [...CBR_BACKUPS.table.parameters, ...PLACE_PARAMETERS],
    answers: { 200: { says: "Huawei's own body", schema: 'CbrBackupPage', headers: ['Link'] } },
    problems: UPSTREAM,
  },
  'GET /instances/{instance_id}/backups': {
    function: 'list-backups',
    id: 'listInstanceBackups',
    summary: 'A page of the backup records of a DCS instance',
    description:
      "Takes every parameter of Huawei's own list, and ISO 8601 where Huawei takes yyyyMMddHHmmss alone. A 204 of Huawei becomes an empty list.",
    path: [
      {
        name: 'instance_id',
        kind: { ...text(36), jsonSchema: { type: 'string', format: 'uuid' } },
        description: 'The instance',
        example: '5560df16-cebf-4473-95c4-d1b573c16e79',
      },
    ],
    query: [...DCS_BACKUPS.table.parameters, ...PLACE_PARAMETERS],
    answers: { 200: { says: "Huawei's own body", schema: 'DcsRecordPage', headers: ['Link'] } },
    problems: UPSTREAM,
  },
  'POST /checkpoints': {
    function: 'create-checkpoint',
    id: 'createCheckpoint',
    summary: 'Back up a vault now, exactly once for each key',
    description:
      'The same Idempotency-Key never starts a second checkpoint, whatever breaks on the way, for 90 days; with another body it is a conflict.',
    query: PLACE_PARAMETERS,
    headers: [
      {
        name: 'Idempotency-Key',
        kind: pattern(IDEMPOTENCY_KEY, '1 to 255 printable ASCII characters'),
        description: 'Made and returned where it is left out',
        example: 'before-upgrade-7',
      },
    ],
    body: {
      schema: 'CheckpointBody',
      example: { checkpoint: { vault_id: VAULT_ID, parameters: { name: 'before-upgrade' } } },
      isRequired: true,
    },
    answers: {
      200: {
        says: "Everything asked for was taken in: Huawei's own body",
        schema: 'CbrCheckpointAnswer',
        headers: STARTED,
      },
      202: {
        says: 'The outcome is not known yet, or not of everything asked for',
        schema: 'Operation',
        headers: STARTED,
      },
      207: {
        says: "Some resources were skipped: Huawei's own body, with the reasons in vault.skipped_resources",
        schema: 'CbrCheckpointAnswer',
        headers: STARTED,
      },
    },
    promises: STARTED,
    problems: [...UPSTREAM, 'conflict', 'unavailable'],
  },
  'GET /checkpoints/{operation}': {
    function: 'create-checkpoint',
    id: 'showOperation',
    summary: 'What became of a checkpoint that was asked for',
    description:
      'The checkpoint in it has the status that Huawei tells now. The target may be left out; an operation of another one than is named is not found.',
    path: [
      {
        name: 'operation',
        kind: text(),
        description: 'As the header Operation named it',
        example: '1unn1i7k2bpipq9jfman9tirrb07i5ma',
      },
    ],
    query: PLACE_PARAMETERS,
    answers: {
      200: {
        says: 'It is settled: started, ended, joined, refused or quarantined',
        schema: 'Operation',
        headers: ['Operation'],
      },
      202: {
        says: 'Its outcome is not known yet: waiting, parked, running, unknown or held, or because says what is open',
        schema: 'Operation',
        headers: ['Operation'],
      },
      207: {
        says: 'It was started, but some resources were skipped',
        schema: 'Operation',
        headers: ['Operation'],
      },
    },
    promises: ['Operation'],
    problems: [...UPSTREAM, 'not_found', 'unavailable'],
  },
  'POST /audits': {
    function: 'ask-for-audit',
    id: 'startAudit',
    summary: 'Start an audit now',
    description: 'Of everything that is configured, or of what the body narrows it to. Takes no query.',
    body: { schema: 'AuditOrder', example: { vault_id: VAULT_ID }, isRequired: false },
    answers: { 202: { says: 'It is accepted', schema: 'RunningAudit', headers: ['Location'] } },
    problems: [...UPSTREAM, 'unavailable'],
  },
  'GET /audits/latest': {
    function: 'ask-for-audit',
    id: 'showLatestAudit',
    summary: 'The newest audit',
    description: 'As latest.json of the store names it.',
    answers: AUDIT_ANSWERS,
    problems: ['not_found', 'unavailable'],
  },
  'GET /audits/{audit_id}': {
    function: 'ask-for-audit',
    id: 'showAudit',
    summary: 'An audit by its id',
    description: '404 where there is no such audit, or it ended without a report; the detail says which.',
    path: [{ name: 'audit_id', kind: text(), description: 'As Location named it', example: AUDIT_ID }],
    answers: AUDIT_ANSWERS,
    problems: ['not_found', 'unavailable'],
  },
  'POST /alerts/{source}': {
    function: 'receive-alert',
    id: 'receiveAlert',
    summary: 'Take an alert in',
    description:
      'Whoever sends proves it himself: by the signature of Standard Webhooks, PagerDuty or Grafana, the bearer token of Alertmanager, the certificate of SMN and SNS. What the alert starts is set by the policy alone. The same alert again starts nothing again.',
    path: [
      { name: 'source', kind: choice(ALERT_SOURCES), description: 'Who sends', example: 'standard-webhooks' },
    ],
    body: {
      schema: 'Alert',
      example: { type: 'alert', data: { name: 'vault-nearly-full' } },
      isRequired: true,
      takesText: true,
    },
    answers: { 202: { says: 'It is stored, now or before', schema: 'AlertReceipt' } },
    problems: ['unauthorized', 'not_found', 'unavailable'],
    isOpen: true,
  },
}
