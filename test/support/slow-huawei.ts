import type { Fault } from '../../lib/errors.ts'
import type { Request, Response, Send } from '../../lib/huawei/http.ts'
import { TransportFailure, unreachable } from '../../lib/huawei/transport-failure.ts'
import type { Dice } from '../oracle/dice.ts'
import { readJson, textAt } from './json.ts'
import { respond } from './responses.ts'

/** The one resource of each of its vaults. */
export const SERVER = '4f6a2f0e-93d1-4b36-8bb5-1f5a27d0a001'

/** How this Huawei treats whoever starts checkpoints. */
export interface SlowHuaweiOptions {
  readonly dice: Dice
  readonly nowMs: () => number
  /** How long after it was started a checkpoint can be seen by nobody. */
  readonly hiddenMs: () => number
  /** Called with the name of the checkpoint before a POST is carried out or refused. */
  readonly onPost: (name: string) => void
  /** Holds an answer back; resolves when it may go. */
  readonly delay: (ms: number) => Promise<void>
}

/** One checkpoint that was really started. */
export interface Started {
  readonly id: string
  readonly name: string
  readonly vaultId: string
  readonly startedMs: number
  readonly visibleMs: number
  readonly loggedMs: number
  readonly endsMs: number
  readonly fails: boolean
}

/** What a POST meets: whether it is carried out, and what its sender hears. */
const POSTS = [
  ...Array<'fine'>(8).fill('fine'),
  ...(['lost-after', 'lost-after', 'lost-before', '500-after', '500-before', '504-after'] as const),
  ...(['cut-body', 'gateway', 'unreachable', 'busy', 'late', 'late-lost'] as const),
] as const

/** A CBR of its own making: slow to show what it started, quick to lose answers, and of perfect memory. */
export function createSlowHuawei(options: SlowHuaweiOptions) {
  const { dice, nowMs } = options
  const started: Started[] = []
  let isCalm = false

  function carryOut(name: string, vaultId: string): Started {
    const hiddenMs = options.hiddenMs()
    const at = nowMs()
    const one = {
      id: dice.uuid(),
      name,
      vaultId,
      startedMs: at,
      visibleMs: at + hiddenMs,
      // Either of the two ways to see it may be the slower one.
      loggedMs: at + (dice.chance(0.5) ? hiddenMs : hiddenMs + dice.below(3_600_000)),
      endsMs: at + hiddenMs + dice.below(1_800_000),
      fails: dice.chance(0.1),
    }
    started.push(dice.chance(0.5) ? one : { ...one, visibleMs: one.loggedMs, loggedMs: one.visibleMs })
    return one
  }

  async function post({ body = '' }: Request): Promise<Response> {
    const order = readJson(body)
    const vaultId = textAt(order, 'checkpoint.vault_id')
    const name = textAt(order, 'checkpoint.parameters.name')
    options.onPost(name)
    const weather = isCalm ? 'fine' : dice.pick(POSTS)
    switch (weather) {
      case 'fine':
        return respond(200, answerFor(carryOut(name, vaultId), 'protecting'))
      case 'late': {
        const one = carryOut(name, vaultId)
        await options.delay(dice.below(1_500_000))
        return respond(200, answerFor(one, 'protecting'))
      }
      case 'late-lost':
        carryOut(name, vaultId)
        await options.delay(dice.below(1_500_000))
        throw broken('maybe')
      case 'cut-body':
        carryOut(name, vaultId)
        return respond(200, '{"checkpoint": {"id": "9')
      case 'lost-after':
        carryOut(name, vaultId)
        throw broken('maybe')
      case 'lost-before':
        throw broken('maybe')
      case '500-after':
      case '504-after':
        carryOut(name, vaultId)
        return respond(weather === '500-after' ? 500 : 504, {})
      case '500-before':
        return respond(500, { error_code: 'BackupService.9999', error_msg: 'Internal error' })
      case 'gateway':
        return respond(429, {
          error_code: 'APIGW.0308',
          error_msg: 'The throttling threshold has been reached',
        })
      case 'unreachable':
        throw broken('no')
      case 'busy':
        return respond(400, { error_code: 'BackupService.6125', error_msg: 'A backup is in progress' })
    }
  }

  function get({ path, query }: Request): Response {
    if (!isCalm && dice.chance(0.15)) {
      if (dice.chance(0.5)) throw broken('maybe')
      return respond(503, {})
    }
    const asked = new Map(query)
    const isFirst = (asked.get('offset') ?? '0') === '0'
    if (path.endsWith('/operation-logs'))
      return respond(200, { operation_logs: isFirst ? inVault(asked, 'loggedMs').map(logOf) : [] })
    if (path.endsWith('/backups')) return respond(200, { backups: isFirst ? backupsFor(asked) : [] })
    const one = started.find(({ id, visibleMs }) => path.endsWith(id) && visibleMs <= nowMs())
    return one === undefined
      ? respond(404, { error_code: 'BackupService.6105', error_msg: 'Not found' })
      : respond(200, answerFor(one, statusOf(one)))
  }

  function inVault(asked: ReadonlyMap<string, string>, shownFrom: 'visibleMs' | 'loggedMs') {
    const fromMs = Date.parse(asked.get('start_time') ?? '')
    return started.filter(
      (one) => one[shownFrom] <= nowMs() && one.vaultId === asked.get('vault_id') && one.startedMs >= fromMs,
    )
  }

  function backupsFor(asked: ReadonlyMap<string, string>) {
    const checkpointId = asked.get('checkpoint_id')
    const fitting =
      checkpointId === undefined
        ? inVault(asked, 'visibleMs')
        : started.filter(({ id, visibleMs }) => id === checkpointId && visibleMs <= nowMs())
    return fitting.map((one) => ({
      id: `b-${one.id}`,
      checkpoint_id: one.id,
      name: `${one.name}_0001`,
      resource_id: SERVER,
      resource_name: 'web-01',
      status: statusOf(one),
    }))
  }

  const statusOf = ({ endsMs, fails }: Started) =>
    nowMs() < endsMs ? 'protecting' : fails ? 'error' : 'available'

  const send: Send = async (request) => (request.method === 'POST' ? post(request) : get(request))

  return {
    send,
    started,
    /** From now on everything is answered at once, and well. */
    calm: () => {
      isCalm = true
    },
  }
}

/** Some logs name the backup, others only the checkpoint, if that can be asked. */
function logOf({ id, name, visibleMs, loggedMs }: Started) {
  const backup = id < '8' || visibleMs > loggedMs ? { backup_id: `b-${id}`, backup_name: `${name}_0001` } : {}
  return { id: `l-${id}`, operation_type: 'backup', checkpoint_id: id, extra_info: { backup } }
}

function answerFor({ id, name, vaultId }: Started, status: string) {
  const vault = { id: vaultId, resources: [{ id: SERVER }], skipped_resources: [] }
  return { checkpoint: { id, status, vault, extra_info: { name } } }
}

/** What a sender meets whose connection broke, before the request can have left or after. */
export function broken(sent: 'no' | 'maybe'): Fault {
  const code = sent === 'no' ? 'ECONNREFUSED' : 'ECONNRESET'
  return unreachable('cbr', new TransportFailure(code, 'connection broken', sent))
}
