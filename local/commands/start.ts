import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createCheckpointRoutes } from '../../functions/create-checkpoint.ts'
import { listBackupsRoutes } from '../../functions/list-backups.ts'
import type { Policy } from '../../lib/audit/policy.ts'
import { Fault, type Mistake } from '../../lib/errors.ts'
import { gatherConfig } from '../../lib/runtime/config.ts'
import type { Environment } from '../../lib/runtime/environment.ts'
import { httpFunction } from '../../lib/runtime/http.ts'
import type { Log } from '../../lib/runtime/log.ts'
import { FOR_AUDITS, FOR_REQUESTS, type Services, world } from '../../lib/runtime/services.ts'
import { alertRoutes } from '../../lib/workflow/alert-routes.ts'
import { auditRoutes } from '../../lib/workflow/audit-routes.ts'
import { policyOf } from '../../lib/workflow/held-policy.ts'
import { warnOfRules } from '../../lib/workflow/rule-reach.ts'
import { createBackground } from '../background.ts'
import { type Cloud, openCloud } from '../cloud.ts'
import type { Emulator } from '../emulator/server.ts'
import { describeFlags, type Flags, readFlags } from '../flags.ts'
import { createHttpApi } from '../http.ts'
import { watchInbox } from '../inbox.ts'
import { checkPolicy } from './check-policy.ts'

const START_FLAGS = { help: { takes: 'nothing', says: 'This text.' } } as const satisfies Flags

const ROUTES = { ...listBackupsRoutes, ...createCheckpointRoutes, ...auditRoutes, ...alertRoutes }

const HELP = `Usage: npm start

Serves the deployed functions on http://127.0.0.1:3000 (another port: PORT=3001
npm start). Without credentials the built-in emulator is behind them. Nothing
but this machine can reach it, and nobody is asked who he is.

${describeFlags(START_FLAGS)}

Routes
${Object.keys(ROUTES)
  .map((route) => `  ${route}`)
  .join('\n')}
`

/** Serves the functions behind a local HTTP API until it is interrupted. */
export async function start(argv: readonly string[], environment: Environment): Promise<number> {
  const { values, mistakes: flagMistakes } = readFlags(argv, START_FLAGS, environment)
  if (values.has('help')) {
    process.stdout.write(HELP)
    return 0
  }
  const mistakes: Mistake[] = [...flagMistakes]
  const port = readPort(environment, mistakes)
  const config = gatherConfig(environment, {}, mistakes)
  await checkPolicy(config.policyAddress, 'AUDIT_POLICY', mistakes)
  if (mistakes.length > 0) throw new Fault('invalid_configuration', 'Cannot start', { mistakes })
  const cloud = await openCloud(config, environment)
  try {
    await serve(cloud, port)
    return 0
  } finally {
    await cloud.close()
  }
}

async function serve(cloud: Cloud, port: number): Promise<void> {
  const services = cloud.open({ ...FOR_REQUESTS, log: logLine })
  const auditServices = cloud.open({ ...FOR_AUDITS, log: logLine })
  await services.store.probe()
  const policy = await policyAtStart(services)
  if (policy !== undefined) warnOfRules(services, policy)
  const background = createBackground(services, auditServices)
  const store = watchInbox(services.store, background.onArrival)
  const server = createHttpApi(httpFunction({ ...services, store }, ROUTES), () => services.randomHex(8))
  server.listen(port, '127.0.0.1')
  const listening = once(server, 'listening')
  await listening.catch((cause: NodeJS.ErrnoException) => {
    const why =
      cause.code === 'EADDRINUSE'
        ? `port ${port} is taken; choose another: PORT=${port + 1} npm start`
        : cause.message
    throw new Fault('invalid_configuration', `Cannot listen on 127.0.0.1: ${why}`, { cause })
  })
  const { port: opened } = server.address() as AddressInfo
  process.stdout.write(describeStart(`http://127.0.0.1:${opened}`, cloud.emulator))
  background.begin()
  await interrupted(background.isAuditing)
  server.closeAllConnections()
  server.close()
  await background.stop()
}

/**
 * The policy, also where it lies in a store; throws where no other try would find it right. One that cannot be reached just
 * now is told of by whoever needs it.
 */
async function policyAtStart(services: Services): Promise<Policy | undefined> {
  try {
    return await policyOf(services)
  } catch (error) {
    if (error instanceof Fault && error.code === 'unavailable') return undefined
    throw error
  }
}

/** npm passes Ctrl-C on to us, who got it from the terminal already: one press arrives twice. */
const ONE_PRESS_MS = 500

/** Resolves at the first signal; at a second one the process ends at once, so that no half audit is ever published. */
function interrupted(isBusy: () => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let firstAtMs: number | undefined
  const hear = () => {
    if (firstAtMs === undefined) {
      firstAtMs = world.nowMs()
      if (isBusy())
        process.stderr.write(
          'Stopping when the running audits have ended. Ctrl-C again: now, without their reports\n',
        )
      resolve()
    } else if (world.nowMs() - firstAtMs > ONE_PRESS_MS) process.exit(130)
  }
  process.on('SIGINT', hear)
  process.on('SIGTERM', hear)
  return promise
}

function readPort(environment: Environment, mistakes: Mistake[]): number {
  const text = environment['PORT'] || '3000'
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    mistakes.push({
      pointer: 'PORT',
      detail: `has ${JSON.stringify(text)}; allowed is a number from 0 to 65535`,
    })
  return port
}

function describeStart(origin: string, emulator: Emulator | undefined): string {
  const vault = emulator?.fleet.projects[0]?.vaults[0]?.id
  return `Listening on ${origin}${emulator === undefined ? '' : ', with the built-in emulator behind it'}. Stop with Ctrl-C.

  curl '${origin}/backups?region=cn-north-4&status=error&limit=3'
  curl -X POST ${origin}/audits
  curl ${origin}/audits/latest
  curl -X POST '${origin}/checkpoints?region=cn-north-4' -H 'content-type: application/json' \\
    -d '{"checkpoint":{"vault_id":"${String(vault ?? 'VAULT_ID')}"}}'

`
}

const logLine: Log = (level, message, fields) => {
  const { method, route, status, duration_ms, code, target, operation, source, alert_id, because } = fields
  const head =
    message === 'request' ? [status, route ?? method, `${duration_ms} ms`] : [level, message, target]
  const reason = because === undefined ? [] : [`(${because})`]
  const words = [...head, source, alert_id, operation, code, ...reason].filter((word) => word !== undefined)
  process.stderr.write(`${words.join(' ')}\n`)
}
