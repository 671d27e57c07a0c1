// A CBR of so many backups that costs next to nothing: rows are told from their number, so a page is one join of texts.
// Forked by audit-cost.ts: node test/bench/page-server.ts '{"backups":100000,"isZipped":false,"latencyMs":0}'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

const PROJECT_ID = '0123456789abcdef0123456789abcdef'
const DAY_US = 86_400_000_000
/** One a day. */
const BACKUPS_PER_RESOURCE = 12
const RESOURCES_PER_VAULT = 100

interface Options {
  readonly backups: number
  readonly isZipped: boolean
  /** How long each answer is held back. */
  readonly latencyMs: number
}

const { backups, isZipped, latencyMs } = JSON.parse(process.argv[2] ?? '{}') as Options
const newestUs = Math.floor(Date.now() / 1000) * 1_000_000 - 3_600_000_000
const stepUs = Math.floor((BACKUPS_PER_RESOURCE * DAY_US) / backups)
const oldestUs = newestUs - stepUs * (backups - 1)
const resources = Math.ceil(backups / BACKUPS_PER_RESOURCE)
const vaults = Math.ceil(resources / RESOURCES_PER_VAULT)
let requests = 0

const server = createServer((incoming, response) => {
  requests += 1
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://server')
  const text = answer(pathname, searchParams)
  const zips = isZipped && /\bgzip\b/.test(incoming.headers['accept-encoding'] ?? '')
  const body = zips ? gzipSync(text, { level: 1 }) : Buffer.from(text, 'latin1')
  const send = () => {
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': body.length,
      ...(zips && { 'content-encoding': 'gzip' }),
    })
    response.end(body)
  }
  if (latencyMs > 0) setTimeout(send, latencyMs)
  else send()
})

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.send?.({ endpoint: `http://127.0.0.1:${port}`, projectId: PROJECT_ID })
})

// Whoever forked it may be killed.
process.on('disconnect', () => process.exit())

process.on('message', () => {
  process.send?.({ requests })
  requests = 0
})

function answer(path: string, query: URLSearchParams): string {
  if (path.endsWith('/backups')) return answerBackups(query)
  if (path.endsWith('/vaults')) return answerList('vaults', vaults, writeVault, query)
  return '{"policies":[],"count":0}'
}

/** Both ends of a time filter are inside, in microseconds. */
function answerBackups(query: URLSearchParams): string {
  const first = Math.max(0, Math.ceil((timeOf(query.get('start_time'), oldestUs) - oldestUs) / stepUs))
  const last = Math.min(
    backups - 1,
    Math.floor((timeOf(query.get('end_time'), newestUs) - oldestUs) / stepUs),
  )
  const isRising = query.get('sort') === 'created_at:asc'
  const [count, offset, limit] = [
    Math.max(0, last - first + 1),
    numberOf(query, 'offset', 0),
    numberOf(query, 'limit', 1000),
  ]
  const rows: string[] = []
  for (let at = offset; at < Math.min(count, offset + limit); at += 1)
    rows.push(writeBackup(isRising ? first + at : last - at))
  return `{"backups":[${rows.join(',')}],"count":${count},"offset":${offset},"limit":${limit}}`
}

function answerList(
  key: string,
  count: number,
  write: (index: number) => string,
  query: URLSearchParams,
): string {
  const [offset, limit] = [numberOf(query, 'offset', 0), numberOf(query, 'limit', 1000)]
  const rows = Array.from({ length: Math.max(0, Math.min(count - offset, limit)) }, (_, at) =>
    write(offset + at),
  )
  return `{"${key}":[${rows.join(',')}],"count":${count}}`
}

/** Of a hundred backups two have failed, two have outlived their expiry and three lack a copy. */
function writeBackup(index: number): string {
  const createdUs = oldestUs + index * stepUs
  const resource = index % resources
  const vaultId = idOf('7a', resource % vaults)
  const id = idOf('b0', index)
  const createdAt = stampOf(createdUs)
  const kind = (index * 37) % 100
  const expiredAt = stampOf(kind < 2 ? createdUs + 60_000_000 : newestUs + 30 * DAY_US)
  const status = kind === 2 || kind === 3 ? 'error' : 'available'
  const copy = kind > 3 && kind < 7 ? 'fail' : 'success'
  return `{"checkpoint_id":"${idOf('c0', index)}","created_at":"${createdAt}","description":"","expired_at":"${expiredAt}","extend_info":{"auto_trigger":true,"bootable":null,"os_images_data":null,"progress":null,"snapshot_id":null,"support_lld":true,"supported_restore_mode":"backup","system_disk":false,"is_multi_az":false,"encrypted_algorithm":null,"is_dec":false,"app_consistency":{"app_consistency":"0","app_consistency_status":"0","app_consistency_error_code":"0","app_consistency_error_message":""},"contain_system_disk":true,"encrypted":false,"architecture":"x86_64"},"id":"${id}","image_type":"backup","incremental":true,"name":"autobk_${index}_resource-${resource}","parent_id":null,"project_id":"${PROJECT_ID}","protected_at":"${createdAt}","provider_id":"0daac4c5-6707-4851-97ba-169e36266b66","resource_az":"cn-north-4a","resource_id":"${idOf('ee', resource)}","resource_name":"resource-${resource}","scheduled_operation_id":null,"resource_size":40,"resource_type":"OS::Nova::Server","status":"${status}","updated_at":"${createdAt}","vault_id":"${vaultId}","version":3,"children":[],"replication_records":[{"id":"${idOf('d0', index)}","status":"${copy}","created_at":"${createdAt}","source_backup_id":"${id}","source_checkpoint_id":"${idOf('c0', index)}","source_project_id":"${PROJECT_ID}","source_region":"cn-north-4","vault_id":"${vaultId}","destination_backup_id":"${idOf('d1', index)}","destination_checkpoint_id":"${idOf('d2', index)}","destination_project_id":"fedcba9876543210fedcba9876543210","destination_region":"ap-southeast-1","destination_vault_id":"${idOf('7b', resource % vaults)}","extra_info":{"progress":100,"fail_code":"","fail_reason":"","auto_trigger":true,"destinatio_vault_id":"${idOf('7b', resource % vaults)}"}}]}`
}

function writeVault(index: number): string {
  const held: string[] = []
  for (let resource = index; resource < resources; resource += vaults)
    held.push(
      `{"id":"${idOf('ee', resource)}","name":"resource-${resource}","type":"OS::Nova::Server","protect_status":"available","size":40,"extra_info":{"exclude_volumes":[]}}`,
    )
  return `{"id":"${idOf('7a', index)}","name":"vault-${index}","enterprise_project_id":"0","resources":[${held.join(',')}]}`
}

function idOf(kind: string, index: number): string {
  const digits = ((index * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0')
  return `${digits}-5a${kind}-4${kind}9-8f${kind}-${index.toString(16).padStart(12, '0')}`
}

/** As CBR writes them: microseconds, no zone. */
function stampOf(us: number): string {
  return `${new Date(Math.floor(us / 1000)).toISOString().slice(0, -1)}${String(us % 1000).padStart(3, '0')}`
}

function timeOf(stamp: string | null, otherwise: number): number {
  return stamp === null ? otherwise : Date.parse(stamp) * 1000
}

function numberOf(query: URLSearchParams, name: string, otherwise: number): number {
  return Number(query.get(name) ?? otherwise)
}
