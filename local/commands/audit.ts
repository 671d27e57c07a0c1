import { SEVERITIES } from '../../lib/audit/control.ts'
import type { Environment } from '../../lib/runtime/environment.ts'
import { FOR_AUDITS, world } from '../../lib/runtime/services.ts'
import type { AuditResult } from '../../lib/workflow/publish-audit.ts'
import { runAudit } from '../../lib/workflow/run-audit.ts'
import { type Cloud, openCloud } from '../cloud.ts'
import { describeFlags } from '../flags.ts'
import { AUDIT_FLAGS, type AuditWish, readAuditWish } from './audit-flags.ts'
import { endWhenInterrupted, type Interruption } from './interruption.ts'
import { createProgress, describeScanned, type ProgressDisplay, silentProgress } from './progress.ts'
import { describeSummary } from './summary.ts'

const HELP = `Usage: npm run audit -- [flags]

Reads every CBR and DCS backup of the targets, and writes a report that says
what could not be restored. Without credentials it audits the built-in emulator.

${describeFlags(AUDIT_FLAGS)}

Examples
  npm run audit
  npm run audit -- --target cn-north-4 --store s3://my-bucket/backup-audits
  npm run --silent audit -- --json --quiet --fail-on high | jq .findings

Exit codes: 0 complete, 1 failed, 2 wrong flags or configuration,
3 --fail-on was met, 4 written but incomplete, 130 interrupted.
`

const DEMO =
  'No credentials in the environment: auditing the built-in emulator, a made-up company on a small Huawei Cloud.'

/** The main job from the shell: audits, writes the report, prints what to look at first. */
export async function audit(argv: readonly string[], environment: Environment): Promise<number> {
  const wish = await readAuditWish(argv, environment, world.now())
  if (wish.help) {
    process.stdout.write(HELP)
    return 0
  }
  const progress = wish.quiet
    ? silentProgress
    : createProgress({ stream: process.stderr, nowMs: world.nowMs })
  const interruption = endWhenInterrupted(progress.end)
  const cloud = await openCloud(wish.config, environment, {
    flags: wish.configFlags,
    onEmulator: () => progress.say(DEMO),
  })
  try {
    const result = await auditTargets(wish, cloud, progress, interruption)
    process.stdout.write(wish.json ? `${JSON.stringify(result.summary)}\n` : `${describeSummary(result)}\n`)
    return exitCodeFor(wish, result)
  } finally {
    progress.end()
    await cloud.close()
    interruption.release()
  }
}

async function auditTargets(
  wish: AuditWish,
  cloud: Cloud,
  progress: ProgressDisplay,
  interruption: Interruption,
): Promise<AuditResult> {
  const services = cloud.open({
    ...FOR_AUDITS,
    log: (_, message, { because }) => progress.say([message, because].join(': ')),
  })
  try {
    const { asOf, previous } = wish
    const store = interruption.watch(services.store)
    return await runAudit(
      { ...services, store },
      {
        services: wish.services,
        asOf,
        previous,
        onProgress: progress.update,
        onScanned: ({ report, incompleteBecause }) =>
          progress.say(describeScanned(report, incompleteBecause)),
      },
    )
  } finally {
    progress.end()
  }
}

function exitCodeFor(wish: AuditWish, { summary, unmuted }: AuditResult): 0 | 3 | 4 {
  if (summary.verdict === 'incomplete') return 4
  const { failOn } = wish
  if (failOn === undefined) return 0
  const counted = SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1)
  return counted.some((severity) => unmuted[severity] > 0) ? 3 : 0
}
