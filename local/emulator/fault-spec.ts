/**
 * Faults are planted by a SPEC: `OPERATION:EFFECT[:MODIFIER…]`, for example `cbr.backups:status=500:times=2`.
 * OPERATION is an action's name, `cbr.*`, `dcs.*`, `iam.*` or `*`. `describeFaults` lists what there is.
 */
const EFFECTS = {
  status: 'status=N        answer this HTTP status (with code=, retry-after=)',
  throttled: "throttled       429 APIGW.0308 in Huawei's words",
  unauthorized: 'unauthorized    401 APIGW.0301',
  'expired-signature': 'expired-signature  401 with the times in the text',
  reset: 'reset           close the connection without an answer',
  hang: 'hang            never answer',
  truncate: 'truncate        close the connection in mid body',
  'cut-json': 'cut-json        a whole answer whose JSON ends in the middle',
  html: 'html            200 with a login page',
  empty: 'empty           204 without a body',
  'error-200': 'error-200       200 with an error as its body',
  redirect: 'redirect        302 to another host',
  latency: 'latency=MS      answer late',
  limit: 'limit=N         silently send at most N rows (echo: say so in the answer)',
  count: 'count=+N|-N|page  lie about the total, or give the number of rows sent',
  'duplicate-page': 'duplicate-page  send up to 10 rows of the previous answer again',
  'stale-page': 'stale-page      send the rows of the previous answer instead',
  'ignore-sort': 'ignore-sort     newest first, whatever was asked',
  'ignore-filter': 'ignore-filter[=NAME]  filter by nothing, or not by NAME',
  'unstable-ties': 'unstable-ties   rows of equal created_at in a new order each time',
  invisible: 'invisible=S     hide what was created in the last S seconds',
  fail: 'fail            what the request starts ends in error',
  skip: 'skip=N          leave N resources out of the checkpoint that the request starts',
} as const

const MODIFIERS = {
  times: 'times=N         only N times',
  after: 'after=N         not for the first N requests',
  rate: 'rate=P          with probability P',
  project: 'project=TEXT    only for the project with this id or name',
  path: 'path=TEXT       only where the path contains TEXT',
  executed: 'executed        carry the request out before failing',
  echo: 'echo            with limit=',
  code: 'code=TEXT       error code, with status=',
  'retry-after': 'retry-after=TEXT  header, with status=',
} as const

export type EffectName = keyof typeof EFFECTS
type ModifierName = keyof typeof MODIFIERS

/** A fault that waits for its requests. */
export interface PlantedFault {
  readonly operation: string
  readonly effect: EffectName
  /** What stands after the `=` of the effect. */
  readonly value: string
  readonly modifiers: Readonly<Partial<Record<ModifierName, string>>>
}

/** A SPEC that cannot be understood; the message says what is allowed. */
export class FaultSpecError extends Error {
  override readonly name = 'FaultSpecError'
}

/** What a SPEC may say, for people. */
function describeFaults(operations: readonly string[]): string {
  return [
    'A fault is OPERATION:EFFECT[:MODIFIER...], such as cbr.backups:status=500:times=2.',
    `Operations: ${operations.join(', ')}, and cbr.*, dcs.*, iam.*, *`,
    'Effects:',
    ...Object.values(EFFECTS).map((line) => `  ${line}`),
    'Modifiers:',
    ...Object.values(MODIFIERS).map((line) => `  ${line}`),
  ].join('\n')
}

/** Reads a SPEC, or throws a FaultSpecError that lists what is allowed. */
export function parseFault(spec: string, operations: readonly string[]): PlantedFault {
  const refuse = (found: string) =>
    new FaultSpecError(
      `Cannot plant the fault ${JSON.stringify(spec)}: ${found}.\n${describeFaults(operations)}`,
    )
  const [operation = '', effectPart = '', ...modifierParts] = spec.split(':')
  if (![...operations, 'cbr.*', 'dcs.*', 'iam.*', '*'].includes(operation))
    throw refuse(`there is no operation ${JSON.stringify(operation)}`)
  const [effect, value] = splitPart(effectPart)
  if (!isEffect(effect)) throw refuse(`there is no effect ${JSON.stringify(effect)}`)
  if (!VALUES[effect].test(value)) throw refuse(`${effect} cannot have the value ${JSON.stringify(value)}`)
  const modifiers: Partial<Record<ModifierName, string>> = {}
  for (const part of modifierParts) {
    const [name, text] = splitPart(part)
    if (!isModifier(name)) throw refuse(`there is no modifier ${JSON.stringify(name)}`)
    if (!MODIFIER_VALUES[name].test(text))
      throw refuse(`${name} cannot have the value ${JSON.stringify(text)}`)
    modifiers[name] = text
  }
  return { operation, effect, value, modifiers }
}

const NOTHING = /^$/
const NUMBER = /^\d{1,9}$/
const VALUES = {
  status: /^[1-5]\d\d$/,
  throttled: NOTHING,
  unauthorized: NOTHING,
  'expired-signature': NOTHING,
  reset: NOTHING,
  hang: NOTHING,
  truncate: NOTHING,
  'cut-json': NOTHING,
  html: NOTHING,
  empty: NOTHING,
  'error-200': NOTHING,
  redirect: NOTHING,
  latency: NUMBER,
  limit: /^[1-9]\d{0,3}$/,
  count: /^(page|[+-]\d{1,9})$/,
  'duplicate-page': NOTHING,
  'stale-page': NOTHING,
  'ignore-sort': NOTHING,
  'ignore-filter': /^[a-z_]*$/,
  'unstable-ties': NOTHING,
  invisible: NUMBER,
  fail: NOTHING,
  skip: NUMBER,
} as const satisfies Record<EffectName, RegExp>

const MODIFIER_VALUES = {
  times: NUMBER,
  after: NUMBER,
  rate: /^(0(\.\d+)?|1(\.0+)?|\.\d+)$/,
  project: /^.+$/,
  path: /^.+$/,
  executed: NOTHING,
  echo: NOTHING,
  code: /^[\w.]+$/,
  'retry-after': /^[^\r\n]+$/,
} as const satisfies Record<ModifierName, RegExp>

function splitPart(part: string): readonly [name: string, value: string] {
  const [name = '', ...value] = part.split('=')
  return [name, value.join('=')]
}

function isEffect(name: string): name is EffectName {
  return Object.hasOwn(EFFECTS, name)
}

function isModifier(name: string): name is ModifierName {
  return Object.hasOwn(MODIFIERS, name)
}
