import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fault } from '../../../lib/errors.ts'
import { mistakeInAddress, openStore } from '../../../lib/store/address.ts'

const urlOf = (address: string) => openStore(address, { newId: () => 'id' }).url

describe('openStore', () => {
  it.each([
    ['file:reports', 'reports'],
    ['reports', 'reports'],
    ['./some folder/备份', './some folder/备份'],
    ['file:/var/reports', '/var/reports'],
    ['file:///var/reports', '/var/reports'],
    ['/var/reports', '/var/reports'],
    ['s3://bucket', 's3://bucket'],
    ['s3://bucket/', 's3://bucket'],
    ['s3://bucket/a/b=c', 's3://bucket/a/b=c'],
    ['s3://bucket/a/b/', 's3://bucket/a/b'],
  ])('opens %s as %s', (address, url) => {
    expect(urlOf(address)).toBe(url)
  })

  it.each([
    ...['', 'file:', 'file://', 'file://host/x', 'file:a\0b', 's3:', 's3://', 's3://B/x', 's3://ab'],
    ...['s3://bucket//x', 's3://bucket/a?x=1', 's3://bucket/a b', 's3://bucket/../x', 's3:bucket/x'],
    ...['S3://bucket', 'obs://bucket/x', 'https://bucket.s3.amazonaws.com/x', 'mem:x'],
  ])('refuses %j and says what is allowed', (address) => {
    expect(() => urlOf(address)).toThrow(
      expect.objectContaining({
        code: 'invalid_configuration',
        message: expect.stringMatching(/^Cannot open the store ".*": (?:the .*; )?allowed are .*file:.*s3:/),
      }),
    )
  })

  const SHORT = 'the name of the bucket has fewer than 3 characters'
  const LONG = 'the name of the bucket has more than 63 characters'
  const ODD =
    'the name of the bucket has other characters than a to z, 0 to 9, "." and "-", or one of those two at an end'
  const PREFIX =
    'the prefix has other characters than letters, digits, "_", "-", "=" and ".", an empty part, or one that begins with "."'
  it.each([
    ['s3://bk/pre', SHORT],
    ['s3:///pre', SHORT],
    [`s3://${'b'.repeat(64)}`, LONG],
    ['s3://Bucket', ODD],
    ['s3://-bucket/x', ODD],
    ['s3://bucket/a b', PREFIX],
    ['s3://bucket//x', PREFIX],
    ['s3://bucket/.x', PREFIX],
  ])('says what is wrong with %s', (address, why) => {
    expect(mistakeInAddress(address)).toMatch(`has ${JSON.stringify(address)}; ${why}; allowed are `)
    expect(() => urlOf(address)).toThrow(`${JSON.stringify(address)}: ${why}; allowed are `)
  })

  it('repeats no password and no signature of an address', () => {
    for (const address of [
      'https://user:hunter2@host/x',
      's3://bucket/x?X-Amz-Signature=hunter2',
      's3://key:hunter2@bucket',
    ]) {
      expect(() => urlOf(address)).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
      )
      expect(() => urlOf(address)).toThrow(Fault)
    }
  })

  it('opens or refuses any text, and never fails otherwise', () => {
    const beginning = fc.constantFrom(
      's3://',
      's3://bucket',
      's3://bucket/',
      's3:',
      'S3://',
      'file:',
      'file://',
    )
    const rest = fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9./=_-]{0,12}$/))
    const meant = fc.tuple(beginning, rest).map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), meant), (address) => {
        try {
          const url = urlOf(address)
          return !address.startsWith('s3://') || url === address.replace(/\/$/, '')
        } catch (error) {
          return error instanceof Fault && error.code === 'invalid_configuration'
        }
      }),
      { numRuns: 500 },
    )
  })
})
