/**
 * A word of the SPECs by which faults are planted: `OPERATION:EFFECT[:MODIFIER…]`, for example
 * `cbr.backups:status=500:times=2`. OPERATION is an action's name or one of the groups. `describeFaults` lists what there is.
 */
export interface Word {
  /** How it is written, and what it does: for people. */
  readonly help: string
  /** What may stand after its `=`. */
  readonly value: RegExp
}

const NOTHING = /^$/
const NUMBER = /^\d{1,9}$/

/** These stand for every action whose name begins so. */
export const OPERATION_GROUPS = ['cbr.*', 'dcs.*', 'iam.*', '*'] as const

/** These replace or spoil the answer. */
export const ANSWERS = {
  status: {
    help: 'status=N        answer this HTTP status (with code=, retry-after=)',
    value: /^[1-5]\d\d$/,
  },
  throttled: { help: "throttled       429 APIGW.0308 in Huawei's words", value: NOTHING },
  unauthorized: { help: 'unauthorized    401 APIGW.0301', value: NOTHING },
  'expired-signature': { help: 'expired-signature  401 with the times in the text', value: NOTHING },
  reset: { help: 'reset           close the connection without an answer', value: NOTHING },
  hang: { help: 'hang            never answer', value: NOTHING },
  truncate: { help: 'truncate        close the connection in mid body', value: NOTHING },
  'cut-json': { help: 'cut-json        a whole answer whose JSON ends in the middle', value: NOTHING },
  html: { help: 'html            200 with a login page', value: NOTHING },
  empty: { help: 'empty           204 without a body', value: NOTHING },
  'error-200': { help: 'error-200       200 with an error as its body', value: NOTHING },
  redirect: { help: 'redirect        302 to another host', value: NOTHING },
} as const satisfies Record<string, Word>

/** These bend what the request does, or when it is answered. */
const BENDS = {
  latency: { help: 'latency=MS      answer late', value: NUMBER },
  limit: {
    help: 'limit=N         silently send at most N rows (echo: say so in the answer)',
    value: /^[1-9]\d{0,3}$/,
  },
  count: {
    help: 'count=+N|-N|page  lie about the total, or give the number of rows sent',
    value: /^(page|[+-]\d{1,9})$/,
  },
  'duplicate-page': {
    help: 'duplicate-page  send up to 10 rows of the previous answer again',
    value: NOTHING,
  },
  'stale-page': { help: 'stale-page      send the rows of the previous answer instead', value: NOTHING },
  'ignore-sort': { help: 'ignore-sort     newest first, whatever was asked', value: NOTHING },
  'ignore-filter': { help: 'ignore-filter[=NAME]  filter by nothing, or not by NAME', value: /^[a-z_]*$/ },
  'unstable-ties': {
    help: 'unstable-ties   rows of equal created_at in a new order each time',
    value: NOTHING,
  },
  invisible: { help: 'invisible=S     hide what was created in the last S seconds', value: NUMBER },
  fail: { help: 'fail            what the request starts ends in error', value: NOTHING },
  skip: {
    help: 'skip=N          leave N resources out of the checkpoint that the request starts',
    value: NUMBER,
  },
} as const satisfies Record<string, Word>

/** Every effect. */
export const EFFECTS = { ...ANSWERS, ...BENDS }

/** When, where and how a fault strikes. */
export const MODIFIERS = {
  times: { help: 'times=N         only N times', value: NUMBER },
  after: { help: 'after=N         not for the first N requests', value: NUMBER },
  rate: { help: 'rate=P          with probability P', value: /^(0(\.\d+)?|1(\.0+)?|\.\d+)$/ },
  project: { help: 'project=TEXT    only for the project with this id or name', value: /^.+$/ },
  path: { help: 'path=TEXT       only where the path contains TEXT', value: /^.+$/ },
  executed: { help: 'executed        carry the request out before failing', value: NOTHING },
  echo: { help: 'echo            with limit=', value: NOTHING },
  code: { help: 'code=TEXT       error code, with status=', value: /^[\w.]+$/ },
  'retry-after': { help: 'retry-after=TEXT  header, with status=', value: /^[^\r\n]+$/ },
} as const satisfies Record<string, Word>

/** What a SPEC may say, for people. */
export function describeFaults(operations: readonly string[]): string {
  return [
    'A fault is OPERATION:EFFECT[:MODIFIER...], such as cbr.backups:status=500:times=2.',
    `Operations: ${operations.join(', ')}, and ${OPERATION_GROUPS.join(', ')}`,
    'Effects:',
    ...Object.values(EFFECTS).map(({ help }) => `  ${help}`),
    'Modifiers:',
    ...Object.values(MODIFIERS).map(({ help }) => `  ${help}`),
  ].join('\n')
}
