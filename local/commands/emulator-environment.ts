import { overridesTo } from '../../lib/runtime/endpoint-overrides.ts'
import type { Environment } from '../../lib/runtime/environment.ts'
import type { Emulator } from '../emulator/server.ts'

/** The environment in which every call goes to an emulator: its keys, its regions as targets, its endpoint for all services. */
export function emulatorEnvironment(
  emulator: Pick<Emulator, 'endpoint' | 'credentials' | 'fleet'>,
  environment: Environment,
): Environment {
  const regions = [...new Set(emulator.fleet.projects.map(({ region }) => region))]
  return {
    ...environment,
    ...overridesTo(emulator.endpoint, regions),
    HUAWEICLOUD_SDK_AK: emulator.credentials.ak,
    HUAWEICLOUD_SDK_SK: emulator.credentials.sk,
    AUDIT_TARGETS: regions.join(','),
    HUAWEICLOUD_SDK_PROJECT_ID: undefined,
  }
}
