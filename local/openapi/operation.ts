import type { Parameter } from '../../lib/huawei/parameter.ts'
import type { PROBLEMS } from '../../lib/runtime/problem.ts'
import type { SchemaName } from './schemas.ts'

/** An answer that is no problem. */
export interface DescribedAnswer {
  readonly says: string
  readonly schema: SchemaName
  /** Headers of `HEADERS` that come with it. */
  readonly headers?: readonly string[]
}

/** What a route takes and answers: one row of the table that `docs/openapi.json` is made from. */
export interface Operation {
  /** The deployed function behind it. */
  readonly function: 'list-backups' | 'create-checkpoint' | 'ask-for-audit' | 'receive-alert'
  readonly id: string
  readonly summary: string
  readonly description: string
  /** Of the path, then of the query. */
  readonly path?: readonly Parameter[]
  readonly query?: readonly Parameter[]
  readonly headers?: readonly Parameter[]
  readonly body?: {
    readonly schema: SchemaName
    readonly example: unknown
    readonly isRequired: boolean
    /** Whether the same JSON may be called text/plain, as SNS does. */
    readonly takesText?: true
  }
  readonly answers: Readonly<Record<number, DescribedAnswer>>
  /** Headers that come with problems too, once the request was read. */
  readonly promises?: readonly string[]
  /** The codes of problems that it may answer, besides those that every route may. */
  readonly problems: readonly (keyof typeof PROBLEMS)[]
  /** Whether anybody may call it who can prove by other means who he is. */
  readonly isOpen?: true
}
