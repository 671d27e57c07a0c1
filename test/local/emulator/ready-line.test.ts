import { expect, it } from 'vitest'
import { readyLine } from '../../../local/emulator/ready-line.ts'
import { withEmulator } from './client.ts'

it('readyLine is one line of JSON with the keys of the contract, in its order', () =>
  withEmulator({ backups: 10 }, async (emulator) => {
    const line = readyLine(emulator)
    expect(line).not.toContain('\n')
    expect(Object.keys(JSON.parse(line))).toEqual([
      'ready',
      'endpoint',
      'ak',
      'sk',
      'region',
      'project_id',
      'domain_name',
      'username',
      'password',
    ])
    expect(JSON.parse(line)).toMatchObject({
      ready: true,
      endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      region: 'cn-north-4',
      project_id: emulator.fleet.projects[0]?.id,
    })
  }))
