import { describe, expect, it } from 'vitest'
import { VAULT_ID } from '../local/emulator/fleet-of.ts'
import { withDoor } from '../support/door.ts'
import { type Act, answering, startFaultServer } from '../support/fault-server.ts'
import { textAt } from '../support/json.ts'

const BODY = { checkpoint: { vault_id: VAULT_ID } }
const HTML = { 'content-type': 'text/html' }

/** Orders a checkpoint twice in the name of a user whose login ends so; nothing of it must reach CBR. */
async function orderTwice(login: Act) {
  const iam = await startFaultServer([login])
  const environment = {
    HUAWEICLOUD_SDK_AK: undefined,
    HUAWEICLOUD_SDK_SK: undefined,
    HUAWEICLOUD_SDK_SECURITY_TOKEN: undefined,
    HUAWEICLOUD_USERNAME: 'ann',
    HUAWEICLOUD_PASSWORD: 'pw',
    HUAWEICLOUD_DOMAIN_NAME: 'acme',
    AUDIT_TARGETS: 'cn-north-4:p1',
    HUAWEICLOUD_SDK_REGION_IAM_CN_NORTH_4: iam.origin,
  }
  try {
    return await withDoor({ environment }, async ({ call, posts }) => {
      const order = () => call('POST /checkpoints', { body: BODY, headers: { 'idempotency-key': 'k' } })
      const first = await order()
      const logins = iam.seen.length
      const second = await order()
      const standing = await call(`GET ${first.headers['operation']}`)
      return {
        answers: [first, second].map(({ status, body }) => [status, textAt(body, 'code')]),
        wasTriedAgain: iam.seen.length > logins,
        state: textAt(standing.body, 'state'),
        posts: posts(),
      }
    })
  } finally {
    await iam.close()
  }
}

describe('an order for which nobody can log in', () => {
  it.each([
    [
      '503',
      answering(503, '{"error":{"code":503,"message":"no","title":"Unavailable"}}'),
      503,
      'upstream_unavailable',
    ],
    ['404 of a proxy', answering(404, '<html>not here</html>', HTML), 502, 'upstream_refused'],
    [
      '400 of IAM',
      answering(400, '{"error":{"code":400,"message":"no","title":"Bad Request"}}'),
      502,
      'upstream_refused',
    ],
  ])('waits, and is sent once that is possible: %s', async (_, login, status, code) => {
    expect(await orderTwice(login)).toEqual({
      answers: [
        [status, code],
        [status, code],
      ],
      wasTriedAgain: true,
      state: 'waiting',
      posts: 0,
    })
  })
})
