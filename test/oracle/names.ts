import type { Dice } from './dice.ts'

const HOSTILE: readonly unknown[] = [
  '=HYPERLINK("http://example.test","x")',
  '+1+1',
  '@SUM(A1)',
  '-2',
  '\t=1',
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  'a,b;"c"\r\nd',
  'line\u2028separator',
  '备份-北京-数据库',
  '🗄️ e\u0301 é',
  '\u202Egnp.exe',
  '\uFEFFbom',
  'nul\u0000byte',
  'half \ud83d pair',
  '__proto__',
  'constructor',
  ' ',
  '',
  "'); DROP TABLE backups;--",
  'x'.repeat(300),
  null,
  17,
  undefined,
]

/** A name as one would give it, or now and then one that breaks what is careless; undefined stands for an absent key. */
export function someName({ dice, plain }: { dice: Dice; plain: string }): unknown {
  return dice.chance(0.2) ? dice.pick(HOSTILE) : `${plain}-${dice.hex(4)}`
}
