import { it } from 'vitest'
import { writeFileSync } from 'node:fs'
import { compareAudit } from './oracle/compare.ts'
import { expectAudit } from './oracle/expect.ts'
import { generateFleet } from './oracle/fleet.ts'
import { auditFleet } from './support/audit-fleet.ts'
it('x', async () => {
  const out: string[] = []
  for (let seed = 1; seed <= 12; seed++) {
    const oracle = generateFleet(seed)
    const d = await auditFleet(oracle.fleet, oracle.asOf, oracle.policy)
    out.push(...compareAudit(expectAudit(oracle), d).map((l) => `${seed} ${l}`))
    if (d.summary.verdict !== 'complete') out.push(`${seed} VERDICT ${JSON.stringify(d.summary.incomplete_because)}`)
  }
  writeFileSync('/tmp/diffs.txt', out.join('\n'))
}, 100000)
