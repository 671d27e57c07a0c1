import { type Config, type ConfigFlags, readConfig } from '../lib/runtime/config.ts'
import type { Environment } from '../lib/runtime/environment.ts'
import { createServices, type Services, type ServicesOptions, world } from '../lib/runtime/services.ts'
import { emulatorEnvironment } from './commands/emulator-environment.ts'
import type { Emulator } from './emulator/server.ts'

/** What a command works with: the cloud of the configuration, or without credentials an emulator that ends with it. */
export interface Cloud {
  /** What stands in for Huawei; undefined where there are credentials. */
  readonly emulator: Emulator | undefined
  /** Services that reach it, and are let go with it. */
  readonly open: (options: ServicesOptions) => Services
  readonly close: () => Promise<void>
}

/** What a command may choose. */
export interface CloudOptions {
  /** What the command line says instead of the environment, for the emulator too. */
  readonly flags?: ConfigFlags
  /** Told before anything else where there are no credentials: then nothing goes anywhere but to the emulator. */
  readonly onEmulator?: (emulator: Emulator) => void
}

/** So that nobody takes the report of a made-up company for one of their own. */
const STAND_IN = 'Made up: the built-in emulator answered, no real cloud'

/** Opens the cloud of a configuration. Where this throws, nothing is left running. */
export async function openCloud(
  config: Config,
  environment: Environment,
  { flags = {}, onEmulator }: CloudOptions = {},
): Promise<Cloud> {
  if (config.credentials !== undefined) return toCloud(config, undefined)
  // Loaded where it is needed: with credentials there is no emulator.
  const { startEmulator } = await import('./emulator/server.ts')
  const emulator = await startEmulator({ now: world.epochMs })
  try {
    onEmulator?.(emulator)
    const { storeAddress, policyAddress } = config
    const demo = readConfig(emulatorEnvironment(emulator, environment), flags)
    return toCloud({ ...demo, storeAddress, policyAddress, standIn: STAND_IN }, emulator)
  } catch (error) {
    await emulator.close()
    throw error
  }
}

function toCloud(config: Config, emulator: Emulator | undefined): Cloud {
  const opened: Services[] = []
  return {
    emulator,
    open: (options) => {
      const services = createServices(config, options)
      opened.push(services)
      return services
    },
    close: async () => {
      for (const services of opened) services.close()
      await emulator?.close()
    },
  }
}
