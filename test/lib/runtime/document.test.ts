import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readLocalDocument } from '../../../lib/runtime/document.ts'

const folder = mkdtempSync(join(tmpdir(), 'document-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('readLocalDocument', () => {
  it('reads what Notepad saved: with a byte order mark in front', async () => {
    const path = join(folder, 'bom.json')
    writeFileSync(path, '\u{feff}{"stuck":{}}\r\n')
    expect(await readLocalDocument(path)).toEqual({ value: { stuck: {} }, mistakes: [] })
    expect(await readLocalDocument(`file:${path}`)).toEqual({ value: { stuck: {} }, mistakes: [] })
  })
})
