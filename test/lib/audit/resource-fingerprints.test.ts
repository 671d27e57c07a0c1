import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fingerprint, shortened, TAGS } from '../../../lib/audit/fingerprint.ts'
import { NumberTable } from '../../../lib/audit/number-table.ts'
import { ResourceFingerprints } from '../../../lib/audit/resource-fingerprints.ts'

const tagged = fc
  .tuple(fc.nat({ max: 1 }), fc.nat({ max: 5 }), fc.nat({ max: 3 }))
  .map(([resource, backup, tags]) => ({ resource, print: fingerprint(7, `backup-${backup}`) + tags }))

const numberOf = (prints: readonly number[], tag: number) =>
  prints.filter((print) => Math.floor((print % 4) / tag) % 2 === 1).length

describe('the fingerprints of resources', () => {
  it('are counted each once, by their tags, and counted anew when another is added', () => {
    fc.assert(
      fc.property(fc.array(tagged, { maxLength: 30 }), (added) => {
        const prints = new ResourceFingerprints(new NumberTable())
        const model = [new Map<number, number>(), new Map<number, number>()]
        for (const { resource, print } of added) {
          prints.add(resource, print)
          // Where a backup was seen in two ways the higher counts.
          const short = shortened(print)
          const backup = short - (short % 4)
          model[resource]?.set(backup, Math.max(short, model[resource]?.get(backup) ?? 0))
          model.forEach((backups, index) => {
            const list = [...backups.values()].sort((a, b) => a - b)
            expect(prints.list(index)).toEqual(list)
            expect(prints.counts(index)).toEqual({
              backups: list.length,
              usable: numberOf(list, TAGS.usable),
              copies: numberOf(list, TAGS.copy),
            })
          })
        }
      }),
    )
  })
})
