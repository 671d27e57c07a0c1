// The least that reading all backups costs in Node: node:http, JSON.parse, count. No signature, no check, no memory of
// what was seen; pages by offset, eight at a time.
// node test/bench/client/cbr-floor.mjs ENDPOINT PROJECT_ID [PROJECT_ID …]
import http from 'node:http'
import { gunzipSync } from 'node:zlib'

const LIMIT = 1000
const AT_ONCE = 8
const [endpoint, ...projectIds] = process.argv.slice(2)
const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE })
let seen = 0

for (const projectId of projectIds) {
  const { count } = await readPage(projectId, 1, 0)
  let next = 0
  const work = async () => {
    while (next < count) {
      const offset = next
      next += LIMIT
      const { backups } = await readPage(projectId, LIMIT, offset)
      seen += backups.length
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}
agent.destroy()
process.stdout.write(`${seen}\n`)

function readPage(projectId, limit, offset) {
  const url = `${endpoint}/v3/${projectId}/backups?limit=${limit}&offset=${offset}&show_replication=true&sort=created_at:asc`
  return new Promise((resolve, reject) => {
    http
      .get(url, { agent, headers: { 'accept-encoding': 'gzip' } }, (incoming) => {
        const chunks = []
        incoming.on('data', (chunk) => chunks.push(chunk))
        incoming.on('end', () => {
          const sent = Buffer.concat(chunks)
          const body = incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent
          resolve(JSON.parse(body.toString('utf8')))
        })
        incoming.on('error', reject)
      })
      .on('error', reject)
  })
}
