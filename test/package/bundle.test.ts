import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../../lib/digest.ts'
import { type Cloud, startCloud } from '../support/cloud.ts'
import { invoke } from '../support/invoke.ts'
import { objectAt, readJson, rowsAt, textAt } from '../support/json.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const ROOT = join(import.meta.dirname, '../..')
const SCHEDULED = readJson(await readFile(join(ROOT, 'events/backup-audit.scheduled.json'), 'utf8'))['event']

let cloud: Cloud
let workspace: Workspace
let module: string

beforeAll(async () => {
  ;[cloud, workspace] = await Promise.all([startCloud(), openWorkspace()])
  await workspace.npmRun('bundle')
  module = join(workspace.folder, 'dist/backup-audit.cjs')
})

afterAll(async () => {
  await Promise.all([cloud.close(), workspace.remove()])
})

function stored(key: string) {
  return readJson(String(cloud.read(key)))
}

function linesOf(printed: string) {
  return printed
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map(readJson)
}

describe('the bundle of backup-audit', () => {
  it('writes a whole report into the bucket, with keys that only the secret holds', async () => {
    const { ended, printed } = await invoke({ module, events: [SCHEDULED] }, cloud.environment)
    const latest = stored('latest.json')
    const auditId = textAt(latest, 'audit_id')
    const manifest = stored(textAt(latest, 'manifest'))
    const receipt = { audit_id: latest['complete_audit_id'], verdict: 'complete' }
    expect(ended).toMatchObject([
      { result: { ...receipt, report: `s3://audit-reports/team/backups/${auditId}` } },
    ])

    expect(manifest).toMatchObject({ audit_id: auditId, verdict: 'complete' })
    const files = rowsAt(manifest, 'files')
    const written = cloud.keys().filter((key) => key.startsWith(auditId))
    expect(written.sort()).toEqual(
      [...files.map(({ name }) => `${auditId}/${name}`), latest['manifest']].sort(),
    )
    for (const { name, sha256: expected, bytes } of files) {
      const content = cloud.read(`${auditId}/${name}`) ?? Buffer.of()
      expect([sha256(content), content.length]).toEqual([expected, bytes])
    }

    expect(printed).not.toContain(cloud.secretKey)
    // The alarm on missed audits counts these lines.
    expect(linesOf(printed)).toContainEqual(
      expect.objectContaining({ message: 'audit published', ...receipt }),
    )
  })

  it('compares a second audit of the same process with the first', async () => {
    const { ended } = await invoke({ module, events: [SCHEDULED, SCHEDULED] }, cloud.environment)
    const [first, second] = ended.map((end) => ('result' in end ? (end.result as { audit_id: string }) : end))
    const delta = objectAt(stored(`${(second as { audit_id: string }).audit_id}/summary.json`), 'delta')
    expect(delta).toMatchObject({ previous_audit_id: (first as { audit_id: string }).audit_id })
    expect(delta['persisting']).toBeGreaterThan(0)
  })

  it('names what is missing in its configuration, in its answer and in one line of the log', async () => {
    const { AUDIT_TARGETS: _, ...environment } = cloud.environment
    const { ended, printed } = await invoke({ module, events: [SCHEDULED] }, environment)
    const error = {
      name: 'invalid_configuration',
      message: expect.stringContaining('AUDIT_TARGETS is not set'),
    }
    expect(ended).toEqual([{ error }])
    expect(linesOf(printed)).toMatchObject([
      {
        level: 'ERROR',
        message: 'invocation failed',
        code: 'invalid_configuration',
        mistakes: ['AUDIT_TARGETS'],
      },
    ])
  })

  it('fails, and leaves no report, where its secret is not there', async () => {
    const environment = { ...cloud.environment, HUAWEICLOUD_CREDENTIALS_SECRET: 'no-such-secret' }
    const before = cloud.keys().length
    const { ended } = await invoke({ module, events: [SCHEDULED] }, environment)
    expect(ended).toMatchObject([{ error: { message: expect.stringContaining('"no-such-secret"') } }])
    expect(cloud.keys().length).toBe(before)
  })
})
