import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { say } from '../say.ts'
import type { Section } from '../section.ts'
import { type Column, printTable } from '../table.ts'
import { measureEmpty, measureOurs, type Received } from './alert-server.ts'
import type { Hit } from './alert-storm.ts'

/** What receiving alerts costs beside a server that reads the body and answers. */
export const alerts: Section = {
  name: 'alerts',
  says: 'Alerts received at a steady rate, some of them forged, beside a handler that does nothing.',
  minutes: 2,
  flags: {
    seconds: { takes: 'value', value: 'N', says: 'How long; 60 unless told.' },
    rate: { takes: 'value', value: 'N', says: 'Alerts per second; 100 unless told.' },
    forged: { takes: 'value', value: 'N', says: 'How many of a hundred are forged; 20 unless told.' },
  },
  prepare: (flags) => {
    const storm = {
      seconds: flags.whole('seconds', 60),
      rate: flags.whole('rate', 100),
      forgedPercent: flags.whole('forged', 20, 0),
    }
    if (storm.forgedPercent > 100)
      flags.mistakes.push({ pointer: '--forged', detail: 'is more than 100 of a hundred' })
    return async () => {
      const folder = mkdtempSync(join(tmpdir(), 'bench-alerts-'))
      try {
        const empty = await measureEmpty(storm)
        say('alerts: the empty handler is measured')
        const received = await measureOurs(storm, folder)
        const genuine = received.hits.filter(({ isForged }) => !isForged)
        printLatencies(empty, genuine, received)
        console.log(describeStore(genuine, received))
        console.log(`${describeMemory(received)}\n`)
      } finally {
        rmSync(folder, { recursive: true })
      }
    }
  },
}

type Row = readonly [name: string, hits: readonly Hit[]]

const COLUMNS: readonly Column<Row>[] = [
  { title: 'what', cell: ([name]) => name, isText: true },
  { title: 'count', cell: ([, hits]) => hits.length.toLocaleString('en-US') },
  { title: 'answered', cell: ([, hits]) => describeStatuses(hits), isText: true },
  { title: 'p50 ms', cell: ([, hits]) => percentile(hits, 50).toFixed(1) },
  { title: 'p99 ms', cell: ([, hits]) => percentile(hits, 99).toFixed(1) },
  { title: 'worst ms', cell: ([, hits]) => percentile(hits, 100).toFixed(1) },
]

function printLatencies(empty: readonly Hit[], genuine: readonly Hit[], { hits, cpuMsEach }: Received): void {
  const forged = hits.filter(({ isForged }) => isForged)
  printTable(COLUMNS, [
    ['empty handler', empty],
    ['genuine alerts', genuine],
    ['forged alerts', forged],
  ])
  const ratio = (p: number) => (percentile(genuine, p) / percentile(empty, p)).toFixed(1)
  console.log(
    `p50 ${ratio(50)} ×, p99 ${ratio(99)} × that of the empty handler; ${cpuMsEach.toFixed(1)} ms CPU for each alert.`,
  )
}

function describeStatuses(hits: readonly Hit[]): string {
  const statuses = Map.groupBy(hits, ({ status }) => status)
  return [...statuses].map(([status, list]) => `${status} × ${list.length}`).join(', ')
}

function describeStore(genuine: readonly Hit[], { stored }: Received): string {
  const ids = new Set(genuine.map(({ alertId }) => alertId))
  const lost = genuine.filter(({ alertId = '' }) => stored.get(alertId) !== true).length
  const strange = [...stored.keys()].filter((id) => !ids.has(id)).length
  if (lost + strange > 0) process.exitCode = 1
  return `${ids.size} genuine alerts named, ${lost} of them not stored and done, ${strange} stored that were not genuine; ${stored.size} records.`
}

function describeMemory({ memory }: Received): string {
  if (memory.length < 3) return 'Too short to tell of memory.'
  const third = Math.floor(memory.length / 3)
  const mean = (list: readonly number[]) => (list.reduce((sum, mb) => sum + mb, 0) / list.length).toFixed(0)
  const [first, second, last] = [
    memory.slice(0, third),
    memory.slice(third, 2 * third),
    memory.slice(2 * third),
  ]
  return `Resident memory: ${mean(first)} MB in the first third, ${mean(second)} in the second, ${mean(last)} in the last; at most ${Math.max(...memory).toFixed(0)}.`
}

function percentile(hits: readonly Hit[], p: number): number {
  const sorted = hits.map(({ ms }) => ms).sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? Number.NaN
}
