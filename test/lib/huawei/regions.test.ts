import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { endpointOf, iamEndpointOf, KNOWN_REGIONS, overrideVariable } from '../../../lib/huawei/regions.ts'

const FILE = join(import.meta.dirname, '../../../../shared/data/regions.json')
const SERVICES = ['cbr', 'dcs', 'iam'] as const

describe('endpointOf', () => {
  it.skipIf(!existsSync(FILE))('agrees with the tables of the official SDKs (../shared/data)', () => {
    const { regions } = JSON.parse(readFileSync(FILE, 'utf8')) as {
      regions: Record<string, Partial<Record<(typeof SERVICES)[number], string>>>
    }
    expect(KNOWN_REGIONS.toSorted()).toEqual(Object.keys(regions).toSorted())
    for (const [region, endpoints] of Object.entries(regions))
      for (const service of SERVICES) {
        const [found, expected] =
          service === 'iam'
            ? [iamEndpointOf(region, {}), endpoints.iam ?? 'https://iam.myhuaweicloud.com']
            : [endpointOf(service, region, {}), endpoints[service]]
        expect([region, service, found]).toEqual([region, service, expected])
      }
  })

  it('knows 34 regions', () => {
    expect(KNOWN_REGIONS.length).toBe(34)
    expect(iamEndpointOf('eu-west-101', {})).toBe('https://iam.eu-west-101.myhuaweicloud.eu')
    expect(endpointOf('dcs', 'cn-south-4', {})).toBeUndefined()
  })

  it('puts the endpoint of the user first, also where the service is absent', () => {
    const overrides = {
      HUAWEICLOUD_SDK_REGION_CBR_CN_NORTH_4: 'http://127.0.0.1:8877',
      HUAWEICLOUD_SDK_REGION_DCS_CN_SOUTH_4: 'https://dcs.example.com/',
    }
    expect(endpointOf('cbr', 'cn-north-4', overrides)).toBe('http://127.0.0.1:8877')
    expect(endpointOf('dcs', 'cn-north-4', overrides)).toBe('https://dcs.cn-north-4.myhuaweicloud.com')
    expect(endpointOf('dcs', 'cn-south-4', overrides)).toBe('https://dcs.example.com')
  })

  it('takes any name for a region as soon as it has one endpoint, and takes none of its services for absent', () => {
    const overrides = { [overrideVariable('cbr', 'my-own-1')]: 'https://cbr.example.com' }
    expect(endpointOf('cbr', 'my-own-1', overrides)).toBe('https://cbr.example.com')
    expect(() => endpointOf('dcs', 'my-own-1', overrides)).toThrow(
      expect.objectContaining({
        code: 'invalid_configuration',
        message: 'Cannot find the endpoint of DCS in my-own-1',
        mistakes: [
          {
            pointer: 'HUAWEICLOUD_SDK_REGION_DCS_MY_OWN_1',
            detail:
              'is not set, and my-own-1 is a region of your own; set it to the endpoint of DCS there, or to "none" if it has no DCS',
          },
        ],
      }),
    )
    expect(iamEndpointOf('my-own-1', overrides)).toBe('https://iam.myhuaweicloud.com')
  })

  it('takes the word of the user that a region has no such service', () => {
    const overrides = {
      [overrideVariable('cbr', 'my-own-1')]: 'https://cbr.example.com',
      [overrideVariable('dcs', 'my-own-1')]: 'none',
      [overrideVariable('dcs', 'cn-north-4')]: 'none',
      [overrideVariable('iam', 'cn-north-4')]: 'none',
    }
    expect(endpointOf('dcs', 'my-own-1', overrides)).toBeUndefined()
    expect(endpointOf('dcs', 'cn-north-4', overrides)).toBeUndefined()
    expect(() => iamEndpointOf('cn-north-4', overrides)).toThrow('Cannot use the endpoint')
  })

  it.each(['cn-nort-4', 'toString', '', 'CN-NORTH-4'])('refuses the unknown region "%s"', (region) => {
    expect(() => endpointOf('cbr', region, {})).toThrow(
      /Cannot find the endpoint of CBR: ".*" is not a region/,
    )
  })

  it('names the nearest regions and the variables to set', () => {
    expect(() => endpointOf('dcs', 'cn-nort-4', {})).toThrow(
      /nearest are cn-north-4, .*set HUAWEICLOUD_SDK_REGION_CBR_CN_NORT_4 and HUAWEICLOUD_SDK_REGION_DCS_CN_NORT_4/,
    )
  })

  it.each([
    'cbr.example.com',
    'https://cbr.example.com/v3',
    'ftp://a',
    'https://user:pw@a',
    'https://a?b',
    '',
  ])('refuses "%s" as an endpoint, and names its variable but not its value', (text) => {
    const overrides = { HUAWEICLOUD_SDK_REGION_CBR_CN_NORTH_4: text }
    expect(() => endpointOf('cbr', 'cn-north-4', overrides)).toThrow(
      /^Cannot use the endpoint in HUAWEICLOUD_SDK_REGION_CBR_CN_NORTH_4: it must be a scheme and a host/,
    )
  })
})
