// What an audit costs beside the least that reading the same backups costs, and beside Huawei's own SDK.
// npm run bench -- [--backups 10000,100000] [--runs 5] [--latency-ms 0,200] [--zipped]
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import packageJson from '../../package.json' with { type: 'json' }
import { type Cost, measure } from './measure.ts'

interface Contender {
  readonly name: string
  readonly run: () => Promise<Cost>
}

interface Result extends Cost {
  readonly requests: number
}

const HERE = import.meta.dirname
/** What `npm run audit` runs, flags of Node included. */
const AUDIT_COMMAND = packageJson.scripts.audit.split(' ').slice(1)
const { values } = parseArgs({
  options: {
    backups: { type: 'string', default: '10000,100000' },
    runs: { type: 'string', default: '5' },
    'latency-ms': { type: 'string', default: '0' },
    zipped: { type: 'boolean', default: false },
  },
})
const runs = Number(values.runs)

console.log(
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}; ` +
    `medians of ${runs} interleaved runs (least–most), whole processes with their start; pages ${values.zipped ? 'zipped where asked for' : 'not zipped'}\n`,
)
console.log('| backups | latency | what | CPU s | × floor | wall s | peak MB | requests |')
console.log('| ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |')
for (const backups of values.backups.split(',').map(Number))
  for (const latencyMs of values['latency-ms'].split(',').map(Number)) await compare(backups, latencyMs)

async function compare(backups: number, latencyMs: number): Promise<void> {
  const { server, endpoint, projectId } = await startServer(backups, latencyMs)
  const reports = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    const contenders = contendersFor(endpoint, projectId, reports)
    const results = new Map<string, Result[]>()
    for (let run = 0; run < runs; run += 1)
      for (const { name, run: once } of contenders) {
        await requestsOf(server)
        const cost = await once()
        results.set(name, [...(results.get(name) ?? []), { ...cost, requests: await requestsOf(server) }])
      }
    const floor = median(results.get('floor') ?? [], 'cpuSeconds')
    for (const [name, list] of results)
      console.log(rowOf([backups.toLocaleString('en-US'), `${latencyMs} ms`, name], list, floor))
  } finally {
    server.kill()
    rmSync(reports, { recursive: true })
  }
}

function contendersFor(endpoint: string, projectId: string, reports: string): readonly Contender[] {
  const sdk = (limit: number): Contender => ({
    name: `Huawei SDK, limit ${limit}`,
    run: () => measure([join(HERE, 'sdk.mjs'), endpoint, projectId, String(limit)]),
  })
  const auditArgv = [
    ...AUDIT_COMMAND,
    ...['--service', 'cbr', '--target', `cn-north-4:${projectId}`],
    ...['--store', `file:${reports}`, '--previous', 'none', '--quiet'],
  ]
  const environment = {
    HUAWEICLOUD_SDK_AK: 'bench',
    HUAWEICLOUD_SDK_SK: 'not-a-secret',
    HUAWEICLOUD_SDK_REGION_CBR_CN_NORTH_4: endpoint,
  }
  return [
    { name: 'floor', run: () => measure([join(HERE, 'floor.mjs'), endpoint, projectId]) },
    { name: 'audit', run: () => measure(auditArgv, environment) },
    sdk(1000),
    sdk(100),
  ]
}

async function startServer(backups: number, latencyMs: number) {
  const server = fork(join(HERE, 'page-server.ts'), [
    JSON.stringify({ backups, isZipped: values.zipped, latencyMs }),
  ])
  const [{ endpoint, projectId }] = (await once(server, 'message')) as [
    { endpoint: string; projectId: string },
  ]
  return { server, endpoint, projectId }
}

/** The requests since this was asked last. */
async function requestsOf(server: ChildProcess): Promise<number> {
  server.send('requests')
  const [{ requests }] = (await once(server, 'message')) as [{ requests: number }]
  return requests
}

function rowOf(about: readonly string[], results: readonly Result[], floorSeconds: number): string {
  const cpuSeconds = median(results, 'cpuSeconds')
  const all = results.map((result) => result.cpuSeconds)
  const cells = [
    ...about,
    `${cpuSeconds.toFixed(2)} (${Math.min(...all).toFixed(2)}–${Math.max(...all).toFixed(2)})`,
    (cpuSeconds / floorSeconds).toFixed(2),
    median(results, 'wallSeconds').toFixed(2),
    median(results, 'peakMb').toFixed(0),
    median(results, 'requests'),
  ]
  return `| ${cells.join(' | ')} |`
}

function median(results: readonly Result[], key: keyof Result): number {
  const sorted = results.map((result) => result[key]).sort((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
