import { describe, expect, it } from 'vitest'
import { fitted, widthOf, wrap } from '../../local/wrap.ts'

describe('wrap', () => {
  it('breaks at blanks and loses no word', () => {
    expect(wrap('aa bb cc dd', 5)).toEqual(['aa bb', 'cc dd'])
  })

  it('breaks a word only where it is wider than a line, and counts Chinese letters twice', () => {
    expect(wrap('a 财务数据库 bcdefg', 5)).toEqual(['a', '财务', '数据', '库', 'bcdef', 'g'])
    expect(wrap('财务 ab', 5)).toEqual(['财务', 'ab'])
  })
})

describe('widthOf', () => {
  it('asks the terminal, then the variable of shells, and takes 80 where neither says', () => {
    expect(widthOf({ columns: 120 }, { COLUMNS: '60' })).toBe(120)
    expect(widthOf({ columns: 0 }, { COLUMNS: '60' })).toBe(60)
    for (const COLUMNS of [undefined, '', '0', 'wide', '-5']) expect(widthOf({}, { COLUMNS })).toBe(80)
  })
})

describe('a line for people', () => {
  const line = 'CBR of r/p: 2 backups in 3 calls, complete'

  it('fits the terminal, or 80 columns where it does not say how wide it is', () => {
    expect(fitted(line, { isTTY: true, columns: 24 })).toBe('CBR of r/p: 2 backups\n  in 3 calls, complete')
    expect(fitted(line, { isTTY: true, columns: 0 })).toBe(line)
    expect(fitted('x'.repeat(100), { isTTY: true, columns: 0 })).toBe(
      `${'x'.repeat(78)}\n  ${'x'.repeat(22)}`,
    )
  })

  it('stays one line where there is no terminal, so that grep finds it', () => {
    expect(fitted(line.repeat(9), {})).toBe(line.repeat(9))
  })
})
