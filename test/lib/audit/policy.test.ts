import { describe, expect, it } from 'vitest'
import { CONTROLS } from '../../../lib/audit/controls/index.ts'
import { defaultPolicy, readPolicy } from '../../../lib/audit/policy.ts'
import { describeMistake, Fault } from '../../../lib/errors.ts'
import { hours } from '../../../lib/time.ts'
import { at } from './samples.ts'

const VAULT_ID = '3b5816b5-f29c-4172-9d9a-76c719a659ce'

function faultOf(document: unknown): Fault {
  try {
    readPolicy(document, CONTROLS)
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('The policy was taken')
}

const mistakes = (document: unknown) => faultOf(document).mistakes

describe('readPolicy', () => {
  it('fills in every default', () => {
    expect(defaultPolicy).toEqual({
      expired: { grace: 0 },
      replication: { grace: hours(24), required: 'all' },
      stuck: { after: hours(6) },
      recoveryPoint: { maxAge: hours(26) },
      mutes: [],
      alerts: undefined,
    })
    expect(readPolicy({ expired: {}, recovery_point: { max_age: '90m' } }, CONTROLS)).toMatchObject({
      expired: { grace: 0 },
      recoveryPoint: { maxAge: hours(1.5) },
    })
  })

  it('reads a mute', () => {
    const mute = { resource_id: 's', owner: 'ops', reason: 'moved', until: '2027-01-31' }
    expect(readPolicy({ mutes: [mute] }, CONTROLS).mutes).toEqual([
      { match: { resource_id: 's' }, owner: 'ops', reason: 'moved', until: at('2027-01-31T00:00:00Z') },
    ])
  })

  it('refuses a mute of a control that does not exist, for it would silence nothing', () => {
    const mute = { owner: 'ops', reason: 'moved', until: '2027-01-31' }
    const named = (control: string) => ({ mutes: [{ ...mute, control }] })
    expect(readPolicy(named('backup-errored'), CONTROLS).mutes).toHaveLength(1)
    expect(mistakes(named('backup-errord'))).toEqual([
      {
        pointer: '/mutes/0/control',
        detail: expect.stringMatching(
          /^found "backup-errord", allowed is one of .*recovery-point-missing.*; did you mean backup-errored\?$/,
        ),
      },
    ])
    expect(mistakes(named('nothing-like-it'))).toEqual([
      { pointer: '/mutes/0/control', detail: expect.not.stringContaining('did you mean') },
    ])
  })

  it('reads what alerts may start', () => {
    const rule = {
      source: 'grafana',
      match: { severity: 'page' },
      checkpoint: { region: 'cn-north-4', project_id: 'p', vault_id: VAULT_ID },
    }
    expect(readPolicy({ alerts: { rules: [rule] } }, CONTROLS).alerts).toEqual({
      topics: [],
      rules: [rule],
      limits: { per_vault_per_day: 6, min_interval: hours(1) },
      unknown: { settle: hours(0.25), if_unseen: 'hold' },
    })
    expect(
      mistakes({
        alerts: {
          rules: [
            { ...rule, audit: {} },
            { ...rule, checkpoint: undefined, source: 'mail' },
          ],
          limits: { per_vault_per_day: 0 },
        },
      }),
    ).toMatchObject([
      { pointer: '/alerts/rules/0', detail: expect.stringContaining('either checkpoint or audit') },
      {
        pointer: '/alerts/rules/1/source',
        detail: expect.stringContaining('found "mail", allowed is one of'),
      },
      { pointer: '/alerts/rules/1' },
      {
        pointer: '/alerts/limits/per_vault_per_day',
        detail: 'found 0, allowed is a whole number from 1 to 1000',
      },
    ])
  })

  it('refuses a rule whose every order would be refused, and names all that is wrong with it', () => {
    const rules = [
      { checkpoint: { region: 'cn-north-4', project_id: 'p', vault_id: 'no uuid', resources: [] } },
      {
        checkpoint: { region: 'cn-north-4', project_id: 'p', vault_id: VAULT_ID, resources: [VAULT_ID, 'x'] },
      },
      { audit: { targets: [], vault_id: 'a b' } },
      { audit: { targets: ['CN'] } },
      { checkpoint: { region: 'CN', project_id: 'a b', vault_id: VAULT_ID } },
    ].map((action) => ({ source: 'grafana', match: { alertname: '*' }, ...action }))
    const aUuid = 'a uuid such as 94eba8b2-acc9-4d82-badc-127144cc5526'
    expect(mistakes({ alerts: { rules } }).map(describeMistake)).toEqual([
      `/alerts/rules/0/checkpoint/vault_id found "no uuid", allowed is ${aUuid}`,
      '/alerts/rules/0/checkpoint/resources found [], allowed is at least one resource, or no list',
      `/alerts/rules/1/checkpoint/resources/1 found "x", allowed is ${aUuid}`,
      '/alerts/rules/2/audit/targets found [], allowed is a list of targets such as ["cn-north-4"]',
      '/alerts/rules/2/audit/vault_id found "a b", allowed is an id: 1 to 64 letters, digits, - and _',
      '/alerts/rules/3/audit/targets/0 found "CN", allowed is REGION or REGION:PROJECT_ID',
      '/alerts/rules/4/checkpoint/region found "CN", allowed is a region such as cn-north-4',
      '/alerts/rules/4/checkpoint/project_id found "a b", allowed is an id: 1 to 64 letters, digits, - and _',
    ])
  })

  it.each([
    'urn:smn:cn-north-4:0605767b5780d5762fc5c0118072a564:backup-alarms',
    'urn:smn:eu-west-101:0605767b5780d5762fc5c0118072a564:告警 1',
    'arn:aws:sns:eu-central-1:123456789012:alarms',
    'arn:aws-cn:sns:cn-north-1:123456789012:alarms.fifo',
    'arn:aws-us-gov:sns:us-gov-west-1:123456789012:alarms',
  ])('hears a topic as SMN and SNS name theirs: %s', (topic) => {
    expect(readPolicy({ alerts: { topics: [topic] } }, CONTROLS).alerts?.topics).toEqual([topic])
  })

  it.each([
    'backup-alarms',
    'urn:smn:cn-north-4:backup-alarms',
    'urn:smn:*:0605767b5780d5762fc5c0118072a564:backup-alarms',
    'urn:obs:cn-north-4:0605767b5780d5762fc5c0118072a564:backup-alarms',
    'arn:aws:sns:eu-central-1:123456789012:alarms:0f8c34ef-subscription',
    'arn:aws:sqs:eu-central-1:123456789012:alarms',
    ' urn:smn:cn-north-4:0605767b5780d5762fc5c0118072a564:backup-alarms',
  ])('refuses a topic whose messages no certificate could prove: %s', (topic) => {
    expect(mistakes({ alerts: { topics: [topic] } })).toEqual([
      {
        pointer: '/alerts/topics/0',
        detail: expect.stringMatching(
          /^found ".*, allowed is "urn:smn:REGION:PROJECT_ID:NAME" of SMN or "arn:aws:sns:REGION:ACCOUNT:NAME" of SNS$/,
        ),
      },
    ])
  })

  it('names every mistake at once: where, what was found, what is allowed', () => {
    const fault = faultOf({
      expird: {},
      replication: { grace: '1 day', required: 'some' },
      stuck: 6,
      recovery_point: { max_age: 26, maxAge: '26h' },
      mutes: [
        { owner: '', until: 'soon' },
        { controls: 'x', owner: 'o', reason: 'r', until: '2027-01-01' },
      ],
    })
    expect(fault.code).toBe('invalid_configuration')
    expect(fault.mistakes).toEqual([
      {
        pointer: '/replication/grace',
        detail: 'found "1 day", allowed is a duration such as "26h", "90m", "7d" or "30s"',
      },
      { pointer: '/replication/required', detail: 'found "some", allowed is one of all, auto, none' },
      { pointer: '/stuck', detail: 'found 6, allowed is an object with the keys after' },
      {
        pointer: '/recovery_point/max_age',
        detail: 'found 26, allowed is a duration such as "26h", "90m", "7d" or "30s"',
      },
      {
        pointer: '/recovery_point/maxAge',
        detail: 'found an unknown key, allowed are max_age; did you mean max_age?',
      },
      { pointer: '/mutes/0/owner', detail: 'found "", allowed is a text that is not empty' },
      { pointer: '/mutes/0/reason', detail: 'found nothing, allowed is a text' },
      { pointer: '/mutes/0/until', detail: 'found "soon", allowed is a time such as "2027-01-31T00:00:00Z"' },
      {
        pointer: '/mutes/0',
        detail: expect.stringContaining('allowed is a mute that names at least one of finding_id, control'),
      },
      { pointer: '/mutes/1/controls', detail: expect.stringMatching(/did you mean control\?$/) },
      { pointer: '/mutes/1', detail: expect.stringContaining('at least one of') },
      { pointer: '/expird', detail: expect.stringMatching(/did you mean expired\?$/) },
    ])
    expect(fault.message).toBe('Cannot use the policy')
  })

  it.each([null, [], 'text', 7])('refuses %j as a whole', (document) => {
    expect(mistakes(document)).toEqual([
      { pointer: '', detail: expect.stringContaining('allowed is an object') },
    ])
  })

  it('suggests nothing where no key is near, and writes odd keys as a JSON pointer', () => {
    expect(mistakes({ 'a/b~c': 1 })).toEqual([
      { pointer: '/a~1b~0c', detail: expect.not.stringContaining('did you mean') },
    ])
  })
})
