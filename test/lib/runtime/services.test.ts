import { expect, it } from 'vitest'
import { readConfig } from '../../../lib/runtime/config.ts'
import { createServices, FOR_REQUESTS } from '../../../lib/runtime/services.ts'
import { answering, startFaultServer } from '../../support/fault-server.ts'
import { listBackups } from '../../support/responses.ts'

it('asks IAM about the account that the environment names', async () => {
  const server = await startFaultServer([answering(200, {})])
  const services = createServices(
    readConfig({
      HUAWEICLOUD_SDK_AK: 'AK',
      HUAWEICLOUD_SDK_SK: 'SK',
      HUAWEICLOUD_SDK_DOMAIN_ID: 'account-1',
      AUDIT_TARGETS: 'cn-north-4',
      REPORT_STORE: 'file:unused',
    }),
    FOR_REQUESTS,
  )
  const send = services.sendTo('cn-north-4')
  await send(listBackups({ origin: server.origin, path: '/v3/projects', headers: {} }))
  expect(server.seen[0]?.headers['x-domain-id']).toBe('account-1')
  services.close()
  await server.close()
})
