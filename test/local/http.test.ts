import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { createHttpApi } from '../../local/http.ts'

it('joins headers that come twice with a comma, as the gateway does', async () => {
  const events: unknown[] = []
  const api = createHttpApi(
    async (event) => {
      events.push(event)
      return { statusCode: 200, headers: {}, body: '{}' }
    },
    () => 'request',
  )
  await once(api.listen(0, '127.0.0.1'), 'listening')
  const { port } = api.address() as AddressInfo
  const headers = [
    ...['host', '127.0.0.1', 'content-type', 'application/json', 'content-type', 'text/plain'],
    ...['idempotency-key', 'one', 'idempotency-key', 'another'],
  ]
  const [response] = await once(
    request({ port, host: '127.0.0.1', method: 'POST', headers }).end(),
    'response',
  )
  response.resume()
  api.close()
  expect(events).toMatchObject([
    {
      headers: {
        'content-type': 'application/json,text/plain',
        'idempotency-key': 'one,another',
      },
    },
  ])
})
