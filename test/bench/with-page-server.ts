import { say } from './say.ts'
import type { FleetOptions } from './server/page-server-protocol.ts'
import { type PageServer, startPageServer } from './server/start-page-server.ts'

const NOTHING: FleetOptions = { backups: 0, instances: 0, recordsEach: 0, isZipped: false }

/** Lends a page server, telling how far it is while it writes its rows. */
export async function withPageServer(
  options: Partial<FleetOptions>,
  use: (server: PageServer) => Promise<void>,
): Promise<void> {
  const fleet = { ...NOTHING, ...options }
  const rows = fleet.backups + fleet.instances * fleet.recordsEach
  say(`page server: writing ${rows.toLocaleString('en-US')} rows`)
  const server = await startPageServer(fleet, (percent) => {
    if (percent % 25 === 0) say(`page server: ${percent} %`)
  })
  try {
    await use(server)
  } finally {
    server.stop()
  }
}
