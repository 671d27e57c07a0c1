import { readFile, writeFile } from 'node:fs/promises'
import { Fault } from '../../lib/errors.ts'
import type { Environment } from '../../lib/runtime/environment.ts'
import { writeJson } from '../../lib/write-json.ts'
import { describeFlags, type Flags, readFlags } from '../flags.ts'
import { describeApi } from '../openapi/document.ts'

/** npm runs commands in the folder of the package. */
const FILE = 'docs/openapi.json'

const OPENAPI_FLAGS = {
  check: { takes: 'nothing', says: 'Write nothing; end with 1 where the file is out of date.' },
  help: { takes: 'nothing', says: 'This text.' },
} as const satisfies Flags

const HELP = `Usage: npm run openapi -- [flags]

Writes docs/openapi.json, the description of the HTTP API, from the schemas and
tables that the routes themselves use.

${describeFlags(OPENAPI_FLAGS)}

Examples
  npm run openapi
  npm run openapi -- --check
`

/** Writes the description of the HTTP API, or says whether the one that is there is out of date. */
export async function openapi(argv: readonly string[], environment: Environment): Promise<number> {
  const { values, mistakes } = readFlags(argv, OPENAPI_FLAGS, environment)
  if (values.has('help')) {
    process.stdout.write(HELP)
    return 0
  }
  if (mistakes.length > 0) throw new Fault('invalid_configuration', 'Cannot describe the API', { mistakes })
  const document = writeJson(describeApi())
  const isCurrent = (await readFile(FILE, 'utf8').catch(() => '')) === document
  if (values.has('check')) {
    process.stdout.write(
      isCurrent
        ? 'docs/openapi.json is up to date.\n'
        : 'docs/openapi.json is out of date: npm run openapi\n',
    )
    return isCurrent ? 0 : 1
  }
  if (!isCurrent) await writeFile(FILE, document)
  return 0
}
