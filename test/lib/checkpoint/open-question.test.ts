import { describe, expect, it } from 'vitest'
import { follow } from '../../../lib/checkpoint/follow.ts'
import { isUncovered, openQuestion } from '../../../lib/checkpoint/open-question.ts'
import type { RecordIn } from '../../../lib/checkpoint/record.ts'
import { received, toIntent, toResult } from '../../../lib/checkpoint/transitions.ts'
import { fromEpochMs } from '../../../lib/time.ts'

const NOW = fromEpochMs(Date.UTC(2026, 10, 29, 6))

function started(vault: unknown, resources?: readonly string[], details?: readonly string[]) {
  const parameters = {
    ...(resources && { resources }),
    ...(details && { resource_details: details.map((id) => ({ id, type: 'OS::Nova::Server' })) }),
  }
  const request = { checkpoint: { vault_id: 'v', ...((resources ?? details) && { parameters }) } }
  const place = { region: 'r', projectId: 'p', vaultId: 'v', name: undefined, body: request }
  const order = received({ operation: '0123456789abcdefghijklmnopqrstuv', ...place }, NOW)
  const checkpoint = { checkpointId: 'c', hasSkipped: false, body: { checkpoint: { id: 'c', vault } } }
  const outcome = { kind: 'accepted', checkpoint } as const
  return toResult(toIntent(order, undefined, NOW), outcome, NOW) as RecordIn<'STARTED'>
}

const backup = { backup_id: 'b', resource_id: 'a', resource_name: null, status: 'available' }

describe('openQuestion', () => {
  it.each([null, 'v', {}, { resources: {} }, { resources: [], skipped_resources: null }])(
    'asks which resources %j takes in',
    (vault) => expect(openQuestion(started(vault))).toMatch('Huawei does not say which resources'),
  )

  it('asks nothing where no vault is named: then the 200 stands for what was asked for', () => {
    expect(openQuestion(started(undefined, ['a']))).toBeUndefined()
  })

  it('asks to the end what was left out where no list says so, but not where all that was named is taken in', () => {
    const vault = { resources: [{ id: 'a' }], skipped_resources: {} }
    expect(openQuestion(started(vault, ['a']))).toBeUndefined()
    const ended = follow(started(vault), { status: 'available', backups: [backup] }, NOW)
    expect(ended.state).toBe('DONE')
    expect(openQuestion(ended)).toMatch('What Huawei left out')
    expect(isUncovered(ended as RecordIn<'DONE'>)).toBe(true)
  })

  it('counts what two lists ask for together, and what both name once', () => {
    const vault = { resources: [{ id: 'a' }], skipped_resources: [] }
    expect(openQuestion(started(vault, ['a'], ['b']))).toBe(
      'Huawei speaks of 1 of the 2 resources that were asked for',
    )
    expect(openQuestion(started(vault, ['a'], ['a']))).toBeUndefined()
  })

  it('counts once what is both taken in and left out, and each resource that has no id', () => {
    const both = { resources: [{ id: 'a' }], skipped_resources: [{ id: 'a' }] }
    expect(openQuestion(started(both, undefined, ['a', 'b']))).toMatch('1 of the 2 resources')
    const mute = { resources: [{}, {}], skipped_resources: [] }
    expect(openQuestion(started(mute, undefined, ['a', 'b']))).toBeUndefined()
  })

  it('asks for no backup of what was not asked for, though it is taken in too', () => {
    const vault = { resources: [{ id: 'a' }, { id: 'b' }] }
    const seen = { status: 'available', backups: [backup] }
    expect(follow(started(vault, ['a']), seen, NOW).state).toBe('DONE')
    expect(follow(started(vault), seen, NOW).state).toBe('STARTED')
  })

  it('takes a backup that names no resource for one of any', () => {
    const seen = { status: 'available', backups: [{ ...backup, resource_id: null }] }
    expect(follow(started({ resources: [{ id: 'a' }] }), seen, NOW).state).toBe('DONE')
    expect(follow(started({ resources: [{ id: 'a' }, { id: 'b' }] }), seen, NOW).state).toBe('STARTED')
  })
})
