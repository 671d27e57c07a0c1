import { describe, expect, it } from 'vitest'
import { overrideVariable } from '../../../lib/huawei/regions.ts'
import type { Services } from '../../../lib/runtime/services.ts'
import { sourceOf } from '../../../lib/runtime/sources.ts'

describe('sourceOf', () => {
  it.each([
    ['the user', 'cn-north-4', { [overrideVariable('dcs', 'cn-north-4')]: 'none' }],
    ['the tables', 'cn-south-4', {}],
  ])(
    'refuses a planned service that the region does not have, say %s, by both names',
    (_, region, overrides) => {
      const services = { config: { endpointOverrides: overrides } } as unknown as Services
      const target = { service: 'dcs', region, projectId: 'p' } as const
      expect(() => sourceOf({ ...services, sendTo: () => neverSend }, target, false)).toThrow(
        expect.objectContaining({
          code: 'invalid_configuration',
          message: `Cannot read DCS in ${region}: the plan has it, but by the configuration of today it does not exist there`,
        }),
      )
    },
  )
})

async function neverSend(): Promise<never> {
  throw new Error('Nothing was to be sent')
}
