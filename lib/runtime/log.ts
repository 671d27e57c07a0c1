import { Logger } from '@aws-lambda-powertools/logger'

/** Everything that a call may leave in the log: no body, no header, no query, no text of anybody. */
export interface LogFields {
  readonly request_id: string
  readonly method: string
  /** As it stands in our table, never as it came. */
  readonly route: string
  readonly status: number
  readonly duration_ms: number
  readonly target: string
  readonly operation: string
  /** How an operation stands now. */
  readonly state: string
  readonly huawei_request_id: string
  readonly huawei_error_code: string
  readonly code: string
  /** Where a defect is: its class, and the places in our code that it came through. */
  readonly defect: string
  /** The sentence of a fault of ours, which never holds a secret. */
  readonly because: string
  readonly mistakes: readonly string[]
  readonly audit_id: string
  /** The CloudWatch alarm on missed audits counts the lines of `audit published` that say `complete` here. */
  readonly verdict: string
  readonly findings: Readonly<Record<string, number>>
  readonly backups: number
  readonly requests: number
  readonly report: string
  readonly alert_id: string
  /** Who sends alerts: a name of ours. */
  readonly source: string
}

/** Writes one line. */
export type Log = (level: 'info' | 'warn' | 'error', message: string, fields: Partial<LogFields>) => void

const ALLOWED: readonly (keyof LogFields)[] = [
  'request_id',
  'method',
  'route',
  'status',
  'duration_ms',
  'target',
  'operation',
  'state',
  'huawei_request_id',
  'huawei_error_code',
  'code',
  'defect',
  'because',
  'mistakes',
  'audit_id',
  'verdict',
  'findings',
  'backups',
  'requests',
  'report',
  'alert_id',
  'source',
]

/** A log of JSON lines, as CloudWatch likes them. Whatever is not on the list of fields is not written, whoever passes it. */
export function createLog(service: string): Log {
  const logger = new Logger({ serviceName: service })
  return (level, message, fields) => {
    const chosen = ALLOWED.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]]))
    logger[level](message, Object.fromEntries(chosen))
  }
}
