import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { repeatedKeys } from '../../lib/repeated-keys.ts'

describe('repeatedKeys', () => {
  it('names each key that an object holds twice or more, once', () => {
    expect(repeatedKeys('{"a": 1, "b": {"a": 2, "a" : 3, "a": 4}, "a":[]}')).toEqual(['/b/a', '/a'])
  })

  it('counts its way through lists', () => {
    expect(repeatedKeys('[[], {"x": [1, [2, 3], {"y": "k", "y": "k"}]}, {"x": 1}]')).toEqual(['/1/x/2/y'])
  })

  it('knows one key in two spellings', () => {
    expect(repeatedKeys(String.raw`{"a/~": 1, "\u0061\/~": 2, "a\"": 1, "a\\": 2}`)).toEqual(['/a~1~0'])
  })

  it('takes no text for a key, whatever stands in it', () => {
    expect(repeatedKeys(String.raw`{"a": "{\"b\": 1, \"b\":", "b": ["a", "a", ":"], "c": "\\"}`)).toEqual([])
  })

  it('finds nothing in what was written from an object', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.nat(3), (value, indent) => {
        expect(repeatedKeys(JSON.stringify(value, null, indent))).toEqual([])
      }),
    )
  })
})
