import { describe, expect, it } from 'vitest'
import { Fault } from '../../../lib/errors.ts'
import type { HttpContext } from '../../../lib/runtime/budget.ts'
import { httpFunction, type Routes } from '../../../lib/runtime/http.ts'
import type { LogFields } from '../../../lib/runtime/log.ts'
import { readJson } from '../../support/json.ts'

/** Runs one event through the stack over these routes. */
async function run(
  routes: Routes<Parameters<typeof httpFunction>[0]>,
  change: object = {},
  context?: HttpContext,
) {
  const logged: Partial<LogFields>[] = []
  const services = {
    log: (level: string, _: string, fields: Partial<LogFields>) =>
      void logged.push({ ...fields, ...{ level } }),
    nowMs: () => performance.now(),
    randomHex: (bytes: number) => 'ab'.repeat(bytes),
  }
  const event = {
    rawPath: '/x/1',
    requestContext: { http: { method: 'get' }, requestId: 'id-1', stage: '$default' },
    ...change,
  }
  const result = await httpFunction(services, routes)(event, context)
  return { ...result, body: readJson(result.body), logged }
}

const ROUTES: Routes<unknown> = {
  'GET /x/{id}': async (_, { params, query }) => ({ status: 200, body: JSON.stringify({ params, query }) }),
}

describe('httpFunction', () => {
  it('hands over what stands in the path and in the query', async () => {
    const heard = await run(ROUTES, { rawPath: '/x/a%2Fb', rawQueryString: 'a=1&a=%C3%A9+x&b&=c' })
    expect(heard).toMatchObject({
      statusCode: 200,
      headers: { 'x-request-id': 'id-1', 'cache-control': 'no-store' },
      body: {
        params: { id: 'a/b' },
        query: [
          ['a', '1'],
          ['a', 'é x'],
          ['b', ''],
          ['', 'c'],
        ],
      },
    })
  })

  it('leaves the stage out of the path', async () => {
    const requestContext = { http: { method: 'GET' }, requestId: 'id-1', stage: 'prod' }
    expect((await run(ROUTES, { rawPath: '/prod/x/1', requestContext })).statusCode).toBe(200)
  })

  it('tells of a defect that it is one, and the log where it is, without its words', async () => {
    const routes = {
      'GET /x/{id}': async () => {
        throw new RangeError('secret-in-a-message')
      },
    }
    const heard = await run(routes)
    expect(heard).toMatchObject({
      statusCode: 500,
      headers: { 'content-type': 'application/problem+json' },
      body: { code: 'internal', request_id: 'id-1' },
      logged: [{ level: 'error', code: 'internal', status: 500, route: 'GET /x/{id}' }],
    })
    expect(heard.logged[0]?.defect).toMatch(/^RangeError \| at .*http\.test\.ts/)
    expect(JSON.stringify(heard)).not.toContain('secret-in-a-message')
    expect(JSON.stringify(heard.body)).not.toContain('http.test.ts')
  })

  it('keeps a wrong configuration to itself', async () => {
    const routes = {
      'GET /x/{id}': async () => {
        throw new Fault('invalid_configuration', 'Cannot use SOME_VARIABLE')
      },
    }
    const heard = await run(routes)
    expect(heard).toMatchObject({ statusCode: 500, body: { code: 'internal' } })
    expect(JSON.stringify(heard.body)).not.toContain('SOME_VARIABLE')
    expect(heard.logged[0]?.code).toBe('invalid_configuration')
  })

  it('sends promised headers with a problem too', async () => {
    const routes: Routes<unknown> = {
      'GET /x/{id}': async (_, { promise }) => {
        promise({ operation: '/y' })
        throw new Fault('upstream_throttled', 'x', { retryAfterMs: 1200 })
      },
    }
    expect(await run(routes)).toMatchObject({
      statusCode: 503,
      headers: { operation: '/y', 'retry-after': '2' },
    })
  })

  it('answers before Lambda ends it, where a store of ours hangs', async () => {
    const routes = { 'GET /x/{id}': () => new Promise<never>(() => {}) }
    const heard = await run(routes, {}, { getRemainingTimeInMillis: () => 520 })
    expect(heard).toMatchObject({ statusCode: 503, body: { code: 'unavailable' } })
  })

  it('answers 500 to an event of an HTTP API that it cannot read, under an id of its own', async () => {
    expect(await run(ROUTES, { requestContext: { http: {} } })).toMatchObject({
      statusCode: 500,
      headers: { 'x-request-id': 'ab'.repeat(16) },
      body: { code: 'internal' },
    })
  })

  it('fails at what is no event of an HTTP API, so that whoever invoked it without waiting hears of that', async () => {
    await expect(run(ROUTES, { kind: 'x', requestContext: undefined })).rejects.toMatchObject({
      code: 'invalid_request',
    })
  })
})
