import { describe, expect, it } from 'vitest'
import { Fault } from '../../../lib/errors.ts'
import { authorizing } from '../../../lib/huawei/authorize.ts'
import { createCheckpointRequest, readCheckpoint } from '../../../lib/huawei/cbr-checkpoint.ts'
import { mayHaveBeenCarriedOut } from '../../../lib/huawei/transport-failure.ts'

const ADDRESS = { origin: 'https://cbr.example.com', projectId: 'project', region: 'cn-north-4' }
const REQUEST = createCheckpointRequest(ADDRESS, { checkpoint: { vault_id: 'vault' } })

/** Whether a checkpoint may be there where its POST was answered so. */
function mayBe(status: number, body: unknown): boolean {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const type = text.startsWith('<') ? 'text/html' : 'application/json'
  const response = { status, headers: { 'content-type': type }, body: Buffer.from(text) }
  try {
    readCheckpoint(REQUEST, response)
  } catch (error) {
    return mayHaveBeenCarriedOut(error)
  }
  throw new Error('This answer is a success')
}

const inWords = (code: string) => ({ error_code: code, error_msg: 'no' })
const MUTE = [
  '<html>slow</html>',
  '',
  '{}',
  { message: 'slow' },
  { code: 429, message: 'slow' },
  { code: 111400086, message: 'slow' },
  { error: { code: 401, message: 'slow' } },
  { error: { code: 'conflict', message: 'slow', title: 'Conflict' } },
]
/** IAM has no codes of its own. */
const ofIam = (status: number, title: string) => ({ error: { code: status, message: 'no', title } })

describe('a POST for a checkpoint', () => {
  it.each(['unavailable', 'invalid_configuration'] as const)(
    'was never sent where it ends with %s: nothing can be signed without our own secret',
    (code) => expect(mayHaveBeenCarriedOut(new Fault(code, 'Cannot read the secret'))).toBe(false),
  )
})

describe('an answer to a POST for a checkpoint', () => {
  it.each([400, 401, 403, 404, 408, 409, 413, 418, 422, 425, 429, 499, 500, 502, 503, 504])(
    'leaves open what became of it where %i is not in the words of Huawei',
    (status) => {
      for (const body of MUTE) expect(mayBe(status, body), JSON.stringify(body)).toBe(true)
    },
  )

  it.each([
    [503, 'APIGW.0201'],
    [429, 'APIG.0203'],
    [504, 'APIGW.0308'],
    [429, 'BackupService.9900'],
    [408, 'BackupService.9900'],
    [503, 'BackupService.9900'],
  ])('leaves it open where %i %s does not say that it was refused', (status, code) =>
    expect(mayBe(status, inWords(code))).toBe(true),
  )

  it.each([
    [429, 'APIGW.0308'],
    [503, 'APIG.0308'],
    [401, 'APIGW.0301'],
    [400, 'BackupService.6125'],
    [422, 'BackupService.9900'],
  ])('is a refusal where it is %i %s', (status, code) => expect(mayBe(status, inWords(code))).toBe(false))

  it.each([
    [401, ofIam(401, 'Unauthorized')],
    [403, ofIam(403, 'Forbidden')],
    [400, { error: { code: '111400086', message: 'no', ext_message: null } }],
    [400, { error: { code: 'DCS.4927', message: 'no', ext_message: null } }],
  ])('is a refusal where it is %i in the form of another service: %j', (status, body) =>
    expect(mayBe(status, body)).toBe(false),
  )

  it.each([
    ['<html>login</html>', 1],
    ['{"error":{"code":401,"message":"no"}}', 1],
    [JSON.stringify(inWords('APIGW.0301')), 2],
    [JSON.stringify(ofIam(401, 'Unauthorized')), 2],
  ])(
    'is followed by another attempt with new proof of who we are only where Huawei asks for it: %s',
    async (text, times) => {
      let posts = 0
      const send = async () => {
        posts += 1
        return { status: 401, headers: {}, body: Buffer.from(text) }
      }
      await authorizing(send, async (request) => request)(REQUEST)
      expect(posts).toBe(times)
    },
  )

  it('is a refusal where Huawei cannot read the id of the vault', () => {
    const body = { unauthorized: { code: '401', message: 'Malformed request url' } }
    expect(mayBe(401, body)).toBe(false)
  })
})
