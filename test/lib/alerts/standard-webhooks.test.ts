import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Examined, Trust } from '../../../lib/alerts/alert.ts'
import { readAlertSecrets } from '../../../lib/alerts/secrets.ts'
import { standardWebhooks } from '../../../lib/alerts/standard-webhooks.ts'
import type { Mistake } from '../../../lib/errors.ts'
import { fromEpochMs } from '../../../lib/time.ts'
import { signAlert } from '../../../local/sign-alert.ts'

interface Vector {
  readonly id: string
  readonly name: string
  readonly secret: string
  readonly now: number
  readonly headers: Readonly<Record<string, string>>
  readonly body_base64: string
  readonly expect: 'accept' | 'reject' | 'reject-400-after-signature' | 'config-error'
}

const FILE = join(import.meta.dirname, '../../../../shared/data/standard-webhooks-vectors.json')
const isThere = existsSync(FILE)
const vectors: readonly Vector[] = isThere ? JSON.parse(readFileSync(FILE, 'utf8')) : []

const NOBODY: Trust = { secrets: [], topics: [], certificateOf: async () => undefined }

function examine({ secret, now, headers, body_base64 }: Vector): Examined | Promise<Examined> {
  const names = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
  return standardWebhooks.examine(
    {
      headers: Object.fromEntries(names),
      body: Buffer.from(body_base64, 'base64'),
      now: fromEpochMs(now * 1000),
    },
    { ...NOBODY, secrets: [secret] },
  )
}

describe.skipIf(!isThere)('the vectors of ../shared/data (skipped where that folder is absent)', () => {
  it('are all there', () => expect(vectors).toHaveLength(33))

  it.each(vectors.map((vector) => [vector.id, vector.name, vector] as const))(
    '%s %s',
    async (_, __, vector) => {
      const mistakes: Mistake[] = []
      readAlertSecrets({ 'standard-webhooks': [vector.secret] }, mistakes)
      if (vector.expect === 'config-error') {
        expect(mistakes).toMatchObject([{ pointer: '/standard-webhooks/0' }])
        if (vector.secret.length > 3) expect(JSON.stringify(mistakes)).not.toContain(vector.secret)
        return
      }
      expect(mistakes).toEqual([])
      const verdict = await examine(vector)
      const isForged = vector.expect === 'reject'
      expect(verdict.outcome).toBe(isForged ? 'forged' : 'authentic')
      // Once it is authentic it is kept for a person, whatever is in it.
      if (vector.expect === 'reject-400-after-signature')
        expect(verdict).toMatchObject({ message: { alarms: [], oddity: expect.any(String) } })
    },
  )
})

describe('standardWebhooks', () => {
  const now = fromEpochMs(Date.UTC(2026, 10, 28))
  const keys = [1, 2].map((fill) => `whsec_${Buffer.alloc(32, fill).toString('base64')}`)
  const [first = '', second = ''] = keys

  function signed(body: Buffer, secret: string, id = 'msg_1') {
    return { headers: signAlert('standard-webhooks', { secret, body, id, epochMs: now / 1000 }), body, now }
  }

  it('takes what either of two active secrets signed, and nothing that a third did', async () => {
    const body = Buffer.from('{"status":"firing","name":"x"}')
    for (const secret of keys) {
      const verdict = await standardWebhooks.examine(signed(body, secret), { ...NOBODY, secrets: keys })
      expect(verdict).toMatchObject({ outcome: 'authentic', deliveryId: 'msg_1' })
    }
    const third = `whsec_${Buffer.alloc(32, 3).toString('base64')}`
    const verdict = await standardWebhooks.examine(signed(body, third), { ...NOBODY, secrets: keys })
    expect(verdict.outcome).toBe('forged')
  })

  it('refuses a delivery in which any byte of the body, the id, the time or the signature was changed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.constantFrom('body', 'webhook-id', 'webhook-timestamp', 'webhook-signature'),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (bytes, part, place, flip) => {
          const whole = signed(Buffer.from(bytes), first)
          const good = await standardWebhooks.examine(whole, { ...NOBODY, secrets: [second, first] })
          expect(good.outcome).toBe('authentic')
          const headers: Record<string, string> = { ...whole.headers }
          const original = part === 'body' ? whole.body : Buffer.from(headers[part] ?? '', 'latin1')
          const changed = Buffer.from(original)
          const index = place % changed.length
          changed[index] = (changed[index] ?? 0) ^ flip
          if (part !== 'body') headers[part] = changed.toString('latin1')
          const delivery = { ...whole, headers, ...(part === 'body' ? { body: changed } : {}) }
          const verdict = await standardWebhooks.examine(delivery, { ...NOBODY, secrets: [second, first] })
          expect(verdict.outcome).toBe('forged')
        },
      ),
      { numRuns: 500 },
    )
  })
})
