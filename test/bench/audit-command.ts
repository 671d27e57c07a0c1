import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault } from '../../lib/errors.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { measure } from './measure.ts'
import type { Manner } from './server/page-server-protocol.ts'
import type { PageServer } from './server/start-page-server.ts'
import type { Run } from './take-turns.ts'

/** What `npm run audit` runs, flags of Node included. */
const COMMAND = packageJson.scripts.audit.split(' ').slice(1)

/** What is audited, and where the report goes: into a folder that is removed afterwards unless told. */
export interface AuditJob {
  readonly server: PageServer
  readonly manner: Manner
  readonly services: readonly ('cbr' | 'dcs')[]
  /** How many backups there are to see. */
  readonly backups: number
  readonly store?: string
  readonly environment?: NodeJS.ProcessEnv
}

/** The part of its summary by which an audit is believed. */
interface Told {
  readonly verdict: string
  readonly targets: readonly { readonly distinct: number }[]
}

/** Runs the audit as a person does, all files written; throws where it did not see every backup. */
export async function runAudit(job: AuditJob): Promise<Run> {
  const { server, manner, services, backups } = job
  const folder = await mkdtemp(join(tmpdir(), 'bench-audit-'))
  try {
    await server.behave(manner)
    const { printed, ...cost } = await measure(
      [
        ...COMMAND,
        ...['--service', services.join(','), '--target', `cn-north-4:${server.projectId}`],
        ...['--store', job.store ?? `file:${folder}`, '--previous', 'none', '--quiet', '--json'],
      ],
      { ...environmentFor(server), ...job.environment },
    )
    const { verdict, targets }: Told = JSON.parse(printed)
    const seen = targets.reduce((sum, { distinct }) => sum + distinct, 0)
    if (verdict !== 'complete' || seen !== backups)
      throw new Fault('internal', `The audit saw ${seen} of ${backups} backups, and calls that ${verdict}`)
    return { ...cost, calls: await server.behave(manner) }
  } finally {
    await rm(folder, { recursive: true })
  }
}

function environmentFor({ endpoint }: PageServer): NodeJS.ProcessEnv {
  return {
    HUAWEICLOUD_SDK_AK: 'bench',
    HUAWEICLOUD_SDK_SK: 'not-a-secret',
    HUAWEICLOUD_SDK_REGION_CBR_CN_NORTH_4: endpoint,
    HUAWEICLOUD_SDK_REGION_DCS_CN_NORTH_4: endpoint,
  }
}
