// A process of its own that carries on with a durable audit, for tests that kill it: what AWS would remember lies in a file.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Context } from 'aws-lambda'
import { parseTime } from '../../lib/parse-time.ts'
import { readConfig } from '../../lib/runtime/config.ts'
import { goOn } from '../../lib/runtime/durable-execution.ts'
import { createServices, FOR_AUDITS } from '../../lib/runtime/services.ts'
import { auditOrdered } from '../../lib/workflow/audit-ordered.ts'
import { clientOf, type Memory, newMemory, nextTurn } from './durable-service.ts'
import { inShortTurn } from './short-turn.ts'

const [file = '', auditId = '', asOf = '', calls = 'Infinity'] = process.argv.slice(2)
const context = { getRemainingTimeInMillis: () => 600_000 } as Context
const fresh = newMemory({}, save)
const memory: Memory = existsSync(file)
  ? { ...fresh, operations: new Map(JSON.parse(readFileSync(file, 'utf8'))) }
  : fresh
const config = readConfig(process.env)
const services = createServices(config, FOR_AUDITS)
const order = {
  places: config.places,
  services: ['cbr', 'dcs'],
  scope: undefined,
  asOf: parseTime(asOf),
  previous: 'none',
} as const

for (;;) {
  const turn = await goOn(nextTurn(memory, clientOf(memory)), context, services.log, (_, steps) =>
    auditOrdered(
      inShortTurn(services, () => Number(calls)),
      order,
      { auditId, steps },
    ),
  )
  if (turn.Status === 'PENDING') continue
  process.stdout.write(`${JSON.stringify(turn)}\n`)
  process.exit(turn.Status === 'SUCCEEDED' ? 0 : 1)
}

function save(): void {
  writeFileSync(`${file}.new`, JSON.stringify([...memory.operations]))
  renameSync(`${file}.new`, file)
}
