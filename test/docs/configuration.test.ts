import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../lib/runtime/config.ts'
import type { Environment } from '../../lib/runtime/environment.ts'

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8')

/** These are found by their beginning, or read by one command alone. */
const READ_OTHERWISE = ['HUAWEICLOUD_SDK_REGION_<SERVICE>_<REGION>', 'PORT']

/** Every variable that is asked for while an empty environment is read. */
function variablesRead(): readonly string[] {
  const asked = new Set<string>()
  const environment = new Proxy<Environment>(
    {},
    {
      get: (_, name) => {
        asked.add(String(name))
        return undefined
      },
    },
  )
  readConfig(environment)
  return [...asked]
}

describe('docs/configuration.md', () => {
  it('has a row for each variable that is read, and for no other', () => {
    const rows = [...PAGE.matchAll(/^\| `([A-Z][A-Z0-9_<>]+)` \|/gm)].map(([, name]) => name)
    expect(rows.toSorted()).toEqual([...variablesRead(), ...READ_OTHERWISE].toSorted())
  })

  it('says what is said of its mistakes', () => {
    const [, shown = ''] =
      /AUDIT_TARGETS=cn-north4 .*\n# Cannot start the audit:\n((?:# {3}.*\n)+)/.exec(PAGE) ?? []
    const lines = shown
      .trim()
      .split('\n')
      .map((line) => line.replace(/^# +/, '').replace(/ …$/, ''))
    const environment = {
      HUAWEICLOUD_SDK_AK: 'a',
      HUAWEICLOUD_SDK_SK: 'b',
      AUDIT_TARGETS: 'cn-north4',
      REPORT_STORE: 'ftp://x',
    }
    let said = ''
    try {
      readConfig(environment)
    } catch (error) {
      const { mistakes } = error as { readonly mistakes: readonly { pointer: string; detail: string }[] }
      said = mistakes.map(({ pointer, detail }) => `${pointer} ${detail}`).join('\n')
    }
    expect(lines).toHaveLength(3)
    // The file that the policy names is looked for by whoever uses it.
    for (const line of lines.slice(0, 2)) expect(said).toContain(line)
  })
})
