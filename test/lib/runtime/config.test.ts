import { describe, expect, it } from 'vitest'
import { Fault } from '../../../lib/errors.ts'
import { type ConfigFlags, readConfig } from '../../../lib/runtime/config.ts'
import type { Environment } from '../../../lib/runtime/environment.ts'

const KEYS = { HUAWEICLOUD_SDK_AK: 'AKAKAK', HUAWEICLOUD_SDK_SK: 'sk-canary' }

const LOGIN = { HUAWEICLOUD_USERNAME: 'ann', HUAWEICLOUD_PASSWORD: 'pw', HUAWEICLOUD_DOMAIN_NAME: 'acme' }

function mistakesOf(environment: Environment, flags?: ConfigFlags): readonly string[] {
  try {
    readConfig(environment, flags)
  } catch (error) {
    if (error instanceof Fault && error.code === 'invalid_configuration') {
      return error.mistakes.map(({ pointer, detail }) => `${pointer} ${detail}`)
    }
    throw error
  }
  return []
}

describe('readConfig', () => {
  it('takes an empty environment as the wish for the built-in emulator', () => {
    expect(readConfig({})).toMatchObject({ credentials: undefined, places: [], storeAddress: 'file:reports' })
  })

  it('reads keys, targets, store, policy and endpoint overrides', () => {
    const config = readConfig({
      ...KEYS,
      HUAWEICLOUD_SDK_SECURITY_TOKEN: 'token',
      AUDIT_TARGETS: 'cn-north-4:0605767b5780d5762fc5c0118072a564, ap-southeast-1',
      REPORT_STORE: 's3://bucket/prefix',
      AUDIT_POLICY: 'policy.json',
      HUAWEICLOUD_SDK_REGION_CBR_CN_NORTH_4: 'http://127.0.0.1:8877/',
    })
    expect(config).toMatchObject({
      credentials: {
        kind: 'access-key',
        accessKeyId: 'AKAKAK',
        secretAccessKey: 'sk-canary',
        securityToken: 'token',
      },
      places: [
        { region: 'cn-north-4', projectId: '0605767b5780d5762fc5c0118072a564' },
        { region: 'ap-southeast-1', projectId: undefined },
      ],
      storeAddress: 's3://bucket/prefix',
      policyAddress: 'policy.json',
    })
    expect(config.endpointOverrides['HUAWEICLOUD_SDK_REGION_CBR_CN_NORTH_4']).toBe('http://127.0.0.1:8877')
  })

  it('reads an IAM user', () => {
    expect(readConfig({ ...LOGIN, AUDIT_TARGETS: 'cn-north-4' }).credentials).toEqual({
      kind: 'password',
      username: 'ann',
      password: 'pw',
      domainName: 'acme',
    })
  })

  it('lets --target replace AUDIT_TARGETS and counts a repeated target once', () => {
    const config = readConfig(
      { ...KEYS, AUDIT_TARGETS: 'cn-north-4' },
      { targets: ['eu-west-0:p1', 'eu-west-0:p1'] },
    )
    expect(config.places).toEqual([{ region: 'eu-west-0', projectId: 'p1' }])
  })

  it('fills the project of the environment into the only target', () => {
    const config = readConfig({ ...KEYS, AUDIT_TARGETS: 'cn-north-4', HUAWEICLOUD_SDK_PROJECT_ID: 'p1' })
    expect(config.places).toEqual([{ region: 'cn-north-4', projectId: 'p1' }])
  })

  it('refuses to guess which of two targets the project of the environment belongs to', () => {
    const environment = { ...KEYS, AUDIT_TARGETS: 'cn-north-4,cn-north-1', HUAWEICLOUD_SDK_PROJECT_ID: 'p1' }
    expect(mistakesOf(environment)).toEqual([
      expect.stringContaining('HUAWEICLOUD_SDK_PROJECT_ID fits one target only'),
    ])
  })

  it('reads the name of a secret that holds the credentials', () => {
    const environment = { HUAWEICLOUD_CREDENTIALS_SECRET: 'team/audit', AUDIT_TARGETS: 'cn-north-4' }
    expect(readConfig(environment).credentials).toEqual({ kind: 'secret', secretId: 'team/audit' })
  })

  it('takes the endpoint of S3 alone before that of all of AWS', () => {
    const all = { AWS_ENDPOINT_URL: 'http://all:1/base' }
    expect(readConfig(all).s3Endpoint).toBe('http://all:1/base')
    expect(readConfig({ ...all, AWS_ENDPOINT_URL_S3: 'https://obs.example' }).s3Endpoint).toBe(
      'https://obs.example',
    )
  })

  it('leaves the endpoints of other services to those who call them, whatever they look like', () => {
    const others = ['ECS', 'DDS', 'CBH', 'RAM', 'OBS', 'FUNCTIONGRAPH'].map(
      (service) => [`HUAWEICLOUD_SDK_REGION_${service}_CN_NORTH_4`, 'https://a,https://b'] as const,
    )
    expect(readConfig(Object.fromEntries(others)).endpointOverrides).toEqual({})
  })

  it('takes an empty variable as unset', () => {
    expect(readConfig({ HUAWEICLOUD_SDK_AK: '', AUDIT_TARGETS: ' ' }).credentials).toBeUndefined()
  })

  it.each([
    [{ HUAWEICLOUD_SDK_AK: 'AKAKAK', AUDIT_TARGETS: 'cn-north-4' }, 'HUAWEICLOUD_SDK_SK is not set'],
    [{ HUAWEICLOUD_SDK_SK: 'sk-canary', AUDIT_TARGETS: 'cn-north-4' }, 'HUAWEICLOUD_SDK_AK is not set'],
    [{ HUAWEICLOUD_USERNAME: 'ann', AUDIT_TARGETS: 'cn-north-4' }, 'HUAWEICLOUD_PASSWORD is not set'],
    [
      { HUAWEICLOUD_DOMAIN_NAME: 'acme' },
      'HUAWEICLOUD_USERNAME is not set, but HUAWEICLOUD_DOMAIN_NAME is; set all or none',
    ],
    [
      { HUAWEICLOUD_USERNAME: 'ann' },
      'HUAWEICLOUD_PASSWORD is not set, but HUAWEICLOUD_USERNAME is; set all or none',
    ],
    [
      { ...KEYS, HUAWEICLOUD_USERNAME: 'ann', AUDIT_TARGETS: 'cn-north-4' },
      'HUAWEICLOUD_USERNAME is set together with HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK: for the access key unset HUAWEICLOUD_USERNAME; for the login unset HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK and set HUAWEICLOUD_PASSWORD, HUAWEICLOUD_DOMAIN_NAME',
    ],
    [
      { ...LOGIN, HUAWEICLOUD_SDK_AK: 'AKAKAK', AUDIT_TARGETS: 'cn-north-4' },
      'HUAWEICLOUD_USERNAME is set together with HUAWEICLOUD_SDK_AK: for the access key unset HUAWEICLOUD_USERNAME, HUAWEICLOUD_PASSWORD, HUAWEICLOUD_DOMAIN_NAME and set HUAWEICLOUD_SDK_SK; for the login unset HUAWEICLOUD_SDK_AK',
    ],
    [
      { HUAWEICLOUD_SDK_SECURITY_TOKEN: 't', AUDIT_TARGETS: 'cn-north-4' },
      'HUAWEICLOUD_SDK_AK is not set, but HUAWEICLOUD_SDK_SECURITY_TOKEN is; set all or none',
    ],
    [{ AUDIT_TARGETS: 'cn-north-4' }, 'AUDIT_TARGETS is given without credentials'],
    [KEYS, 'AUDIT_TARGETS is not set, but credentials are'],
    [{ HUAWEICLOUD_CREDENTIALS_SECRET: 'team/audit' }, 'AUDIT_TARGETS is not set, but credentials are'],
    [
      { ...KEYS, HUAWEICLOUD_CREDENTIALS_SECRET: 'team/audit', AUDIT_TARGETS: 'cn-north-4' },
      'HUAWEICLOUD_CREDENTIALS_SECRET is set together with HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK',
    ],
    [{ ...KEYS, AUDIT_TARGETS: 'Peking' }, 'AUDIT_TARGETS has "Peking", which is no target'],
    [{ ...KEYS, AUDIT_TARGETS: 'cn-north-4,' }, 'AUDIT_TARGETS has "", which is no target'],
    [
      { ...KEYS, AUDIT_TARGETS: 'cn-north-4', HUAWEICLOUD_SDK_REGION_CBR_CN_NORTH_4: 'localhost' },
      'HUAWEICLOUD_SDK_REGION_CBR_CN_NORTH_4 has "localhost", which is no endpoint; write scheme, host and port only, such as https://cbr.',
    ],
    [
      { HUAWEICLOUD_SDK_REGION_DCS_CN_NORTH_4: 'http://host/path' },
      'HUAWEICLOUD_SDK_REGION_DCS_CN_NORTH_4 has "http://host/path", which is no endpoint; write scheme, host and port only, such as https://dcs.',
    ],
    [
      { REPORT_STORE: 's3://bucket/prefix', AWS_ENDPOINT_URL_S3: 'nonsense' },
      'AWS_ENDPOINT_URL_S3 has "nonsense", which is no endpoint',
    ],
    [
      { ...KEYS, AUDIT_TARGETS: 'cn-north-4', HUAWEICLOUD_SDK_PROJECT_ID: 'a/b c' },
      'HUAWEICLOUD_SDK_PROJECT_ID has "a/b c", which is no project id',
    ],
    [{ HUAWEICLOUD_SDK_DOMAIN_ID: ' bad id ' }, 'HUAWEICLOUD_SDK_DOMAIN_ID is no id of an account'],
    [
      { HUAWEICLOUD_CREDENTIALS_SECRET: 's', AUDIT_TARGETS: 'cn-north-4', HUAWEICLOUD_SDK_DOMAIN_ID: 'a/b' },
      'HUAWEICLOUD_SDK_DOMAIN_ID is no id of an account',
    ],
    [{ REPORT_STORE: 'ftp://x' }, 'REPORT_STORE has "ftp://x"; allowed are a folder'],
    [{ AUDIT_POLICY: 's3://bucket' }, 'AUDIT_POLICY is no object'],
    [{ AUDIT_POLICY: 's3://bucket/a b.json' }, 'AUDIT_POLICY is no object'],
    [
      { AUDIT_POLICY: 's3://bk/policy.json' },
      'AUDIT_POLICY is no object of a store: the name of the bucket has fewer than 3 characters; write a path, or s3://bucket/prefix/policy.json',
    ],
    [
      { ...KEYS, HUAWEICLOUD_SDK_AK: 'a b', AUDIT_TARGETS: 'cn-north-4' },
      'HUAWEICLOUD_SDK_AK must not hold blanks',
    ],
    [{ ...KEYS, AUDIT_TARGETS: 'xx-nowhere-9' }, 'AUDIT_TARGETS "xx-nowhere-9" is not a region'],
    [
      { HUAWEICLOUD_SDK_REGION_IAM_XX_YY_1: 'none' },
      'HUAWEICLOUD_SDK_REGION_IAM_XX_YY_1 has "none", which is no endpoint',
    ],
    [{ AWS_ENDPOINT_URL: 'ftp://host' }, 'AWS_ENDPOINT_URL has "ftp://host", which is no endpoint'],
    [
      { AWS_ENDPOINT_URL: 'http://user:pw-canary@host' },
      'AWS_ENDPOINT_URL has "http://[redacted]@host", which is no endpoint',
    ],
    [
      { HUAWEICLOUD_SDK_REGION_CBR_CN_NORTH_4: 'http://host?token=canary' },
      'HUAWEICLOUD_SDK_REGION_CBR_CN_NORTH_4 has "http://host?…", which is no endpoint',
    ],
  ])('names what is wrong in %j', (environment, mistake) => {
    expect(mistakesOf(environment).join('\n')).toContain(mistake)
  })

  it.each([
    ['CRB_CN_NORTH_4', 'CBR_CN_NORTH_4'],
    ['DCSS_CN_NORTH_4', 'DCS_CN_NORTH_4'],
    ['IAN_CN_NORTH_4', 'IAM_CN_NORTH_4'],
    ['CBR_cn_north_4', 'CBR_CN_NORTH_4'],
    ['CBR_CN-NORTH-4', 'CBR_CN_NORTH_4'],
    ['iam_CN_NORTH_4', 'IAM_CN_NORTH_4'],
    ['CBR', 'CBR_CN_NORTH_4'],
    ['CBR_', 'CBR_CN_NORTH_4'],
  ])('says that the endpoint of %s was meant for %s, instead of asking the real cloud', (wrong, meant) => {
    expect(mistakesOf({ [`HUAWEICLOUD_SDK_REGION_${wrong}`]: 'http://127.0.0.1:1' })).toEqual([
      `HUAWEICLOUD_SDK_REGION_${wrong} is no endpoint of CBR, DCS or IAM; did you mean HUAWEICLOUD_SDK_REGION_${meant}?`,
    ])
  })

  it('names all mistakes at once, and never a secret', () => {
    const mistakes = mistakesOf({
      HUAWEICLOUD_SDK_SK: 'sk-canary',
      AUDIT_TARGETS: '!!',
      HUAWEICLOUD_SDK_REGION_DCS_X: 'ftp://u:pw-canary@host',
    })
    expect(mistakes).toHaveLength(3)
    expect(mistakes.join('\n')).not.toContain('canary')
  })
})
