// What a script on Huawei's own SDK does: one page after the other until all that were counted are there.
// node test/bench/client/sdk.mjs ENDPOINT PROJECT_ID LIMIT
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { BasicCredentials } = require('@huaweicloud/huaweicloud-sdk-core')
const { ClientBuilder } = require('@huaweicloud/huaweicloud-sdk-core/ClientBuilder')

const [endpoint, projectId, limit] = process.argv.slice(2)
const client = new ClientBuilder((hcClient) => hcClient)
  .withCredential(new BasicCredentials().withAk('bench').withSk('not-a-secret').withProjectId(projectId))
  .withEndpoint(endpoint)
  .build()
let seen = 0

for (let offset = 0; ; offset += Number(limit)) {
  const { backups, count } = await client.sendRequest({
    method: 'GET',
    url: '/v3/{project_id}/backups',
    contentType: 'application/json',
    queryParams: { limit: Number(limit), offset, show_replication: true },
    pathParams: { project_id: projectId },
    headers: {},
  })
  seen += backups.length
  if (backups.length === 0 || seen >= count) break
}
process.stdout.write(`${seen}\n`)
