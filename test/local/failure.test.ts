import { describe, expect, it } from 'vitest'
import { Fault } from '../../lib/errors.ts'
import { describeFailure } from '../../local/failure.ts'

describe('describeFailure', () => {
  it('lists every mistake once, and begins none with a blank name', () => {
    const mistakes = [
      { pointer: '', detail: 'found null, allowed is an object' },
      { pointer: '/stuck/after', detail: 'found 6' },
    ]
    const fault = new Fault('invalid_configuration', 'Cannot use the policy', { mistakes })
    expect(describeFailure(fault).split('\n').slice(1)).toEqual([
      '  found null, allowed is an object',
      '  /stuck/after found 6',
    ])
  })
})
