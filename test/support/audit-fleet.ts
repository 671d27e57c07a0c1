import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { Scope } from '../../lib/audit/scope.ts'
import { parseTime } from '../../lib/parse-time.ts'
import { readConfig } from '../../lib/runtime/config.ts'
import { createServices, FOR_AUDITS } from '../../lib/runtime/services.ts'
import { runAudit } from '../../lib/workflow/run-audit.ts'
import { emulatorEnvironment } from '../../local/commands/emulator-environment.ts'
import type { Fleet } from '../../local/emulator/fleet.ts'
import { type EmulatorOptions, startEmulator } from '../../local/emulator/server.ts'
import { type Json, readJson } from './json.ts'

/** What an audit of a fleet delivered, read back from the files of its report. */
export interface DeliveredReport {
  readonly findings: readonly unknown[]
  readonly resources: readonly unknown[]
  readonly summary: Json
  /** Everything in the store, by its key. */
  readonly files: ReadonlyMap<string, string>
}

/** Audits a fleet as a user would, but for the process: over HTTP, through the adapters, into files. */
export async function auditFleet(
  fleet: Fleet,
  asOf: string,
  policy: object = {},
  { scope, ...options }: Partial<EmulatorOptions> & { readonly scope?: Scope } = {},
): Promise<DeliveredReport> {
  const folder = await mkdtemp(join(tmpdir(), 'audit-fleet-'))
  const emulator = await startEmulator({ now: Date.now, fleet, ...options })
  const policyPath = join(folder, 'policy.json')
  await import('node:fs/promises').then(({ writeFile }) => writeFile(policyPath, JSON.stringify(policy)))
  const config = readConfig(
    emulatorEnvironment(emulator, { REPORT_STORE: `file:${folder}/reports`, AUDIT_POLICY: policyPath }),
  )
  const services = createServices(config, FOR_AUDITS)
  try {
    const { summary } = await runAudit(services, {
      services: ['cbr', 'dcs'],
      scope,
      asOf: parseTime(asOf),
      previous: 'none',
      onProgress: () => {},
      onScanned: () => {},
    })
    const rows = async (file: string) =>
      (await readFile(join(summary.report, file), 'utf8'))
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as unknown)
    return {
      findings: await rows('findings.ndjson'),
      resources: await rows('resources.ndjson'),
      summary: readJson(await readFile(join(summary.report, 'summary.json'), 'utf8')),
      files: await filesUnder(join(folder, 'reports')),
    }
  } finally {
    services.close()
    await emulator.close()
    await rm(folder, { recursive: true })
  }
}

async function filesUnder(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')))
  return new Map(paths.map((path, index) => [relative(folder, path), texts[index] ?? '']))
}
