import { describe, expect, it } from 'vitest'
import type { Mistake } from '../../lib/errors.ts'
import { Fault } from '../../lib/errors.ts'
import { readCheckpointWish } from '../../local/commands/checkpoint-flags.ts'

const VAULT = '3b5816b5-f29c-4172-9d9a-76c719a659ce'
const SERVER = '94eba8b2-acc9-4d82-badc-127144cc5526'
const DISK = '62617971-839d-4d23-8dfd-4ca65c039bdf'

const bodyOf = (...argv: string[]): unknown =>
  JSON.parse(readCheckpointWish(['--vault-id', VAULT, ...argv], {})?.call.body ?? '')

function mistakesOf(...argv: string[]): readonly Mistake[] {
  try {
    readCheckpointWish(['--vault-id', VAULT, ...argv], {})
    return []
  } catch (error) {
    return error instanceof Fault ? error.mistakes : []
  }
}

describe('the flags of checkpoint', () => {
  it('ask for the whole vault by its id alone', () => {
    expect(bodyOf()).toEqual({ checkpoint: { vault_id: VAULT } })
  })

  it('leave volumes out of every server, and of nothing else', () => {
    const resources = [
      '--resource',
      `${SERVER}:OS::Nova::Server:a:b`,
      '--resource',
      `${DISK}:OS::Cinder::Volume`,
    ]
    expect(bodyOf(...resources, '--exclude-volume', DISK, '--resource-id', VAULT, '--full')).toEqual({
      checkpoint: {
        vault_id: VAULT,
        parameters: {
          incremental: false,
          resources: [VAULT],
          resource_details: [
            { id: SERVER, type: 'OS::Nova::Server', name: 'a:b', extra_info: { exclude_volumes: [DISK] } },
            { id: DISK, type: 'OS::Cinder::Volume' },
          ],
        },
      },
    })
  })

  it('refuse a volume to leave out of nothing, a wrong type and a resource that comes twice', () => {
    const disk = `${DISK}:OS::Cinder::Volume`
    expect(mistakesOf('--exclude-volume', DISK, '--resource', disk)[0]?.detail).toMatch(/needs a --resource/)
    expect(mistakesOf('--resource', `${DISK}:OS::Cinder::Disk`)).toMatchObject([
      { pointer: '--resource', detail: expect.stringMatching(/allowed is one of OS::Nova::Server/) },
    ])
    expect(mistakesOf('--resource', disk, '--resource', disk)[0]?.detail).toMatch(/each id once/)
  })

  it('wait for an hour unless told otherwise, and not at all unless told', () => {
    const waitOf = (...argv: string[]) => readCheckpointWish(['--vault-id', VAULT, ...argv], {})?.waitMs
    expect([waitOf(), waitOf('--wait'), waitOf('--wait', '--timeout', '90s')]).toEqual([
      undefined,
      3_600_000,
      90_000,
    ])
  })
})
