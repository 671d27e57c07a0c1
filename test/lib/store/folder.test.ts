import { mkdtemp, rm, rmdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeFolder } from '../../../lib/store/folder.ts'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'folder-'))
})
afterEach(() => rm(root, { recursive: true }))

describe('makeFolder', () => {
  it('makes it, although others take it away and make it again at every moment', async () => {
    const folder = join(root, 'scratch')
    const makers = range(4).map(async () => {
      for (const _ of range(1000)) await makeFolder(folder)
    })
    const takers = range(4).map(async () => {
      for (const _ of range(1000)) await rmdir(folder).catch(() => {})
    })
    await expect(Promise.all([...makers, ...takers])).resolves.toHaveLength(8)
  })

  it('refuses where a file is in the way', async () => {
    await writeFile(join(root, 'file'), '')
    await expect(makeFolder(join(root, 'file'))).rejects.toMatchObject({ code: 'EEXIST' })
    await expect(makeFolder(join(root, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' })
  })
})

const range = (length: number) => Array.from({ length }, (_, index) => index)
