import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CONTROLS } from '../../lib/audit/controls/index.ts'
import { defaultPolicy, readPolicy } from '../../lib/audit/policy.ts'
import { Fault } from '../../lib/errors.ts'

const ROOT = join(import.meta.dirname, '../..')
const PAGE = readFileSync(join(ROOT, 'docs/policy.md'), 'utf8')
const README = readFileSync(join(ROOT, 'README.md'), 'utf8')

/** The complete policies of a page. */
function policiesOf(page: string): readonly string[] {
  return [...page.matchAll(/^```json\n(\{.*?\})\n```$/gms)].map(([, json = '']) => json)
}

/** The keys that are allowed at a place, as a key that is unknown there is told; empty where no object belongs there. */
function keysAt(path: readonly string[]): readonly string[] {
  const document = path.reduceRight<unknown>(
    (inside, step) => (step === '[]' ? [inside] : { [step]: inside }),
    {
      '?': 0,
    },
  )
  const pointer = [...path.map((step) => (step === '[]' ? '0' : step)), '?']
    .map((step) => `/${step}`)
    .join('')
  try {
    readPolicy(document, CONTROLS)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const detail = error.mistakes.find((mistake) => mistake.pointer === pointer)?.detail ?? ''
    return /^found an unknown key, allowed are ([\w, ]+)/.exec(detail)?.[1]?.split(', ') ?? []
  }
  return []
}

/** Every key that holds a value of its own: `stuck.after`, `mutes[].owner`. */
function fieldsUnder(path: readonly string[]): readonly string[] {
  return keysAt(path).flatMap((key) => {
    const inside = [fieldsUnder([...path, key]), fieldsUnder([...path, key, '[]'])].flat()
    return inside.length > 0 ? inside : [[...path, key].join('.').replaceAll('.[]', '[]')]
  })
}

describe('docs/policy.md', () => {
  it('has a row for each field that a policy may have', () => {
    const fields = fieldsUnder([])
    expect(fields).toEqual(expect.arrayContaining(['stuck.after', 'mutes[].owner', 'alerts.rules[].source']))
    const rows = [...PAGE.matchAll(/^\| `([a-z_.[\]]+)` \|/gm)].map(([, name]) => name)
    expect(fields.filter((field) => !rows.includes(field))).toEqual([])
  })

  it('begins with the defaults', () => {
    const [defaults = ''] = policiesOf(PAGE)
    expect(JSON.parse(defaults)).toHaveProperty('mutes', [])
    expect(readPolicy(JSON.parse(defaults), CONTROLS)).toEqual(defaultPolicy)
    for (const [, key = '', value = ''] of PAGE.matchAll(/^\| `(\w+\.\w+)` \| \w+ \| `(\w+)` \|/gm)) {
      const [section = '', field = ''] = key.split('.')
      expect(JSON.parse(defaults)[section][field], key).toBe(value)
    }
  })

  it('shows policies that can be used', () => {
    expect(policiesOf(PAGE).length).toBeGreaterThan(3)
    for (const json of policiesOf(PAGE))
      expect(() => readPolicy(JSON.parse(json), CONTROLS), json).not.toThrow()
  })
})

describe('The policy of the README', () => {
  it('is the defaults, and mutes nothing when it is copied', () => {
    const [json = ''] = policiesOf(README)
    expect(readPolicy(JSON.parse(json), CONTROLS)).toEqual(defaultPolicy)
  })
})
