import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase64 } from '../../lib/base64.ts'

describe('decodeBase64', () => {
  it('gives the bytes of whatever was encoded, of 8 MiB too', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodeBase64(Buffer.from(bytes).toString('base64'))).toEqual(Buffer.from(bytes))
      }),
    )
    const large = Buffer.alloc(8 * 2 ** 20, 7)
    expect(decodeBase64(large.toString('base64'))?.equals(large)).toBe(true)
  })

  it.each(['A', 'AA', 'AAA', 'AA=', 'A===', '====', '=', 'AA==AA==', 'AAA\n', 'A A=', 'A-_=', 'AAAA='])(
    'takes no %j',
    (text) => {
      expect(decodeBase64(text)).toBeUndefined()
    },
  )
})
