// The least that reading the backup records of all DCS instances costs in Node: node:http, JSON.parse, count. One page of
// instances, one of records for each, eight at a time.
// node test/bench/client/dcs-floor.mjs ENDPOINT PROJECT_ID
import http from 'node:http'

const LIMIT = 1000
const AT_ONCE = 8
const [endpoint, projectId] = process.argv.slice(2)
const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE })
const ids = []
let seen = 0

for (;;) {
  const { instances } = await read(`instances?limit=${LIMIT}&offset=${ids.length}`)
  for (const { instance_id } of instances) ids.push(instance_id)
  if (instances.length < LIMIT) break
}
const left = [...ids]
const work = async () => {
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    const { backup_record_response: records } = await read(`instances/${id}/backups?limit=${LIMIT}`)
    seen += records.length
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work))
agent.destroy()
process.stdout.write(`${seen}\n`)

function read(path) {
  return new Promise((resolve, reject) => {
    http
      .get(`${endpoint}/v2/${projectId}/${path}`, { agent }, (incoming) => {
        const chunks = []
        incoming.on('data', (chunk) => chunks.push(chunk))
        incoming.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8'))))
        incoming.on('error', reject)
      })
      .on('error', reject)
  })
}
