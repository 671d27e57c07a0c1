import { describe, expect, it } from 'vitest'
import { Fault } from '../../../lib/errors.ts'
import { type HeldCredentials, holdCredentials } from '../../../lib/runtime/held-credentials.ts'

const KEYS = { HUAWEICLOUD_SDK_AK: 'AK1', HUAWEICLOUD_SDK_SK: 'sk-canary-1' }

interface Stage {
  readonly held: HeldCredentials
  readonly clock: { ms: number }
  readonly secret: { text: string | undefined }
  readonly readings: () => number
}

function stage(document: unknown, lacksProject = false): Stage {
  const clock = { ms: 0 }
  const secret: { text: string | undefined } = {
    text: typeof document === 'string' ? document : JSON.stringify(document),
  }
  let readings = 0
  const held = holdCredentials({
    secretId: 'team/audit',
    lacksProject,
    nowMs: () => clock.ms,
    read: async () => {
      readings += 1
      if (secret.text === undefined) throw new Fault('unavailable', 'Cannot read the secret')
      return secret.text
    },
  })
  return { held, clock, secret, readings: () => readings }
}

async function mistakesOf(document: unknown, lacksProject = false): Promise<readonly string[]> {
  const fault = await stage(document, lacksProject)
    .held.current()
    .then(
      () => undefined,
      (error: unknown) => error,
    )
  if (!(fault instanceof Fault)) throw new Error('The secret was accepted')
  expect(fault.code).toBe('invalid_configuration')
  expect(fault.message).toContain('"team/audit"')
  const texts = fault.mistakes.map(({ pointer, detail }) => `${pointer} ${detail}`)
  expect([fault.message, ...texts].join()).not.toContain('canary')
  return texts
}

describe('holdCredentials', () => {
  it('reads the secret once for many calls at once, and again after five minutes', async () => {
    const { held, clock, readings } = stage(KEYS)
    const all = await Promise.all(Array.from({ length: 20 }, () => held.current()))
    expect(all[0]).toMatchObject({ kind: 'access-key', accessKeyId: 'AK1', secretAccessKey: 'sk-canary-1' })
    expect(new Set(all).size).toBe(1)
    clock.ms = 299_999
    await held.current()
    expect(readings()).toBe(1)
    clock.ms = 300_000
    expect(await held.current()).toBe(all[0])
    expect(readings()).toBe(2)
  })

  it('reads again at once where what it held was refused, once for a crowd of refusals', async () => {
    const { held, clock, secret, readings } = stage(KEYS)
    const old = await held.current()
    secret.text = JSON.stringify({ ...KEYS, HUAWEICLOUD_SDK_AK: 'AK2' })
    clock.ms = 60_000
    const renewed = await Promise.all(Array.from({ length: 20 }, () => held.insteadOf(old)))
    expect(new Set(renewed).size).toBe(1)
    expect(renewed[0]).toMatchObject({ accessKeyId: 'AK2' })
    expect(readings()).toBe(2)
  })

  it('gives the very same credentials where the secret did not change', async () => {
    const { held, clock, readings } = stage(KEYS)
    const old = await held.current()
    clock.ms = 60_000
    expect(await held.insteadOf(old)).toBe(old)
    expect(await held.insteadOf(old)).toBe(old)
    expect(readings()).toBe(2)
  })

  it('tries again after a reading that failed', async () => {
    const { held, secret } = stage(KEYS)
    const { text } = secret
    secret.text = undefined
    await expect(held.current()).rejects.toThrow('Cannot read the secret')
    secret.text = text
    await expect(held.current()).resolves.toMatchObject({ accessKeyId: 'AK1' })
  })

  it('keeps what it has while the secret cannot be read, and asks for it every five seconds', async () => {
    const { held, clock, secret, readings } = stage(KEYS)
    const old = await held.current()
    const { text } = secret
    secret.text = undefined
    clock.ms = 300_000
    expect(await Promise.all([held.current(), held.current()])).toEqual([old, old])
    clock.ms = 304_999
    expect(await held.current()).toBe(old)
    expect(readings()).toBe(2)
    await expect(held.insteadOf(old)).rejects.toThrow('Cannot read the secret')
    secret.text = text?.replace('AK1', 'AK2')
    clock.ms = 310_000
    expect(await held.current()).toMatchObject({ accessKeyId: 'AK2' })
  })

  it('takes an IAM user too', async () => {
    const user = {
      HUAWEICLOUD_USERNAME: 'ann',
      HUAWEICLOUD_PASSWORD: 'pw',
      HUAWEICLOUD_DOMAIN_NAME: 'acme',
    }
    await expect(stage(user).held.current()).resolves.toMatchObject({ kind: 'password', username: 'ann' })
  })

  it('names every mistake of a secret, and nothing that is in it', async () => {
    expect(await mistakesOf('sk-canary-1')).toEqual([expect.stringContaining('/ is no JSON object')])
    expect(await mistakesOf(['sk-canary-1'])).toHaveLength(1)
    expect(await mistakesOf({})).toEqual([])
    expect(
      await mistakesOf({ HUAWEICLOUD_SDK_AK: 7, HUAWEICLOUD_SDK_SK: 'sk-canary', 'key-canary': 'x' }),
    ).toEqual([
      expect.stringMatching(/^\/ has a key that is none of /),
      expect.stringContaining('/HUAWEICLOUD_SDK_AK is no text'),
      expect.stringContaining('HUAWEICLOUD_SDK_AK is not set'),
    ])
  })

  it('takes the id of the account, and refuses what can be none', async () => {
    const named = { ...KEYS, HUAWEICLOUD_SDK_DOMAIN_ID: 'account-1' }
    await expect(stage(named).held.current()).resolves.toMatchObject({ domainId: 'account-1' })
    expect(await mistakesOf({ ...KEYS, HUAWEICLOUD_SDK_DOMAIN_ID: 'a canary' })).toEqual([
      expect.stringContaining('HUAWEICLOUD_SDK_DOMAIN_ID is no id of an account'),
    ])
  })

  it('refuses a project that would come too late to be audited alone', async () => {
    const secret = { ...KEYS, HUAWEICLOUD_SDK_PROJECT_ID: '0605767b5780d5762fc5c0118072a564' }
    expect(await mistakesOf(secret, true)).toEqual([expect.stringContaining('AUDIT_TARGETS')])
    await expect(stage(secret, false).held.current()).resolves.toMatchObject({ accessKeyId: 'AK1' })
  })
})
