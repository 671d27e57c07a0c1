import { afterEach, describe, expect, it } from 'vitest'
import { createCertificates } from '../../../lib/alerts/certificate.ts'
import { createSend } from '../../../lib/huawei/send.ts'
import { createCertificateFetcher, FOR_CERTIFICATES } from '../../../lib/runtime/certificate-fetcher.ts'
import { createIdentity, createSigner } from '../../support/certificate.ts'
import { type Act, answering, type FaultServer, startFaultServer } from '../../support/fault-server.ts'

const FUTURE = new Date(Date.UTC(2099, 0))
const HOST = createIdentity('127.0.0.1', FUTURE)
const SIGNER = createSigner({ name: 'sns.amazonaws.com', notAfter: FUTURE })
const open: { close: () => unknown }[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

/** A reader before a real server that speaks TLS, and what may be asked of both. */
async function start(acts: readonly Act[], { ca = HOST.cert, identity = HOST } = {}) {
  const server = await startFaultServer(acts, identity)
  const transport = createSend({ ...FOR_CERTIFICATES, ca })
  open.push(server, transport)
  const clock = { ms: 0 }
  const read = createCertificates({
    fetch: createCertificateFetcher(transport.send),
    nowMs: () => clock.ms,
  })
  const host = new URL(server.origin).host
  return { server, clock, read: (path = '/a.pem') => read({ host, path }) }
}

const pem = answering(200, SIGNER.cert)

/** Sends the first bytes of a certificate and then one each time, for ever. */
const dribbling: Act = (response) => {
  response.writeHead(200).write('-----BEGIN CERTIFICATE-----\n')
  const timer = setInterval(() => response.write('A'), 200)
  response.on('close', () => clearInterval(timer))
}

const endless: Act = (response) => {
  response.writeHead(200)
  const chunk = Buffer.alloc(64 * 1024, 'A')
  const pour = () => {
    while (!response.destroyed && response.write(chunk));
  }
  response.on('drain', pour)
  pour()
}

function hits({ seen }: FaultServer): readonly string[] {
  return seen.map(({ url }) => url)
}

describe('a certificate that is fetched', () => {
  it('is fetched once for many, and again after a day', async () => {
    const { server, clock, read } = await start([pem])
    const found = await Promise.all([read(), read(), read()])
    expect(new Set(found.map((one) => one?.subject))).toEqual(new Set(['CN=sns.amazonaws.com']))
    clock.ms = 23 * 3600 * 1000
    await read()
    expect(hits(server)).toEqual(['/a.pem'])
    clock.ms = 25 * 3600 * 1000
    await read()
    expect(hits(server)).toEqual(['/a.pem', '/a.pem'])
  })

  it.each([
    ['a redirect', answering(302, '', { location: 'https://127.0.0.1:1/other.pem' })],
    ['50 MB', answering(200, Buffer.alloc(50 * 2 ** 20, 'A'))],
    ['what never ends', endless],
    ['one byte more than 16 KiB', answering(200, SIGNER.cert.padEnd(16 * 1024 + 1, '\n'))],
    ['junk before it', answering(200, `junk\n${SIGNER.cert}`)],
    ['a page', answering(200, '<html></html>')],
    ['nothing', answering(404)],
  ])('is none where %s comes, and is not asked for again for a minute', async (_, act) => {
    const { server, clock, read } = await start([act, pem])
    expect(await read()).toBeUndefined()
    clock.ms = 59_000
    expect(await read()).toBeUndefined()
    expect(hits(server)).toHaveLength(1)
    clock.ms = 61_000
    expect((await read())?.subject).toBe('CN=sns.amazonaws.com')
  })

  it('is none where it comes byte by byte: after 3 s nobody waits any longer', async () => {
    const { read } = await start([dribbling])
    expect(await read()).toBeUndefined()
  })

  it('is none where the other end cannot prove who it is', async () => {
    const { server, read } = await start([pem], { ca: createIdentity('127.0.0.1', FUTURE).cert })
    expect(await read()).toBeUndefined()
    expect(hits(server)).toEqual([])
  })

  it.each([
    ['the other end is in trouble', 500],
    ['it wants to be asked later', 429],
  ])('leaves it open where %s, so that the alert is sent again', async (_, status) => {
    const { read } = await start([answering(status), pem])
    await expect(read()).rejects.toMatchObject({ code: 'unavailable' })
    expect((await read())?.subject).toBe('CN=sns.amazonaws.com')
  })

  it.each<[string, Act]>([
    ['says nothing within 3 s', () => {}],
    ['hangs up without a word', (response) => response.destroy()],
  ])('leaves it open where the other end %s', async (_, act) => {
    const { read } = await start([act, pem])
    await expect(read()).rejects.toMatchObject({ code: 'unavailable' })
    expect((await read())?.subject).toBe('CN=sns.amazonaws.com')
  })

  it('is none where it breaks off', async () => {
    const cut: Act = (response) => {
      response.writeHead(200).write('-----BEGIN', () => response.destroy())
    }
    const { read } = await start([cut])
    expect(await read()).toBeUndefined()
  })

  it('leaves it open where nobody can be reached', async () => {
    const { server, read } = await start([pem])
    await server.close()
    await expect(read()).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('is kept however many others were made up', async () => {
    const { server, read } = await start([pem, answering(404)])
    await read('/good.pem')
    for (let number = 0; number < 40; number += 1) expect(await read(`/${number}.pem`)).toBeUndefined()
    expect((await read('/good.pem'))?.subject).toBe('CN=sns.amazonaws.com')
    expect(hits(server)).toHaveLength(41)
  })

  it('is asked for by four at a time at the most', async () => {
    const { server, read } = await start([dribbling])
    const all = await Promise.allSettled(Array.from({ length: 10 }, (_, number) => read(`/${number}.pem`)))
    expect(all.filter(({ status }) => status === 'rejected')).toHaveLength(6)
    expect(hits(server)).toHaveLength(4)
  })
})
