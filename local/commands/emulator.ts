import { once } from 'node:events'
import { Fault, type Mistake } from '../../lib/errors.ts'
import type { Environment } from '../../lib/runtime/environment.ts'
import { world } from '../../lib/runtime/services.ts'
import { systemCode } from '../../lib/system-code.ts'
import { OPERATIONS } from '../emulator/actions.ts'
import { mistakesInFault } from '../emulator/fault-spec.ts'
import { describeFaults } from '../emulator/fault-words.ts'
import { readyLine } from '../emulator/ready-line.ts'
import { type EmulatorOptions, startEmulator } from '../emulator/server.ts'
import { describeFlags, type Flags, type FlagValues, readFlags } from '../flags.ts'

const EMULATOR_FLAGS = {
  port: {
    takes: 'value',
    value: 'N',
    says: 'Where to listen, on 127.0.0.1; 8877 unless told, 0 for any free port.',
  },
  backups: {
    takes: 'value',
    value: 'N',
    says: 'How many backups the made-up company has; 2000 unless told. Example: 100000.',
  },
  seed: {
    takes: 'value',
    value: 'N',
    says: 'The same seed makes the same company; 1 unless told. Example: 7.',
  },
  'latency-ms': {
    takes: 'value',
    value: 'N',
    says: 'How long each answer waits; 0 unless told. Example: 50.',
  },
  rate: {
    takes: 'value',
    value: 'N',
    says: 'Requests per second; more are answered 429 in the words of Huawei. Example: 20.',
  },
  'checkpoint-ms': {
    takes: 'value',
    value: 'N',
    says: 'How long a checkpoint, or a DCS backup, is on its way; 5000 unless told, 0 to be done at once.',
  },
  'replication-ms': {
    takes: 'value',
    value: 'N',
    says: 'How long a replication is on its way; 5000 unless told.',
  },
  'expiry-ms': {
    takes: 'value',
    value: 'N',
    says: 'How long after its expiry a backup is deleted; 600000 unless told. What had expired at the start stays.',
  },
  fault: {
    takes: 'values',
    value: 'SPEC',
    says: 'Something that goes wrong, such as cbr.backups:status=500:times=2; may be repeated; a wrong SPEC is answered with the grammar.',
  },
  help: { takes: 'nothing', says: 'This text.' },
} as const satisfies Flags

const HELP = `Usage: npm run emulator -- [flags]

A small Huawei Cloud: CBR, DCS and IAM on one port, for any client or SDK.
When it is ready it prints one JSON line with its endpoint and its keys.

${describeFlags(EMULATOR_FLAGS)}

Examples
  npm run emulator
  npm run emulator -- --backups 100000 --latency-ms 50 --rate 20
  npm run emulator -- --port 0 --seed 7 --checkpoint-ms 0 --replication-ms 60000
  npm run emulator -- --fault cbr.backups:status=500:times=2
  npm run emulator -- --fault cbr.checkpoints:skip=1 --fault cbr.checkpoint:hang

docs/emulator.md shows how to point the SDKs of Node, Python and Go at it.
`

/** Serves the emulator until it is interrupted. */
export async function emulator(argv: readonly string[], environment: Environment): Promise<number> {
  const { values, mistakes } = readFlags(argv, EMULATOR_FLAGS, environment)
  if (values.has('help')) {
    process.stdout.write(HELP)
    return 0
  }
  const options = readOptions(values, [...mistakes])
  const running = await start(options)
  process.stdout.write(`${readyLine(running)}\n`)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await running.close()
  return 0
}

function readOptions(values: FlagValues, mistakes: Mistake[]): EmulatorOptions {
  const whole = (name: string, most: number): number | undefined => {
    const text = values.one(name)
    if (text === undefined) return undefined
    const isWhole = /^\d{1,9}$/.test(text) && Number(text) <= most
    if (!isWhole)
      mistakes.push({ pointer: `--${name}`, detail: `has ${JSON.stringify(text)}; allowed are 0 to ${most}` })
    return Number(text)
  }
  const options = {
    now: world.epochMs,
    port: whole('port', 65_535) ?? 8877,
    backups: whole('backups', 5_000_000) ?? 2000,
    seed: whole('seed', 999_999_999) ?? 1,
    latencyMs: whole('latency-ms', 60_000) ?? 0,
    checkpointMs: whole('checkpoint-ms', 999_999_999) ?? 5000,
    replicationMs: whole('replication-ms', 999_999_999) ?? 5000,
    expiryMs: whole('expiry-ms', 999_999_999) ?? 600_000,
    faults: values.all('fault'),
  }
  const rate = whole('rate', 1_000_000)
  mistakes.push(...mistakesInFaults(options.faults))
  if (mistakes.length > 0) throw new Fault('invalid_configuration', 'Cannot start the emulator', { mistakes })
  return rate === undefined || rate === 0 ? options : { ...options, rate }
}

/** What is wrong with each SPEC, and at the end, once, what one may be. */
function mistakesInFaults(specs: readonly string[]): readonly Mistake[] {
  const mistakes = specs.flatMap((spec) =>
    mistakesInFault(spec, OPERATIONS).map((mistake) => ({
      pointer: '--fault',
      detail: `has ${JSON.stringify(spec)}: ${mistake}`,
    })),
  )
  if (mistakes.length === 0) return []
  const allowed = describeFaults(OPERATIONS).split('\n')
  return [...mistakes, ...allowed.map((detail) => ({ pointer: '', detail }))]
}

async function start(options: EmulatorOptions) {
  try {
    return await startEmulator(options)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    const isTaken = systemCode(cause) === 'EADDRINUSE'
    const detail = isTaken ? `port ${options.port} is taken; choose another with --port` : why
    throw new Fault('invalid_configuration', `Cannot start the emulator: ${detail}`, { cause })
  }
}
