// What this costs, and how fast it is: npm run bench -- --help
import { styleText } from 'node:util'
import { Fault, type Mistake } from '../../lib/errors.ts'
import { nearest } from '../../lib/nearest.ts'
import { describeFailure, exitCodeOf } from '../../local/failure.ts'
import { describeFlags, type Flags, readFlags } from '../../local/flags.ts'
import { wrap } from '../../local/wrap.ts'
import { describeMachine, load } from './describe-machine.ts'
import { FlagReader } from './flag-reader.ts'
import { say } from './say.ts'
import type { Section } from './section.ts'
import { alertSchedules } from './sections/alert-schedules.ts'
import { alerts } from './sections/alerts.ts'
import { audit } from './sections/audit.ts'
import { coldStart } from './sections/cold-start.ts'
import { dcs } from './sections/dcs.ts'
import { kills } from './sections/kills.ts'
import { listing } from './sections/listing.ts'
import { shards } from './sections/shards.ts'
import { throttled } from './sections/throttled.ts'
import { upload } from './sections/upload.ts'

/** What runs where nothing is asked for. */
const USUAL: readonly Section[] = [audit, throttled, upload, dcs, coldStart]
const SECTIONS: readonly Section[] = [...USUAL, listing, shards, kills, alertSchedules, alerts]
const COMMON = {
  all: { takes: 'nothing', says: 'Every section, and more of some, whatever time it takes.' },
  help: { takes: 'nothing', says: 'This text.' },
} as const satisfies Flags

function describe(section: Section): string {
  const { name, says, flags } = section
  const about = wrap(`${says} (${duration(section)})`, 76).join('\n    ')
  return `  ${styleText('bold', name)}\n    ${about}\n${describeFlags(flags)}\n`
}

const HELP = `Usage: npm run bench -- [SECTION…] [flags]

Prints the tables of docs/benchmarks.md, and how far it is on stderr. Without a
section it runs ${USUAL.map(({ name }) => name).join(', ')}.

${SECTIONS.map(describe).join('\n')}
${describeFlags(COMMON)}

Examples
  npm run bench
  npm run --silent bench -- upload cold-start > tables.md
  npm run bench -- audit --backups 100000 --latency-ms 200 --runs 5,sdk-100=1

What other verifiers of alerts make of our cases needs their packages:
test/bench/compare-verifiers.ts says how. Exit codes: 0 measured, whether or not
the goals were met; 1 something failed or was wrong; 2 wrong flags.
`

function duration({ minutes, minutesOfAll }: Section): string {
  return minutesOfAll === undefined ? `${minutes} min` : `${minutes} min, with --all ${minutesOfAll} min`
}

/** A section and the run that was made of its flags. */
interface Job {
  readonly section: Section
  readonly run: () => Promise<void>
}

async function run(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help')) return void process.stdout.write(HELP)
  const jobs = plan(argv)
  say(announce(jobs, argv.includes('--all')))
  for (const { section, run: measure } of jobs) {
    const [before, startedMs] = [load(), performance.now()]
    say(`${section.name}: starts`)
    console.log(`## ${section.name}\n\n${section.says}\n`)
    await measure()
    const seconds = Math.round((performance.now() - startedMs) / 1000)
    console.log(`${describeMachine()}; ${seconds} s in all, load ${before} before and ${load()} behind.\n`)
  }
}

function announce(jobs: readonly Job[], isAll: boolean): string {
  const minutesOf = ({ section }: Job) => (isAll && section.minutesOfAll) || section.minutes
  const parts = jobs.map((job) => `${job.section.name} (${minutesOf(job)} min)`)
  const total = jobs.reduce((sum, job) => sum + minutesOf(job), 0)
  return `This runs ${parts.join(', ')}: some ${total} min in all as the flags come, on a quiet machine.`
}

/** What is to be run, with every mistake in what was asked for. */
function plan(argv: readonly string[]): readonly Job[] {
  const start = argv.findIndex((word) => word.startsWith('-'))
  const names = start === -1 ? argv : argv.slice(0, start)
  const rest = argv.slice(names.length)
  const unknown = names.filter((name) => SECTIONS.every((section) => section.name !== name))
  const named = SECTIONS.filter(({ name }) => names.includes(name))
  const chosen = names.length > 0 ? named : rest.includes('--all') ? SECTIONS : USUAL
  const flags = Object.assign({}, ...chosen.map((section) => section.flags), COMMON)
  const { values, mistakes } = readFlags(rest, unknown.length > 0 ? { ...flags, ...everyFlag() } : flags)
  const reader = new FlagReader(values, [...unknown.map(unknownSection), ...mistakes])
  const jobs = chosen.map((section) => ({ section, run: section.prepare(reader) }))
  if (reader.mistakes.length > 0)
    throw new Fault('invalid_configuration', 'Cannot start the bench', { mistakes: reader.mistakes })
  return jobs
}

/** Which flags are right cannot be told where it is not known who takes them. */
function everyFlag(): Flags {
  return Object.assign({}, ...SECTIONS.map(({ flags }) => flags))
}

function unknownSection(word: string): Mistake {
  const names = SECTIONS.map(({ name }) => name)
  const meant = nearest(word, names)
  const hint = meant === undefined ? `there are ${names.join(', ')}` : `did you mean ${meant}?`
  return { pointer: JSON.stringify(word), detail: `is no section; ${hint}` }
}

try {
  await run(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`)
  process.exitCode = exitCodeOf(error)
}
