import { join } from 'node:path'
import { Fault } from '../../lib/errors.ts'
import { measure } from './measure.ts'
import type { Manner } from './server/page-server-protocol.ts'
import type { PageServer } from './server/start-page-server.ts'
import type { Run } from './take-turns.ts'

/** Runs one of the scripts in `client`, which print how many backups they saw; throws where that is not all of them. */
export async function runScript(
  script: string,
  parameters: readonly string[],
  { server, manner, backups }: { server: PageServer; manner: Manner; backups: number },
): Promise<Run> {
  await server.behave(manner)
  const path = join(import.meta.dirname, 'client', script)
  const { printed, ...cost } = await measure([path, server.endpoint, server.projectId, ...parameters])
  if (Number(printed) !== backups)
    throw new Fault('internal', `${script} saw ${printed.trim()} of ${backups} backups`)
  return { ...cost, calls: await server.behave(manner) }
}
