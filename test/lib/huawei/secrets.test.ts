import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { Fault } from '../../../lib/errors.ts'
import { accessKey } from '../../../lib/huawei/access-key.ts'
import { readAnswer } from '../../../lib/huawei/answer.ts'
import { authorizing } from '../../../lib/huawei/authorize.ts'
import { fixedClock } from '../../../lib/huawei/cloud-clock.ts'
import type { Response } from '../../../lib/huawei/http.ts'
import { iamToken } from '../../../lib/huawei/iam-token.ts'
import { decoded } from '../../../lib/huawei/receive.ts'
import { redacted } from '../../../lib/huawei/redact.ts'
import { keepSecret } from '../../../lib/huawei/secrets.ts'
import { toTransportFailure, unreachable } from '../../../lib/huawei/transport-failure.ts'
import { fromEpochMs } from '../../../lib/time.ts'
import { listBackups, respond } from '../../support/responses.ts'

const SECRETS = {
  accessKeyId: 'AKCANARY7DONOTPRINT7',
  secretKey: 'SkCanary+do/not=print-77',
  securityToken: 'TokenCanary.abc<7>',
  password: `Pw'Canary & "more" 7!`,
  token: 'Subject.Canary.7',
} as const

const now = () => fromEpochMs(Date.UTC(2026, 0, 1, 12))
const FORMS: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  'in a URL': (secret) => encodeURIComponent(secret),
  'in a URL with small hex digits': (secret) =>
    encodeURIComponent(secret).replaceAll(/%../g, (code) => code.toLowerCase()),
  'in a form': (secret) => new URLSearchParams({ secret }).toString().slice('secret='.length),
  'in JSON': (secret) => JSON.stringify(secret).slice(1, -1),
  'in HTML': (secret) => secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  'in base64': (secret) => Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  'in base64, behind a user': (secret) => Buffer.from(`bob:${secret}`).toString('base64').slice(6),
  'in capitals lost': (secret) => secret.toLowerCase(),
}

/** Every way in which an answer becomes a fault, with an echo in each place that a peer can write to. */
const SHAPES: Readonly<Record<string, (echo: string) => Response>> = {
  'a 401 of IAM': (echo) => respond(401, { error: { code: 401, message: `wrong: ${echo}`, title: 'x' } }),
  'a code': (echo) => respond(400, { error_code: echo, error_msg: 'x' }),
  'a code in camel case': (echo) => respond(500, { errorCode: 'A.1', errorMsg: echo }),
  'code and message': (echo) => respond(403, { code: 'A.1', message: echo }),
  'a refusal of CBR': (echo) => respond(404, { unauthorized: { code: '404', message: echo } }),
  'a request id': (echo) => respond(503, { error_code: 'A.1', error_msg: 'x', request_id: echo }),
  'a request id in a header': (echo) => respond(429, {}, { 'x-request-id': echo }),
  'an error without a shape': (echo) => respond(502, `<h1>${echo}</h1>`, { 'content-type': 'text/html' }),
  'a 200 with an error': (echo) => respond(200, { error_code: 'A.1', error_msg: echo }),
  'a page of HTML': (echo) => respond(200, `<html>${echo}</html>`, { 'content-type': 'text/html' }),
  'broken JSON': (echo) => respond(200, `{"a":"${echo}`),
  'broken JSON after much room': (echo) => respond(200, `{${' '.repeat(3995)}${echo}`),
  'a content type': (echo) => respond(200, 'x', { 'content-type': `text/${echo}` }),
  'a redirect': (echo) =>
    respond(302, '', { location: `https://${echo.replaceAll(/[^\w.-]/g, '-')}.example/` }),
  'an answer of another form': (echo) => respond(200, { [echo]: echo }),
}

async function tellSecrets(): Promise<void> {
  const { accessKeyId, secretKey: secretAccessKey, securityToken } = SECRETS
  const key = { accessKeyId, secretAccessKey, securityToken }
  accessKey(key, fixedClock(now))
  const user = { username: 'bob', password: SECRETS.password, domainName: 'acme' }
  const login = iamToken(user, { origin: 'https://iam.example.com', clock: fixedClock(now) })
  const granted = respond(201, { token: { expires_at: '2026-01-02T12:00:00.000000Z' } })
  const headers = { ...granted.headers, 'x-subject-token': SECRETS.token }
  await authorizing(async () => ({ ...granted, headers }), login)(listBackups())
}

describe('a secret that a peer echoes', async () => {
  await tellSecrets()
  const echoes = Object.entries(SECRETS).flatMap(([name, secret]) =>
    Object.entries(FORMS).map(([form, write]) => [name, form, write(secret)] as const),
  )

  it.each(Object.entries(SHAPES))('is in no part of the fault that %s means', (_name, answering) => {
    for (const [, , echo] of echoes) expect(textOf(faultIn(answering(echo)))).not.toContain(echo)
  })

  it.each(echoes)('%s %s is in no message', (_name, _form, echo) => {
    const shown = redacted(`before${echo}after`, 200)
    expect(shown).toContain('[redacted]')
    expect(shown).not.toContain(echo)
  })

  it('is in no failure of the transport', async () => {
    for (const [, , echo] of echoes) {
      const tls = Object.assign(new Error(`altnames: DNS:${echo}`), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
      expect(unreachable('a.example', toTransportFailure(tls, 'no')).message).not.toContain(echo)
      const encoded = respond(200, 'x', { 'content-encoding': echo })
      const error: unknown = await (async () => decoded(encoded, 99))().catch((reason: unknown) => reason)
      expect(unreachable('a.example', toTransportFailure(error, 'maybe')).message).not.toContain(echo)
    }
  })

  it('is still known after many tokens, where a login tells it again', () => {
    for (let n = 0; n < 100; n += 1) {
      keepSecret(`passing-token-${n}`)
      keepSecret(SECRETS.password)
    }
    expect(redacted(SECRETS.password, 99)).toBe('[redacted]')
    expect(redacted('passing-token-99', 99)).toBe('[redacted]')
  })

  it('leaves words alone that only look like a part of one', () => {
    keepSecret('k')
    expect(redacted('Kilimanjaro backup Canary', 99)).toBe('Kilimanjaro backup Canary')
  })
})

function faultIn(response: Response): Fault {
  try {
    readAnswer(listBackups(), response, z.object({ backups: z.array(z.unknown()) }))
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('Expected a fault, got an answer')
}

/** All that may be logged or stored of a fault. */
function textOf({ message, code, upstream, mistakes }: Fault): string {
  return [message, code, ...Object.values(upstream ?? {}), ...mistakes.map(({ detail }) => detail)].join('\n')
}
