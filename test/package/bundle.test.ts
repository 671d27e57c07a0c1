import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../../lib/digest.ts'
import { type Cloud, startCloud } from '../support/cloud.ts'
import { invoke } from '../support/invoke.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const ROOT = join(import.meta.dirname, '../..')
const SCHEDULED = JSON.parse(await readFile(join(ROOT, 'events/backup-audit.scheduled.json'), 'utf8')).event

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

function readJson(key: string) {
  return JSON.parse(String(cloud.read(key)))
}

function linesOf(printed: string) {
  return printed
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
}

describe('the bundle of backup-audit', () => {
  it('writes a whole report into the bucket, with keys that only the secret holds', async () => {
    const { ended, printed } = await invoke({ module, events: [SCHEDULED] }, cloud.environment)
    const latest = readJson('latest.json')
    const manifest = readJson(latest.manifest)
    const receipt = { audit_id: latest.complete_audit_id, verdict: 'complete' }
    expect(ended).toMatchObject([
      { result: { ...receipt, report: `s3://audit-reports/team/backups/${latest.audit_id}` } },
    ])

    expect(manifest).toMatchObject({ audit_id: latest.audit_id, verdict: 'complete' })
    const names = manifest.files.map(({ name }: { name: string }) => `${latest.audit_id}/${name}`)
    const written = cloud.keys().filter((key) => key.startsWith(latest.audit_id))
    expect(written.sort()).toEqual([...names, latest.manifest].sort())
    for (const { name, sha256: expected, bytes } of manifest.files) {
      const content = cloud.read(`${latest.audit_id}/${name}`) ?? Buffer.of()
      expect([name, sha256(content), content.length]).toEqual([name, expected, bytes])
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
    const { delta } = readJson(`${(second as { audit_id: string }).audit_id}/summary.json`)
    expect(delta).toMatchObject({ previous_audit_id: (first as { audit_id: string }).audit_id })
    expect(delta.persisting).toBeGreaterThan(0)
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
