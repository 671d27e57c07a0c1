import { describe, expect, it } from 'vitest'
import type { AuditRecord } from '../../../../lib/audit/record.ts'
import { reportHtml } from '../../../../lib/report/html/report-html.ts'
import { realisticRecord } from '../../../support/realistic-record.ts'
import { pageOf } from '../../../support/rendered.ts'
import { finding, record, resource } from '../../../support/sample-record.ts'

const page = (of: AuditRecord): Promise<string> => pageOf(reportHtml('1.2.3'), of)
const count = (text: string, what: string): number => text.split(what).length - 1

/** The numbers that the page says it does not show. */
function notShown(text: string, noun: string): number {
  const digits = text.replaceAll('</span><span class="n">', '').replaceAll(/<[^>]*>/g, '')
  const lines = [...digits.matchAll(new RegExp(`Not shown: (\\d+) (?:more )?${noun}`, 'g'))]
  return lines.reduce((sum, [, found]) => sum + Number(found), 0)
}

describe('report.html', () => {
  it('is the same text each time it is made', async () => {
    expect(await page(realisticRecord())).toBe(await page(realisticRecord()))
  })

  it('shows all of a small record, and says nothing of a rest', async () => {
    const text = await page(record([finding()], [resource()]))
    expect(count(text, '<li class="finding')).toBe(1)
    expect(text).not.toContain('Not shown')
  })

  it('says of an audit that was compared with none just that, for there may be earlier ones', async () => {
    expect(await page(record([], []))).toContain(
      'Compared with no earlier audit, so every finding counts as new.',
    )
  })

  it('shows the worst of a large record, says truthfully how much it leaves out, and stays small', async () => {
    const findings = Array.from({ length: 30_000 }, (_, index) =>
      finding({
        finding_id: String(index).padStart(6, '0'),
        vault_id: `vault-${index % 300}`,
        resource_id: `server-${index}`,
        severity: index === 29_999 ? 'critical' : 'low',
        because: index === 29_999 ? 'the needle' : 'hay',
      }),
    )
    const resources = Array.from({ length: 20_000 }, (_, index) =>
      resource({ resource_id: `server-${index}`, findings: 1, worst_severity: 'low' }),
    )
    const text = await page(record(findings, resources))
    expect(text.length).toBeLessThan(5_000_000)
    expect(text).toContain('the needle')
    expect(count(text, '<li class="finding') + notShown(text, 'findings')).toBe(30_000)
    expect(count(text, '<tr><td><span class="mark') + notShown(text, 'resources')).toBe(20_000)
  })

  it('stays small and truthful where every name is as long and hostile as it can be', async () => {
    const hostile = '"\u202e'.repeat(5_000)
    const names = {
      vault_name: hostile,
      resource_name: hostile,
      backup_name: hostile,
      because: hostile,
      remedy: 'x',
    }
    const findings = Array.from({ length: 3_000 }, (_, index) =>
      finding({ ...names, finding_id: String(index), vault_id: `vault-${index % 150}` }),
    )
    const resources = Array.from({ length: 1_000 }, (_, index) =>
      resource({ resource_id: String(index), resource_name: hostile, vault_name: hostile, usable: 0 }),
    )
    const text = await page(record(findings, resources))
    expect(text.length).toBeLessThan(5_000_000)
    expect(count(text, '<li class="finding') + notShown(text, 'findings?')).toBe(3_000)
    expect(count(text, '<tr><td><span class="mark') + notShown(text, 'resources')).toBe(1_000)
  })

  it('says on top what alone was looked at, where that is not everything', async () => {
    const scope = { vault_id: 'vault-1', resource_id: null, instance_id: 'redis-1' }
    const text = await page(record([], [resource()], { scope }))
    const said = 'This audit looked at vault vault-1 and DCS instance redis-1 alone'
    expect(text.indexOf(said)).toBeGreaterThan(0)
    expect(text.indexOf(said)).toBeLessThan(text.indexOf('Yes.</strong>'))
    expect(text).toContain('Backup audit of vault vault-1 and DCS instance redis-1 2026-11-21</title>')
    expect(await page(record([], [resource()]))).toContain('<h1>Could we restore everything, right now?</h1>')
  })

  it('says on top that it does not know where the audit is incomplete', async () => {
    const text = await page(
      record([], [resource()], { verdict: 'incomplete', incomplete_because: ['page 7 <failed>'] }),
    )
    expect(text.indexOf('We do not know.')).toBeLessThan(text.indexOf('In numbers'))
    expect(text).toContain('<li><bdi>page 7 &#60;failed&#62;</bdi></li>')
  })

  it('tells which checkpoints are not over, and nothing of them where all are', async () => {
    const row = {
      operation: '0123456789abcdefghijklmnopqrstuv',
      state: 'held',
      region: 'cn-north-4',
      project_id: 'p',
      vault_id: '<vault>',
      alert_id: '<script>',
      received_at: '2026-11-28T06:00:00.000Z',
      because: 'nothing is to be seen of it',
    }
    const operations = { total: 3, by_state: { held: 3 }, listed: [row], unreadable: null }
    const text = await page(record([], [resource()], { operations }))
    expect(text).toContain('Checkpoints that are not over or did not succeed')
    expect(text).toContain('<b>held</b>')
    expect(text).toContain('&#60;vault&#62;')
    expect(notShown(text, 'more')).toBe(2)
    expect(await page(record([], [resource()]))).not.toContain(
      'Checkpoints that are not over or did not succeed',
    )
    const unreadable = { total: 0, by_state: {}, listed: [], unreadable: 'The store is down' }
    expect(await page(record([], [], { operations: unreadable }))).toContain('The store is down')
  })
})
