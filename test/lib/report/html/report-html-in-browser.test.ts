import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditRecord } from '../../../../lib/audit/record.ts'
import { reportHtml } from '../../../../lib/report/html/report-html.ts'
import { realisticRecord } from '../../../support/realistic-record.ts'
import { pageOf } from '../../../support/rendered.ts'
import { finding, record, resource, target } from '../../../support/sample-record.ts'

const CHROMIUM = '/usr/bin/chromium'
const isMissing = !existsSync(CHROMIUM)
if (isMissing)
  console.warn(
    `The tests of report.html in a browser are skipped: there is no ${CHROMIUM} (apt-get install chromium)`,
  )

const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '"><svg/onload=alert(1)>',
  `' onmouseover='alert(1)`,
  '</title><script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '</style><link rel=stylesheet href=//evil.example/x.css>',
  '<meta http-equiv=refresh content="0;url=//evil.example">',
  ['{{7*7}}', '{7*7}'].join('$'),
  'a\u202eevil\u0000\u001b[2J\u2028',
  `Z${'\u0301'.repeat(10_000)}`,
  'x'.repeat(5_000),
]

function hostileRecord(): AuditRecord {
  const names = (text: string) => ({
    vault_id: text,
    vault_name: text,
    resource_name: text,
    resource_type: text,
    region: text,
  })
  const findings = HOSTILE.map((text, index) =>
    finding({
      ...names(text),
      finding_id: String(index),
      backup_name: text,
      because: text,
      remedy: text,
      control: text,
      muted: index % 2 === 0,
      mute_reason: text,
      mute_until: '2026-12-01T00:00:00.000Z',
    }),
  )
  const resources = HOSTILE.map((text, index) =>
    resource({ ...names(text), resource_id: `${text}${index}`, copy_regions: text }),
  )
  return record(findings, resources, {
    verdict: 'incomplete',
    incomplete_because: HOSTILE,
    targets: HOSTILE.map((text) =>
      target({ region: text, project_id: text, note: text, verdict: 'incomplete' }),
    ),
    unknown: {
      total: 1,
      by_control: {},
      because: HOSTILE.map((text) => ({ control: text, because: text, count: 1 })),
    },
  })
}

