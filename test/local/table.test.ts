import { describe, expect, it } from 'vitest'
import { columnsOf, cutToColumns, printable } from '../../local/printable.ts'
import { renderTable } from '../../local/table.ts'

interface Pet {
  readonly name: string
  readonly id: string
}

const COLUMNS = [
  { title: 'NAME', rank: 2, least: 4, cell: ({ name }: Pet) => name },
  { title: 'NOTE', rank: 3, cell: () => 'a long note' },
  { title: 'ID', rank: 1, cell: ({ id }: Pet) => id },
]

const PETS: readonly Pet[] = [
  { name: '财务-数据库-01', id: '0123456789' },
  { name: 'cat\u202egpj', id: 'b' },
]

describe('columnsOf', () => {
  it('counts Chinese letters, full-width forms and emoji twice, marks not at all', () => {
    expect(['abc', '财务', 'Ａ', '🚀-ci', 'e\u0301', '한'].map(columnsOf)).toEqual([3, 4, 2, 5, 1, 2])
  })
})

describe('cutToColumns', () => {
  it('never exceeds the columns and never cuts a letter in two', () => {
    expect(['abcdef', '财务数据', 'a财务', '🚀🚀🚀'].map((text) => cutToColumns(text, 4))).toEqual([
      'abc…',
      '财…',
      'a财…',
      '🚀…',
    ])
    expect(cutToColumns('财务', 4)).toBe('财务')
  })
})

describe('printable', () => {
  it('shows what would move the cursor or turn the text around', () => {
    expect(printable('a\u001b[31m\nb\u202ec\u009bd\ud800')).toBe('a�[31m�b�c�d�')
  })
})

describe('renderTable', () => {
  it('shows everything where there is room', () => {
    expect(renderTable(COLUMNS, PETS, 80)).toEqual([
      'NAME            NOTE         ID',
      '财务-数据库-01  a long note  0123456789',
      'cat�gpj         a long note  b',
    ])
  })

  it('leaves out what matters least, cuts what may be cut, and keeps ids whole', () => {
    expect(renderTable(COLUMNS, PETS, 20)).toEqual(['NAME      ID', '财务-数…  0123456789', 'cat�gpj   b'])
    expect(renderTable(COLUMNS, PETS, 12)).toEqual(['ID', '0123456789', 'b'])
  })
})
