import { describe, expect, it } from 'vitest'
import { connect, type ListingOutcome, type ProjectClients } from '../../../lib/index.ts'
import { INSTANCE_ID, PROJECT_ID, uuidOf } from '../../local/emulator/fleet-of.ts'
import { type Act, answering, startFaultServer } from '../../support/fault-server.ts'
import { gather } from './clients.ts'

const ROW = {
  ...{ id: uuidOf(1), instance_id: INSTANCE_ID, backup_id: uuidOf(2) },
  ...{ name: 'name', status: 'available', created_at: '2026-11-01T00:00:00.000001' },
}

/** A list of one row, whichever is asked for. */
function pageOf(inBytes: (body: string) => Buffer): Act {
  return (response, seen) => {
    const rows = Number(new URLSearchParams(seen.url.split('?')[1]).get('offset')) > 0 ? [] : [ROW]
    const lists = { backups: rows, vaults: rows, instances: rows, backup_record_response: rows }
    const body = JSON.stringify({ ...lists, count: 1, instance_num: 1, total_num: 1 })
    answering(200, inBytes(body))(response, seen)
  }
}

async function outcomeOf(listingOf: (clients: ProjectClients) => Listed, act: Act): Promise<ListingOutcome> {
  const server = await startFaultServer([act])
  const cloud = connect({
    region: 'cn-north-4',
    credentials: { accessKeyId: 'ak', secretAccessKey: 'sk' },
    endpoints: { cbr: server.origin, dcs: server.origin },
  })
  try {
    const listing = listingOf(cloud.project(PROJECT_ID))
    expect(await gather(listing)).toHaveLength(1)
    return listing.outcome()
  } finally {
    cloud.close()
    await server.close()
  }
}

type Listed = AsyncIterable<unknown> & { readonly outcome: () => ListingOutcome }

function isOfNames(note: string): boolean {
  return note.startsWith('An answer held bytes that are not UTF-8; names and other texts show')
}

describe('the outcome of a listing', () => {
  it.each([
    ['backups', ({ cbr }: ProjectClients) => cbr.listAllBackups()],
    ['vaults', ({ cbr }: ProjectClients) => cbr.listVaults()],
    ['instances', ({ dcs }: ProjectClients) => dcs.listInstances()],
    ['records', ({ dcs }: ProjectClients) => dcs.listAllRecords(INSTANCE_ID)],
  ] as const)('notes once that a name could not be read as it came: %s', async (_, listingOf) => {
    const lossy = (body: string) => Buffer.from(body.replace('"name":"name"', '"name":"n\xe4me"'), 'latin1')
    expect((await outcomeOf(listingOf, pageOf(lossy))).notes.filter(isOfNames)).toHaveLength(1)
    expect((await outcomeOf(listingOf, pageOf(Buffer.from))).notes.filter(isOfNames)).toEqual([])
  })
})
