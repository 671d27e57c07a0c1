import type { Environment } from '../../lib/runtime/environment.ts'
import type { Emulator } from '../emulator/server.ts'

const SERVICES = ['CBR', 'DCS', 'IAM'] as const

/** The environment in which every call goes to an emulator: its keys, its regions as targets, its endpoint for all services. */
export function emulatorEnvironment(
  emulator: Pick<Emulator, 'endpoint' | 'credentials' | 'fleet'>,
  environment: Environment,
): Environment {
  const regions = [...new Set(emulator.fleet.projects.map(({ region }) => region))]
  const overrides = regions.flatMap((region) =>
    SERVICES.map((service) => [overrideName(service, region), emulator.endpoint] as const),
  )
  return {
    ...environment,
    ...Object.fromEntries(overrides),
    HUAWEICLOUD_SDK_AK: emulator.credentials.ak,
    HUAWEICLOUD_SDK_SK: emulator.credentials.sk,
    AUDIT_TARGETS: regions.join(','),
    HUAWEICLOUD_SDK_PROJECT_ID: undefined,
  }
}

function overrideName(service: string, region: string): string {
  return `HUAWEICLOUD_SDK_REGION_${service}_${region.replaceAll('-', '_').toUpperCase()}`
}
