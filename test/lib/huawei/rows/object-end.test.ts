import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { objectEnd } from '../../../../lib/huawei/rows/object-end.ts'

const texts = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.constantFrom('{', '}', '[', ']', '"', '\\', '\\"', '备'),
)
const { object } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, texts, fc.integer(), fc.constant(null), tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(texts, tie('value'), { maxKeys: 4 }),
}))

describe('objectEnd', () => {
  it('finds where any object ends, whatever stands before and behind it', () => {
    fc.assert(
      fc.property(object, texts, texts, fc.constantFrom(undefined, 1), (value, before, behind, indent) => {
        const json = JSON.stringify(value, null, indent)
        const start = Buffer.byteLength(before)
        const end = objectEnd(Buffer.from(before + json + behind), start)
        expect(end).toBe(start + Buffer.byteLength(json))
      }),
    )
  })

  it.each(['{', '{"', '{"a', '{"a\\', '{"a\\"', '{"a":[1,2]'])('finds no end in %s', (json) => {
    expect(objectEnd(Buffer.from(json), 0)).toBeUndefined()
  })
})
