import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { repeatedKeys } from '../../lib/repeated-keys.ts'

const pointersIn = (json: string) => repeatedKeys(json).map(({ pointer }) => pointer)

describe('repeatedKeys', () => {
  it('names each key that an object holds twice or more, once', () => {
    expect(pointersIn('{"a": 1, "b": {"a": 2, "a" : 3, "a": 4}, "a":[]}')).toEqual(['/b/a', '/a'])
  })

  it('names as many as it may, and says how many more there are', () => {
    expect(repeatedKeys('{"a":1,"a":1,"a":1}', 1)).toHaveLength(1)
    expect(repeatedKeys('{"a":1,"a":1,"b":1,"b":1,"b":1,"c":1,"c":1}', 1)).toEqual([
      { pointer: '/a', detail: expect.stringContaining('more than once') },
      { pointer: '', detail: 'has further keys that are written more than once: 2' },
    ])
  })

  it('counts its way through lists', () => {
    expect(pointersIn('[[], {"x": [1, [2, 3], {"y": "k", "y": "k"}]}, {"x": 1}]')).toEqual(['/1/x/2/y'])
  })

  it('knows one key in two spellings', () => {
    expect(pointersIn(String.raw`{"a/~": 1, "\u0061\/~": 2, "a\"": 1, "a\\": 2}`)).toEqual(['/a~1~0'])
  })

  it('takes no text for a key, whatever stands in it', () => {
    expect(pointersIn(String.raw`{"a": "{\"b\": 1, \"b\":", "b": ["a", "a", ":"], "c": "\\"}`)).toEqual([])
  })

  it('finds nothing in what was written from an object', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.nat(3), (value, indent) => {
        expect(pointersIn(JSON.stringify(value, null, indent))).toEqual([])
      }),
    )
  })
})
