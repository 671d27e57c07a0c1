import { execSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, delimiter, join } from 'node:path'
import packageJson from '../../../package.json' with { type: 'json' }
import { costColumns } from '../cost-columns.ts'
import { measure } from '../measure.ts'
import { RUNS_FLAG, runsOf } from '../runs-of.ts'
import type { Section } from '../section.ts'
import { printTable } from '../table.ts'
import { type Contender, takeTurns } from '../take-turns.ts'

const ROOT = join(import.meta.dirname, '../../..')
const CLIENT = join(import.meta.dirname, '../client')
const FUNCTIONS = readdirSync(join(ROOT, 'functions')).map((file) => basename(file, '.ts'))
const CONTENDERS: readonly string[] = ['empty', ...FUNCTIONS]

/** What loading each packaged function costs, beside one that does nothing. */
export const coldStart: Section = {
  name: 'cold-start',
  says: 'Loading each packaged function until its handler is there, beside a function of one line that is bundled alike.',
  minutes: 1,
  flags: { runs: RUNS_FLAG },
  prepare: (flags) => {
    const runs = runsOf(flags, CONTENDERS, 11)
    return async () => {
      const folder = mkdtempSync(join(tmpdir(), 'bench-bundles-'))
      try {
        bundle('"functions/*.ts"', 'dist')
        bundle(join(CLIENT, 'empty-handler.ts'), folder)
        await compareBundles(join(folder, 'empty-handler.cjs'), runs)
      } finally {
        rmSync(folder, { recursive: true })
      }
    }
  },
}

/** Bundles as `npm run bundle` does, but this and to there. */
function bundle(entry: string, folder: string): void {
  const command = packageJson.scripts.bundle
    .replace('"functions/*.ts"', entry)
    .replace('--outdir=dist', `--outdir=${folder}`)
  const PATH = [join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(delimiter)
  execSync(command, { cwd: ROOT, env: { ...process.env, PATH }, stdio: ['ignore', 'ignore', 'inherit'] })
}

async function compareBundles(empty: string, runs: (id: string) => number): Promise<void> {
  const pathOf = (id: string) => (id === 'empty' ? empty : join(ROOT, 'dist', `${id}.cjs`))
  const contenders = CONTENDERS.map(
    (id): Contender<string> => ({
      id,
      run: async () => ({ ...(await measure([join(CLIENT, 'load-handler.cjs'), pathOf(id)])), calls: [] }),
    }),
  )
  const results = await takeTurns('cold start', contenders, runs)
  const rows = [...results].map(([id, list]) => ({ id, runs: list }))
  printTable(
    [
      { title: 'bundle', cell: ({ id }) => id, isText: true },
      { title: 'kB', cell: ({ id }) => (statSync(pathOf(id)).size / 1000).toFixed(0) },
      ...costColumns<(typeof rows)[number]>([{ title: '× empty', runsOf: () => results.get('empty') }]),
    ],
    rows,
  )
}
