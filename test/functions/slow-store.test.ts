import { afterAll, beforeAll, expect, it } from 'vitest'
import { readConfig } from '../../lib/runtime/config.ts'
import { httpFunction } from '../../lib/runtime/http.ts'
import { createServices, FOR_REQUESTS, type Services } from '../../lib/runtime/services.ts'
import { auditRoutes } from '../../lib/workflow/audit-routes.ts'
import { readJson } from '../support/json.ts'
import { type S3ForTests, startS3ForTests } from '../support/s3.ts'

let s3: S3ForTests
let services: Services

beforeAll(async () => {
  s3 = await startS3ForTests()
  for (const [name, value] of Object.entries(s3.env)) process.env[name] = value
  const keys = { HUAWEICLOUD_SDK_AK: 'ak', HUAWEICLOUD_SDK_SK: 'sk', AUDIT_TARGETS: 'cn-north-4:p1' }
  services = createServices(readConfig({ ...keys, ...s3.env }), FOR_REQUESTS)
  s3.server.fail = () => 'hang'
})

afterAll(async () => {
  services.close()
  for (const name of Object.keys(s3.env)) delete process.env[name]
  await s3.server.stop()
})

it('a store that accepts and never answers is unavailable before the time of the function is over', async () => {
  const startedMs = performance.now()
  const event = { rawPath: '/audits/latest', headers: {}, requestContext: { http: { method: 'GET' } } }
  const answer = await httpFunction(services, auditRoutes)(event, { getRemainingTimeInMillis: () => 4000 })
  expect([answer.statusCode, readJson(answer.body)['code']]).toEqual([503, 'unavailable'])
  expect(performance.now() - startedMs).toBeLessThan(4000)
})
