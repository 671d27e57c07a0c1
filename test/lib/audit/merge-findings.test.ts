import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HeldFindings } from '../../../lib/audit/held-findings.ts'
import { mergeFindings } from '../../../lib/audit/merge-findings.ts'
import type { Finding } from '../../../lib/audit/record.ts'
import { allOf, finding } from '../../support/sample-record.ts'

const someFindings = fc
  .array(fc.tuple(fc.nat(30), fc.constantFrom('a', 'b', 'c')), { maxLength: 12 })
  .map((about) =>
    about.map(([number, parent_backup_id]) =>
      finding({ finding_id: `${number}`.padStart(2, '0'), parent_backup_id }),
    ),
  )

describe('merging findings', () => {
  it('brings each once, sorted, and of two with one id the one that would have been held, from however many streams', async () => {
    const streams = fc.array(someFindings, { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(streams, async (found) => {
        const merged = await allOf(mergeFindings(found.map((each) => heldOf(each))))
        expect(merged).toEqual(heldOf(found.flat()))
      }),
    )
  })

  it('asks no stream for more than one finding ahead, and ends those that nobody reads to their end', async () => {
    const asked = [0, 0]
    let ended = 0
    const endless = async function* (index: number): AsyncGenerator<Finding> {
      try {
        for (let number = index; ; number += 2) {
          asked[index] = (asked[index] ?? 0) + 1
          yield finding({ finding_id: `${number}`.padStart(6, '0') })
        }
      } finally {
        ended += 1
      }
    }
    let read = 0
    for await (const _each of mergeFindings([endless(0), endless(1)])) {
      read += 1
      if (read === 101) break
    }
    expect(asked).toEqual([51, 51])
    expect(ended).toBe(2)
  })

  it('fails where a stream does', async () => {
    const broken = async function* (): AsyncGenerator<Finding> {
      yield finding({ finding_id: '01' })
      throw new Error('the disk is gone')
    }
    await expect(allOf(mergeFindings([[finding({ finding_id: '00' })], broken()]))).rejects.toThrow(
      'the disk is gone',
    )
  })
})

function heldOf(findings: readonly Finding[]): readonly Finding[] {
  const held = new HeldFindings()
  for (const each of findings) held.add(each)
  return [...held]
}
