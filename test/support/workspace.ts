import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const ROOT = join(import.meta.dirname, '../..')
const run = promisify(execFile)

/** A clone of the repository in a folder of its own, in which npm scripts can write what they like. */
export interface Workspace {
  readonly folder: string
  /** Runs an npm script as a user would; what it says on stdout and stderr. */
  readonly npmRun: (script: string, environment?: Readonly<Record<string, string>>) => Promise<string>
  readonly remove: () => Promise<void>
}

/** Opens a workspace: what is built from lies beside what is written. */
export async function openWorkspace(): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), 'workspace-'))
  for (const name of ['package.json', 'serverless.yml', 'deploy']) {
    await cp(join(ROOT, name), join(folder, name), { recursive: true })
  }
  for (const name of ['functions', 'lib', 'node_modules']) await symlink(join(ROOT, name), join(folder, name))
  await mkdir(join(folder, 'home'))
  return {
    folder,
    npmRun: async (script, environment = {}) => {
      const { stdout, stderr } = await run('npm', ['run', '--silent', script], {
        cwd: folder,
        // A home without an AWS account, and no way out: whatever wanted the network would fail.
        env: {
          PATH: process.env['PATH'],
          HOME: join(folder, 'home'),
          HTTPS_PROXY: DEAD_END,
          HTTP_PROXY: DEAD_END,
          ...environment,
        },
      })
      return stdout + stderr
    },
    remove: () => rm(folder, { recursive: true }),
  }
}

const DEAD_END = 'http://127.0.0.1:9'
