import type { ScanProgress, TargetReport } from '../../lib/scan.ts'
import { figure } from '../figure.ts'
import { plural } from '../plural.ts'
import { fitted, widthOf } from '../wrap.ts'

/** Shows how far a long piece of work is. */
export interface ProgressDisplay {
  readonly update: (progress: ScanProgress) => void
  readonly say: (line: string) => void
  readonly end: () => void
}

/** What a display needs of the world: a stream, and a monotonic clock in milliseconds. */
export interface ProgressSurroundings {
  readonly stream: NodeJS.WriteStream
  readonly nowMs: () => number
}

const REDRAW_MS = 100
const PLAIN_LINE_MS = 5_000
const BAR_CELLS = 24

/** A bar with backups per second and time left where the stream is a terminal, a line now and then elsewhere. */
export function createProgress({ stream, nowMs }: ProgressSurroundings): ProgressDisplay {
  const startedMs = nowMs()
  const targets = new Map<string, ScanProgress>()
  const intervalMs = stream.isTTY ? REDRAW_MS : PLAIN_LINE_MS
  let drawnMs = startedMs
  const clear = () => {
    if (stream.isTTY) stream.write('\r\u001b[K')
  }
  return {
    update: (progress) => {
      const { service, region, projectId } = progress.target
      targets.set(`${service} ${region} ${projectId}`, progress)
      if (nowMs() - drawnMs < intervalMs) return
      drawnMs = nowMs()
      const line = describeProgress([...targets.values()], nowMs() - startedMs, stream.isTTY)
      if (stream.isTTY) stream.write(`\r${line.slice(0, widthOf(stream) - 1)}\u001b[K`)
      else stream.write(`${line}\n`)
    },
    say: (line) => {
      clear()
      stream.write(`${fitted(line, stream)}\n`)
    },
    end: clear,
  }
}

/** Nothing at all, for `--quiet`. */
export const silentProgress: ProgressDisplay = { update: () => {}, say: () => {}, end: () => {} }

/** One line: how many of how many, how fast, and how long still. */
export function describeProgress(all: readonly ScanProgress[], elapsedMs: number, withBar: boolean): string {
  const seen = all.reduce((sum, { seen }) => sum + seen, 0)
  const expected = all.reduce((sum, { seen, expected }) => sum + Math.max(seen, expected ?? 0), 0)
  const share = expected === 0 ? 0 : seen / expected
  const perSecond = (seen * 1000) / Math.max(elapsedMs, 1)
  const leftSeconds = perSecond === 0 ? undefined : Math.ceil((expected - seen) / perSecond)
  const left = leftSeconds === undefined ? '' : `, ${leftSeconds} s left`
  const bar = withBar ? `${drawBar(share)} ` : ''
  const rate = figure(Math.round(perSecond))
  return `${bar}${Math.floor(share * 100)} %, ${figure(seen)} of ${plural(expected, 'backup')}, ${rate}/s${left}`
}

/** The line about a target that was read. */
export function describeScanned(
  report: Pick<TargetReport, 'service' | 'region' | 'project_id' | 'distinct' | 'requests'>,
  incompleteBecause: readonly string[],
): string {
  const target = `${report.service.toUpperCase()} of ${report.region}/${report.project_id}`
  const verdict = incompleteBecause.length === 0 ? 'complete' : 'INCOMPLETE'
  return `${target}: ${plural(report.distinct, 'backup')} in ${plural(report.requests, 'call')}, ${verdict}`
}

/** A bar, filled from 0 to 1. */
export function drawBar(share: number): string {
  const cells = Math.round(share * BAR_CELLS)
  return `[${'█'.repeat(cells)}${'░'.repeat(BAR_CELLS - cells)}]`
}
