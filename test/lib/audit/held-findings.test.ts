import { describe, expect, it } from 'vitest'
import { HeldFindings } from '../../../lib/audit/held-findings.ts'
import { finding } from '../../support/sample-record.ts'

const long = finding({ finding_id: '02', backup_name: `备份\u2028\ud800${'x'.repeat(300_000)}` })

describe('held findings', () => {
  it('come back as they were, sorted, however odd or long they are', () => {
    const held = new HeldFindings()
    for (const each of [finding({ finding_id: '03' }), long, finding({ finding_id: '01' })]) held.add(each)
    expect(held.size).toBe(3)
    expect([...held]).toEqual([finding({ finding_id: '01' }), long, finding({ finding_id: '03' })])
  })

  it('are held once: of two with one id the child of the lower parent stays, whoever came first', () => {
    const [a, b] = ['a', 'b'].map((parent_backup_id) => finding({ parent_backup_id }))
    if (a === undefined || b === undefined) throw new Error('There are two')
    for (const order of [
      [a, b],
      [b, a],
      [b, a, b],
    ]) {
      const held = new HeldFindings()
      for (const each of order) held.add(each)
      expect([...held]).toEqual([a])
    }
  })

  it('that were taken are whole until they are released, whatever is added meanwhile', () => {
    const held = new HeldFindings()
    const add = (...ids: string[]) => {
      for (const finding_id of ids) held.add(finding({ finding_id }))
    }
    const idsOf = (lines: Iterable<string>) => Array.from(lines, (line) => JSON.parse(line).finding_id)
    add('01', '02')
    const first = held.take()
    expect(held.size).toBe(0)
    add('03', '01')
    expect(idsOf(first.lines)).toEqual(['01', '02'])
    expect(idsOf(first.lines)).toEqual(['01', '02'])
    first.release()
    add('04')
    const second = held.take()
    add('05')
    expect(idsOf(second.lines)).toEqual(['01', '03', '04'])
    expect(Array.from(held, ({ finding_id }) => finding_id)).toEqual(['05'])
  })

  it('give their memory back when they are released', () => {
    const held = new HeldFindings()
    for (let index = 0; index < 1000; index += 1) held.add(finding({ finding_id: `${index}` }))
    const { lines, release } = held.take()
    expect([...lines]).toHaveLength(1000)
    const fullBytes = process.memoryUsage().arrayBuffers
    release()
    expect(fullBytes - process.memoryUsage().arrayBuffers).toBeGreaterThan(500_000)
    held.add(finding())
    expect([...held]).toEqual([finding()])
  })
})
