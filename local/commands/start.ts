import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createCheckpointRoutes } from '../../functions/create-checkpoint.ts'
import { listBackupsRoutes } from '../../functions/list-backups.ts'
import { describeMistake, Fault, type Mistake } from '../../lib/errors.ts'
import { gatherConfig, readConfig } from '../../lib/runtime/config.ts'
import type { Environment } from '../../lib/runtime/environment.ts'
import { httpFunction } from '../../lib/runtime/http.ts'
import type { Log } from '../../lib/runtime/log.ts'
import { createServices, FOR_AUDITS, FOR_REQUESTS, type Services, world } from '../../lib/runtime/services.ts'
import { endWithoutReport } from '../../lib/workflow/audit-fate.ts'
import { takeOnce } from '../../lib/workflow/audit-inbox.ts'
import { auditRoutes } from '../../lib/workflow/audit-routes.ts'
import { type Emulator, startEmulator } from '../emulator/server.ts'
import { describeFlags, type Flags, readFlags } from '../flags.ts'
import { createHttpApi } from '../http.ts'
import { watchInbox } from '../inbox.ts'
import { checkPolicy } from './check-policy.ts'
import { emulatorEnvironment } from './emulator-environment.ts'

const START_FLAGS = { help: { takes: 'nothing', says: 'This text.' } } as const satisfies Flags

const ROUTES = { ...listBackupsRoutes, ...createCheckpointRoutes, ...auditRoutes }

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
  const { values, mistakes: flagMistakes } = readFlags(argv, START_FLAGS)
  if (values.has('help')) {
    process.stdout.write(HELP)
    return 0
  }
  const mistakes: Mistake[] = [...flagMistakes]
  const port = readPort(environment, mistakes)
  const config = gatherConfig(environment, {}, mistakes)
  await checkPolicy(config.policyAddress, 'AUDIT_POLICY', mistakes)
  if (mistakes.length > 0) throw new Fault('invalid_configuration', 'Cannot start', { mistakes })
  const emulator = config.credentials === undefined ? await startEmulator({ now: world.epochMs }) : undefined
  const chosen = emulator === undefined ? config : readConfig(emulatorEnvironment(emulator, environment))
  const services = createServices(chosen, { ...FOR_REQUESTS, log: logLine })
  const auditServices = createServices(chosen, { ...FOR_AUDITS, log: logLine })
  try {
    await serve(services, auditServices, port, emulator)
    return 0
  } finally {
    services.close()
    auditServices.close()
    await emulator?.close()
  }
}

async function serve(
  services: Services,
  auditServices: Services,
  port: number,
  emulator: Emulator | undefined,
): Promise<void> {
  await services.store.probe()
  const store = watchInbox(services.store, (operation) => void carryOut(auditServices, operation))
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
  process.stdout.write(describeStart(`http://127.0.0.1:${opened}`, emulator))
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  server.closeAllConnections()
  server.close()
}

/** On AWS the arrival of the record starts the function; here the same work is done in this process. */
async function carryOut(services: Services, operation: string): Promise<void> {
  process.stderr.write(`audit ${operation} started\n`)
  try {
    const taken = await takeOnce(services, operation)
    const became =
      taken.outcome === 'published'
        ? `${taken.verdict}, ${taken.findings.total} findings, ${taken.report}`
        : taken.outcome
    process.stderr.write(`audit ${operation} ended: ${became}\n`)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const because = [error.message, ...error.mistakes.map(describeMistake)].join('; ')
    process.stderr.write(`audit ${operation} failed: ${because}\n`)
    await endWithoutReport(services.store, operation, because, services.now()).catch(() => {
      // The store is what failed: whoever asks for the audit is told so by the store itself.
    })
  }
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

const logLine: Log = (level, message, { method, route, status, duration_ms, code, target, operation }) => {
  const facts =
    message === 'request' ? [status, route ?? method, `${duration_ms} ms`] : [level, message, target]
  const words = [...facts, operation, code].filter((word) => word !== undefined)
  process.stderr.write(`${words.join(' ')}\n`)
}
