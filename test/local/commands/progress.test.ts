import { describe, expect, it } from 'vitest'
import { describeProgress, describeScanned } from '../../../local/commands/progress.ts'

const target = { service: 'cbr', region: 'r', projectId: 'p' } as const

describe('progress', () => {
  it('counts one backup and one call as one', () => {
    expect(describeProgress([{ target, seen: 1, expected: 1 }], 1000, false)).toContain('1 of 1 backup, 1/s')
    expect(describeProgress([{ target, seen: 1, expected: 2 }], 1000, false)).toContain('1 of 2 backups, 1/s')
  })

  it('counts them so in the line of a finished target too', () => {
    const report = { service: 'cbr', region: 'r', project_id: 'p', distinct: 1, requests: 1 } as const
    const line = (counts: object) => describeScanned({ ...report, ...counts }, [])
    expect(line({})).toBe('CBR of r/p: 1 backup in 1 call, complete')
    expect(line({ distinct: 0, requests: 1200 })).toBe('CBR of r/p: 0 backups in 1,200 calls, complete')
  })
})
