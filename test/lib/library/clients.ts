import { type Cloud, type CloudOptions, connect, type ProjectClients } from '../../../lib/index.ts'
import { type Emulator, type EmulatorOptions, startEmulator } from '../../../local/emulator/server.ts'
import { fleetOf, PROJECT_ID } from '../../local/emulator/fleet-of.ts'

/** The library, connected to an emulator. */
export interface Connected extends ProjectClients {
  readonly cloud: Cloud
  readonly emulator: Emulator
}

/** Options that lead to an emulator. */
export function optionsFor({ endpoint, credentials }: Emulator): CloudOptions {
  return {
    region: 'cn-north-4',
    credentials: { accessKeyId: credentials.ak, secretAccessKey: credentials.sk },
    endpoints: { cbr: endpoint, dcs: endpoint, iam: endpoint },
  }
}

/** Runs a test with the library connected to an emulator of its own. */
export async function withClients(
  options: Partial<EmulatorOptions>,
  test: (connected: Connected) => Promise<void>,
  wish: (emulator: Emulator) => CloudOptions = optionsFor,
): Promise<void> {
  const emulator = await startEmulator({ now: Date.now, fleet: fleetOf([]), ...options })
  const cloud = connect(wish(emulator))
  try {
    await test({ cloud, emulator, ...cloud.project(PROJECT_ID) })
  } finally {
    cloud.close()
    await emulator.close()
  }
}

/** All rows of a listing. */
export async function gather<Row>(listing: AsyncIterable<Row>): Promise<readonly Row[]> {
  const rows: Row[] = []
  for await (const row of listing) rows.push(row)
  return rows
}