describe.skipIf(isMissing)('report.html in Chromium', () => {
  const of = realisticRecord()
  let calm: Page
  let browser: Browser
  let folder: string
  const troubles: string[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'report-html-'))
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--no-first-run',
        '--disable-component-update',
      ],
    })
    calm = await open(of)
  })

  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true })
  })

  async function open(of: AuditRecord, options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
    const file = join(folder, 'report.html')
    await writeFile(file, await pageOf(reportHtml('1.2.3'), of))
    const page = await browser.newPage(options)
    const url = pathToFileURL(file).href
    troubles.length = 0
    page.on('console', (message) => troubles.push(`console: ${message.text()}`))
    page.on('pageerror', (error) => troubles.push(`error: ${error.message}`))
    page.on('dialog', (dialog) => {
      troubles.push(`dialog: ${dialog.message()}`)
      dialog.dismiss().catch(() => undefined)
    })
    page.on('request', (request) => {
      if (request.url() !== url) troubles.push(`request: ${request.url()}`)
    })
    await page.addInitScript(
      `addEventListener('securitypolicyviolation', (event) => console.log('violation ' + event.violatedDirective))`,
    )
    await page.goto(url)
    return page
  }

  const text = (page: Page, selector: string): Promise<string> => page.locator(selector).first().innerText()

  it('shows the totals of the record', async () => {
    const numbers = await calm
      .locator('.numbers > div')
      .evaluateAll((cells) =>
        cells.map((cell) => [
          cell.querySelector('dt')?.firstChild?.textContent,
          cell.querySelector('dd')?.textContent,
        ]),
      )
    const { resources, backups, findings, unknown, delta } = of.summary
    expect(Object.fromEntries(numbers)).toEqual({
      Resources: String(resources),
      Backups: String(backups),
      'Recovery points missing': String(findings.by_control['recovery-point-missing']),
      'Recovery points stale': String(findings.by_control['recovery-point-stale']),
      Findings: String(findings.total),
      'Answers unknown': String(unknown.total),
    })
    const counts = (selector: string): Promise<number[]> =>
      calm
        .locator(`${selector} .count`)
        .allTextContents()
        .then((all) => all.map(Number))
    expect(await counts('.severities tbody')).toEqual(Object.values(findings.by_severity))
    expect(await counts('.delta tbody')).toEqual([
      delta.new,
      delta.reopened,
      delta.persisting,
      delta.resolved,
      delta.not_scanned,
    ])
    expect(JSON.parse((await calm.locator('#summary').textContent()) ?? '')).toEqual(of.summary)
    expect(await calm.locator('.finding').count()).toBe(findings.total)
    expect(await calm.locator('.sortable tbody tr').count()).toBe(resources)
    expect(await text(calm, '.answer')).toBe('No. 3 of 212 resources have no usable recovery point.')
    expect(troubles).toEqual([])
  })

  it('reads numbers of many digits as what they are', async () => {
    const page = await open(record([], [resource()], { backups: 1_234_567 }))
    expect(await page.locator('.numbers dd').nth(1).textContent()).toBe('1234567')
    await page.close()
  })

  it.each(['light', 'dark'] as const)(
    'is readable in %s: every text has enough contrast',
    async (colorScheme) => {
      await calm.emulateMedia({ colorScheme })
      const ratios = await calm.evaluate(CONTRASTS)
      expect(Math.min(...Object.values(ratios as Record<string, number>))).toBeGreaterThanOrEqual(4.5)
      expect(troubles).toEqual([])
    },
  )

  it('does not scroll sideways on a screen of 360 pixels', async () => {
    await calm.setViewportSize({ width: 360, height: 740 })
    expect(await calm.evaluate('document.documentElement.scrollWidth')).toBe(360)
    await calm.setViewportSize({ width: 1280, height: 800 })
  })

  it('runs, loads and builds nothing that a hostile name asks for', async () => {
    const page = await open(hostileRecord())
    await page.waitForTimeout(100)
    expect(troubles).toEqual([])
    expect(
      await page.locator('img, link, iframe, object, [onload], [onerror], [onmouseover], [style]').count(),
    ).toBe(0)
    expect(await page.locator('script').count()).toBe(2)
    expect(await page.locator('svg:not([aria-hidden], [role=img])').count()).toBe(0)
    expect(await page.locator('h3 bdi').allTextContents()).toContain(
      'a[U+202E]evil[U+0000][U+001B][2J[U+2028]',
    )
    await page.setViewportSize({ width: 360, height: 740 })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    await page.close()
  })

  it('says everything without JavaScript', async () => {
    const page = await open(realisticRecord(), { javaScriptEnabled: false })
    expect(await text(page, '.answer')).toContain('No.')
    expect(await page.locator('.filter').isVisible()).toBe(false)
    await page.locator('.group summary').nth(1).click()
    expect(await page.locator('.group').nth(1).locator('.finding').first().isVisible()).toBe(true)
    await page.close()
  })

  it('filters findings and sorts resources', async () => {
    await calm.locator('.filter input').fill('vault-finance')
    expect(await calm.locator('.group:visible').count()).toBe(1)
    await calm.locator('.filter input').fill('')
    expect(await calm.locator('.group:visible').count()).toBe(await calm.locator('.group').count())
    await calm.locator('.sortable').first().getByRole('button', { name: 'Age' }).click()
    const ages = await calm
      .locator('.sortable')
      .first()
      .locator('td[data-label=Age]')
      .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-sort'))))
    expect(ages).toEqual(ages.toSorted((one, other) => other - one))
    expect(troubles).toEqual([])
  })

  it('has one heading on top, named landmarks, and a caption and header cells in each table', async () => {
    expect(await calm.locator('h1').count()).toBe(1)
    expect(await calm.locator('header, main, footer').count()).toBe(3)
    expect(await calm.locator('section:not([aria-labelledby])').count()).toBe(0)
    expect(await calm.locator('table:not(:has(caption)), table:not(:has(th[scope=col]))').count()).toBe(0)
  })

  it('prints, with nothing folded away', async () => {
    await calm.emulateMedia({ media: 'print' })
    expect(await calm.locator('.filter').isVisible()).toBe(false)
    expect(await calm.locator('.finding').last().isVisible()).toBe(true)
    const pdf = await calm.pdf({ format: 'A4' })
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    expect(troubles).toEqual([])
  })
})

// The contrast (WCAG 2.2, 1.4.3) of each colour of text against the page, as the browser computed both.
const CONTRASTS = `(() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  const luminance = (colour) => channels(colour).reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0)
  const paper = luminance(getComputedStyle(document.body).backgroundColor)
  const ratios = {}
  for (const element of document.querySelectorAll('body *:not(script)')) {
    const colour = getComputedStyle(element).color
    const ink = luminance(colour)
    ratios[colour] = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05)
  }
  return ratios
})()`
