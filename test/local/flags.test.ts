import { describe, expect, it } from 'vitest'
import { describeFlags, type Flags, readFlags } from '../../local/flags.ts'

const FLAGS: Flags = {
  target: {
    takes: 'values',
    value: 'REGION[:PROJECT_ID]',
    says: 'What to audit; may be given several times.',
  },
  store: { takes: 'value', value: 'URL', says: 'Where the report goes.' },
  json: { takes: 'nothing', says: 'One JSON object on stdout.' },
}

function mistakesOf(...argv: string[]): readonly string[] {
  return readFlags(argv, FLAGS).mistakes.map(({ pointer, detail }) => `${pointer} ${detail}`)
}

describe('readFlags', () => {
  it('reads values in both spellings, repeated values and switches', () => {
    const { values, mistakes } = readFlags(['--target', 'a-b', '--target=c-d', '--json', '--store=-x'], FLAGS)
    expect(mistakes).toEqual([])
    expect(values.all('target')).toEqual(['a-b', 'c-d'])
    expect(values.one('store')).toBe('-x')
    expect(values.has('json')).toBe(true)
    expect(values.has('toString')).toBe(false)
  })

  it('names every mistake at once', () => {
    expect(
      mistakesOf('--stroe', 'file:x', '--json=1', '--store', '--target', 'a', 'loose', '--constructor'),
    ).toEqual([
      '--stroe is no flag of this command; did you mean --store?',
      '--json takes no value, but got "1"',
      '--store needs a value: --store URL',
      '"loose" is no argument of this command; see --help',
      '--constructor is no flag of this command; see --help',
    ])
  })

  it('names the flags that npm took because no -- stood before them', () => {
    const environment = { npm_lifecycle_event: 'audit', npm_config_store: '', npm_config_json: 'true' }
    expect(readFlags([], FLAGS, environment).mistakes).toEqual([
      {
        pointer: '--store',
        detail:
          'was taken by npm, and not by this command; write -- before the flags: npm run audit -- --store',
      },
    ])
  })

  it('refuses a single value that is given twice', () => {
    expect(mistakesOf('--store', 'a', '--store', 'b')).toEqual(['--store is given more than once'])
  })
})

describe('describeFlags', () => {
  it('fits 80 columns and names every flag', () => {
    const lines = describeFlags(FLAGS).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
    for (const name of Object.keys(FLAGS)) expect(lines.join('\n')).toContain(`--${name}`)
  })
})
