import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { Fault } from '../../../lib/errors.ts'
import type { Request } from '../../../lib/huawei/http.ts'
import { createSend, type SendOptions, type Transport } from '../../../lib/huawei/send.ts'
import { mayHaveBeenCarriedOut, transportFailureOf } from '../../../lib/huawei/transport-failure.ts'
import { createIdentity } from '../../support/certificate.ts'
import {
  type Act,
  answering,
  cuttingOff,
  type FaultServer,
  resetting,
  resettingAfter,
  stalling,
  stallingAfter,
  startFaultServer,
} from '../../support/fault-server.ts'

const FUTURE = new Date(Date.UTC(2099, 0))
const open: { close: () => unknown }[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

describe('send', () => {
  it('gives the whole answer: status, headers in lower case, body', async () => {
    const { send, server } = await start([answering(200, { a: 1 }, { 'X-Request-Id': 'r1' })])
    const response = await send(
      get(server.origin, {
        query: [
          ['status', 'a b'],
          ['limit', '2'],
        ],
      }),
    )
    expect(response.status).toBe(200)
    expect(response.headers['x-request-id']).toBe('r1')
    expect(response.body.toString()).toBe('{"a":1}')
    expect(server.seen[0]).toMatchObject({
      method: 'GET',
      url: '/v3/p/backups?limit=2&status=a%20b',
      headers: { 'accept-encoding': 'gzip' },
      body: '',
    })
  })

  it('sends the body it was given, with its length in bytes', async () => {
    const { send, server } = await start([answering(200)])
    await send({ ...get(server.origin), method: 'POST', body: '{"name":"备份"}' })
    expect(server.seen[0]).toMatchObject({ body: '{"name":"备份"}', headers: { 'content-length': '17' } })
  })

  it('unzips, and keeps connections for the next GET', async () => {
    const zipped = answering(200, gzipSync('{"backups":[]}'), { 'content-encoding': 'gzip' })
    const { send, server } = await start([zipped])
    const bodies = [await send(get(server.origin)), await send(get(server.origin))]
    expect(bodies.map(({ body }) => body.toString())).toEqual(['{"backups":[]}', '{"backups":[]}'])
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 1])
  })

  it('unzips what was zipped in pieces, where the end tells the length of the last one alone', async () => {
    const pieces = [gzipSync('a'.repeat(100_000)), gzipSync('b')]
    const { send, server } = await start([
      answering(200, Buffer.concat(pieces), { 'content-encoding': 'gzip' }),
    ])
    expect((await send(get(server.origin))).body.toString()).toBe(`${'a'.repeat(100_000)}b`)
  })

  it('sends a POST on a connection of its own, never on one that may have gone stale', async () => {
    const { send, server } = await start([answering(200)])
    await send(get(server.origin))
    await send({ ...get(server.origin), method: 'POST', body: '{}' })
    await send(get(server.origin))
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 2, 1])
  })

  it('opens no more connections than allowed', async () => {
    const slow: Act = (response) => void setTimeout(() => response.end('{}'), 5)
    const { send, server } = await start([slow], { maxSockets: 3 })
    await Promise.all(Array.from({ length: 12 }, () => send(get(server.origin))))
    expect(new Set(server.seen.map(({ connection }) => connection)).size).toBe(3)
  })

  it('FLT-001 names the host and keeps the code of a refused connection, and knows that nothing was sent', async () => {
    const { send, server } = await start([])
    await server.close()
    const fault = await faultOf(send(get(server.origin)))
    const { host } = new URL(server.origin)
    expect(fault).toMatchObject({
      code: 'upstream_unavailable',
      message: `Cannot reach ${host}: connection refused (ECONNREFUSED). Check the endpoint, and the network between`,
      cause: { code: 'ECONNREFUSED', sent: 'no', transient: true, cause: { code: 'ECONNREFUSED' } },
    })
    expect(mayHaveBeenCarriedOut(fault)).toBe(false)
  })

  it('knows that nothing was sent to a host that does not exist', async () => {
    const { send } = await start([])
    const fault = await faultOf(send(get('http://no-such-host.invalid')))
    expect(fault.message).toMatch(/^Cannot reach no-such-host\.invalid: .+ \((ENOTFOUND|EAI_AGAIN)\)/)
    expect(transportFailureOf(fault)).toMatchObject({ sent: 'no', transient: true })
  })

  it('knows that nothing was sent where a header cannot be written at all, and does not call it transient', async () => {
    const { send, server } = await start([answering(200)])
    const fault = await faultOf(send(get(server.origin, { headers: { 'x-project-id': 'a\nb' } })))
    expect(transportFailureOf(fault)).toMatchObject({
      code: 'ERR_INVALID_CHAR',
      sent: 'no',
      transient: false,
    })
  })

  it('FLT-002 a reset before any byte of the answer is transient, and leads to a fresh connection', async () => {
    const slow: Act = (response) => void setTimeout(() => response.end('{}'), 5)
    const { send, server } = await start([slow, slow, resetting, answering(200)])
    await Promise.all([send(get(server.origin)), send(get(server.origin))])
    const fault = await faultOf(send(get(server.origin)))
    expect(fault).toMatchObject({
      code: 'upstream_unavailable',
      cause: { code: 'ECONNRESET', sent: 'maybe', transient: true },
    })
    expect(mayHaveBeenCarriedOut(fault)).toBe(true)
    await send(get(server.origin))
    // The other connection, idle since the first calls, was not trusted any more.
    expect(server.seen.at(-1)?.connection).toBe(3)
  })

  const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n'
  it.each<[string, Act]>([
    ['FLT-004 a reset in mid body', resettingAfter(`${head}content-length: 100\r\n\r\n{"backups":[`)],
    ['FLT-005 a body shorter than Content-Length', cuttingOff(`${head}content-length: 100\r\n\r\n{"a":1}`)],
    [
      'FLT-005 a chunked body without its last chunk',
      cuttingOff(`${head}transfer-encoding: chunked\r\n\r\n7\r\n{"a":1}\r\n`),
    ],
    [
      'a zipped body that is cut off',
      answering(200, gzipSync('{"a":1}').subarray(0, 15), { 'content-encoding': 'gzip' }),
    ],
  ])('%s is a transient failure, never half a page', async (_name, act) => {
    const { send, server } = await start([act])
    const fault = await faultOf(send(get(server.origin)))
    expect(fault).toMatchObject({ code: 'upstream_unavailable', cause: { sent: 'maybe', transient: true } })
    expect(fault.message).toMatch(/^Cannot get a whole answer from 127\.0\.0\.1:\d+: /)
  })

  it('a request that waited for a connection in use is not taken for one without a connection', async () => {
    const slow: Act = (response) => void setTimeout(() => response.end('{}'), 800)
    const { send, server } = await start([slow], { maxSockets: 1, connectTimeoutMs: 400 })
    const answers = await Promise.all([1, 2, 3].map(() => send(get(server.origin))))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 1, 1])
  })

  it('FLT-006 a server that accepts and never answers is a timeout', async () => {
    const { send, server } = await start([stalling], { headersTimeoutMs: 30 })
    expect(await faultOf(send(get(server.origin)))).toMatchObject({
      code: 'upstream_timeout',
      cause: { code: 'HEADERS_TIMEOUT', sent: 'maybe', transient: true, message: 'no answer within 0.03 s' },
    })
  })

  it('a body that stops moving is a timeout, however slowly it moved before', async () => {
    const { send, server } = await start([stallingAfter(`${head}content-length: 9\r\n\r\n{`)], {
      idleTimeoutMs: 30,
    })
    expect(await faultOf(send(get(server.origin)))).toMatchObject({
      code: 'upstream_timeout',
      cause: { code: 'IDLE_TIMEOUT', sent: 'maybe' },
    })
  })

  it('FLT-006 a body that dribbles for ever is a timeout, however steadily it moves', async () => {
    const dribbling: Act = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const drops = setInterval(() => response.write(' '), 10)
      response.once('close', () => clearInterval(drops))
    }
    const { send, server, sockets } = await start([dribbling], { idleTimeoutMs: 200, bodyTimeoutMs: 60 })
    expect(await faultOf(send(get(server.origin)))).toMatchObject({
      code: 'upstream_timeout',
      message: expect.stringContaining('no end of the answer within 0.06 s (BODY_TIMEOUT)'),
      cause: { code: 'BODY_TIMEOUT', sent: 'maybe', transient: true },
    })
    await expect.poll(sockets).toBe(0)
  })

  it('a TLS handshake that never ends is a timeout before anything was sent', async () => {
    const { send } = await start([], { connectTimeoutMs: 40 })
    const origin = await listen(createServer(() => {}))
    expect(await faultOf(send(get(`https://${origin}`)))).toMatchObject({
      code: 'upstream_timeout',
      cause: { code: 'CONNECT_TIMEOUT', sent: 'no' },
    })
  })

  describe('FLT-008 TLS', () => {
    const good = createIdentity('127.0.0.1', FUTURE)
    const expired = createIdentity('127.0.0.1', new Date(Date.UTC(2001, 0)))
    const elsewhere = createIdentity('cbr.example.com', FUTURE)

    it('works with a certificate that is trusted', async () => {
      const { send, server } = await start([answering(200)], { ca: good.cert }, good)
      expect((await send(get(server.origin))).status).toBe(200)
    })

    it('gives each its own where many long bodies come at once, on some connections twice', async () => {
      const bodies = Array.from({ length: 12 }, (_, at) => `${at}`.padStart(2, '0').repeat(500_000))
      const acts = [...bodies, ...bodies].map((body) => answering(200, body))
      const { send, server } = await start(acts, { ca: good.cert, maxSockets: 4 }, good)
      const answers = await Promise.all(acts.map(() => send(get(server.origin))))
      const got = answers.map(({ body }) => body.toString()).sort()
      // Not the texts themselves: a difference would fill the screen for minutes.
      expect(got.map((body) => bodies.indexOf(body))).toEqual(bodies.flatMap((_, at) => [at, at]))
    })

    it.each([
      ['an expired certificate', { ca: expired.cert }, expired, 'CERT_HAS_EXPIRED'],
      ['a certificate of another host', { ca: elsewhere.cert }, elsewhere, 'ERR_TLS_CERT_ALTNAME_INVALID'],
      ['a self-signed certificate', {}, good, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
      [
        'TLS 1.1 only',
        { ca: good.cert },
        { ...good, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
        /^E/,
      ],
    ] as const)(
      '%s is refused at once, is not transient, and nothing was sent',
      async (_name, options, tls, code) => {
        const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
        process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
        try {
          const { send, server } = await start([answering(200)], options, tls)
          const fault = await faultOf(send(get(server.origin)))
          expect(fault.message).toMatch(/^Cannot trust 127\.0\.0\.1:\d+: (?!.*error:)[^\n]+$/)
          expect(transportFailureOf(fault)?.code).toMatch(code)
          expect(transportFailureOf(fault)).toMatchObject({ sent: 'no', transient: false })
          expect(server.seen).toEqual([])
        } finally {
          if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
          else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
        }
      },
    )

    it('a server that speaks no TLS is refused the same way', async () => {
      const { send, server } = await start([answering(200)])
      const fault = await faultOf(send(get(server.origin.replace('http', 'https'))))
      const { host } = new URL(server.origin)
      expect(fault.message).toBe(
        `Cannot trust ${host}: what answers there does not speak TLS, so https:// cannot be right (EPROTO). Nothing was sent. Check the endpoint, the clock of this machine and any proxy in between; certificates are never ignored`,
      )
      expect(transportFailureOf(fault)).toMatchObject({ sent: 'no', transient: false })
    })

    it('plain http to a port of TLS, or of anything else, is one plain sentence too', async () => {
      const origin = await listen(createServer((socket) => socket.end('220 mail.example.com\r\n')))
      const { send } = await start([])
      const fault = await faultOf(send(get(`http://${origin}`)))
      expect(fault.message).toMatch(
        /^Cannot get a whole answer from 127\.0\.0\.1:\d+: what answers there speaks no HTTP \(HPE_INVALID_CONSTANT\)\. [^.\n]*$/,
      )
    })
  })

  it('FLT-009 a redirect to another host is not followed', async () => {
    const other = await startFaultServer([answering(200)])
    open.push(other)
    const { send, server } = await start([answering(307, '', { location: `${other.origin}/` })])
    expect((await send(get(server.origin))).status).toBe(307)
    expect(other.seen).toEqual([])
  })

  it('FLT-022 a gzip bomb is stopped at the limit of decoded bytes', async () => {
    const bomb = gzipSync(Buffer.alloc(8 * 2 ** 20))
    const { send, server } = await start([answering(200, bomb, { 'content-encoding': 'gzip' })], {
      maxBodyBytes: 2 ** 20,
    })
    expect(bomb.length).toBeLessThan(10_000)
    expect(await faultOf(send(get(server.origin)))).toMatchObject({
      message: expect.stringContaining('the answer is larger than 1048576 bytes (TOO_LARGE)'),
      cause: { transient: false },
    })
  })

  it('an endless body is stopped at the limit too', async () => {
    const endless: Act = (response) => {
      response.writeHead(200)
      const pour = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        response.once('drain', pour)
      }
      pour()
    }
    const { send, server } = await start([endless], { maxBodyBytes: 2 ** 20 })
    expect(await faultOf(send(get(server.origin)))).toMatchObject({ cause: { code: 'TOO_LARGE' } })
  })

  it('an encoding that was not asked for is an error, not garbage', async () => {
    const { send, server } = await start([answering(200, 'xx', { 'content-encoding': 'br' })])
    expect(await faultOf(send(get(server.origin)))).toMatchObject({ cause: { code: 'UNKNOWN_ENCODING' } })
  })

  it('stops at once when it is cancelled, and says whether the request was on its way', async () => {
    const { send, server } = await start([stalling])
    const early = await faultOf(send(get(server.origin), AbortSignal.abort()))
    expect(transportFailureOf(early)).toMatchObject({ code: 'ABORTED', sent: 'no', transient: false })
    const controller = new AbortController()
    const pending = faultOf(send(get(server.origin), controller.signal))
    while (server.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 2))
    controller.abort()
    expect(transportFailureOf(await pending)).toMatchObject({ code: 'ABORTED', sent: 'maybe' })
  })

  it('bodies that stall do not keep others waiting, and one that breaks off while it waits is told so', async () => {
    const stalled = stallingAfter(`${head}content-length: 99999\r\n\r\n{`)
    const acts = [
      stalled,
      stalled,
      stalled,
      stalled,
      resettingAfter(`${head}content-length: 99999\r\n\r\n{`),
      answering(200),
    ]
    const { send, server } = await start(acts, { idleTimeoutMs: 1500 })
    const pending: Promise<unknown>[] = []
    while (pending.length < acts.length - 1) {
      pending.push(faultOf(send(get(server.origin))))
      while (server.seen.length < pending.length) await new Promise((resolve) => setTimeout(resolve, 2))
    }
    const startedMs = performance.now()
    expect((await send(get(server.origin))).status).toBe(200)
    expect(performance.now() - startedMs).toBeLessThan(1000)
    const codes = (await Promise.all(pending)).map((fault) => transportFailureOf(fault)?.code)
    expect(codes).toEqual([...Array(4).fill('IDLE_TIMEOUT'), 'ECONNRESET'])
  })

  it('leaves no listener on a signal that outlives the request', async () => {
    const { send, server } = await start([answering(200)])
    const { signal } = new AbortController()
    let listeners = 0
    const { addEventListener, removeEventListener } = signal
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners += 1
      addEventListener.apply(signal, args)
    }
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners -= 1
      removeEventListener.apply(signal, args)
    }
    await send(get(server.origin), signal)
    expect(listeners).toBe(0)
  })

  it('once closed keeps no connection open', async () => {
    const { transport, server, sockets } = await start([answering(200)])
    await transport.send(get(server.origin))
    expect(sockets()).toBe(1)
    transport.close()
    await expect.poll(sockets).toBe(0)
  })
})

function get(origin: string, more: Partial<Request> = {}): Request {
  return { method: 'GET', origin, path: '/v3/p/backups', query: [], headers: {}, ...more }
}

async function start(
  acts: readonly Act[],
  options: SendOptions = {},
  tls?: Parameters<typeof startFaultServer>[1],
): Promise<Transport & { transport: Transport; server: FaultServer; sockets: () => number }> {
  const server = await startFaultServer(acts, tls)
  const transport = createSend(options)
  open.push(transport, server)
  return { ...transport, transport, server, sockets: server.connections }
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(server)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('Cannot learn the port')
  return `127.0.0.1:${address.port}`
}

async function faultOf(pending: Promise<unknown>): Promise<Fault> {
  const error = await pending.then(
    () => new Error('Expected a fault, got an answer'),
    (reason: unknown) => reason,
  )
  if (error instanceof Fault) return error
  throw error
}
